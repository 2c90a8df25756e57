// Wires the metrics.
import { Module } from '@nestjs/common';
import { HealthModule } from '../health/index.js';
import { Installation } from './installation.js';
import { MetricsController } from './metrics.controller.js';

@Module({ imports: [HealthModule], controllers: [MetricsController], providers: [Installation] })
export class MetricsModule {}

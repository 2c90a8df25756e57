// Wires the metrics.
import { Module } from '@nestjs/common';
import { HealthModule } from '../health/index.js';
import { AnsweredRequests } from './answered-requests.js';
import { HistoryController } from './history.controller.js';
import { Installation } from './installation.js';
import { MetricsController } from './metrics.controller.js';
import { Sampler } from './sampler.js';

@Module({ imports: [HealthModule], controllers: [MetricsController, HistoryController], providers: [Installation, AnsweredRequests, Sampler] })
export class MetricsModule {}

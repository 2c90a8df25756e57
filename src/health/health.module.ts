// Wires the health domain.
import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { WorkersService } from './workers.service.js';

@Module({ controllers: [HealthController], providers: [WorkersService], exports: [WorkersService] })
export class HealthModule {}

// Wires the health domain.
import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { HeldWorkService } from './held-work.js';
import { WorkersController } from './workers.controller.js';
import { WorkersService } from './workers.service.js';

@Module({ controllers: [HealthController, WorkersController], providers: [WorkersService, HeldWorkService], exports: [WorkersService] })
export class HealthModule {}

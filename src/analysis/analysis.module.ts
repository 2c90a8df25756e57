// Wires the analysis domain.
import { Module } from '@nestjs/common';
import { SegmentsModule } from '../segments/index.js';
import { VideosModule } from '../videos/index.js';
import { WebhooksModule } from '../webhooks/index.js';
import { DueWork } from './due-work.js';
import { TaskState } from './task-state.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';

@Module({
  imports: [VideosModule, SegmentsModule, WebhooksModule],
  controllers: [TasksController],
  providers: [TasksService, TaskState, DueWork],
  exports: [TaskState, DueWork],
})
export class AnalysisModule {}

// Wires the analysis domain.
import { Module } from '@nestjs/common';
import { PresetsModule } from '../presets/index.js';
import { SegmentsModule } from '../segments/index.js';
import { VideosModule } from '../videos/index.js';
import { WebhooksModule } from '../webhooks/index.js';
import { BatchesController } from './batches.controller.js';
import { BatchesService } from './batches.service.js';
import { ComparisonsService } from './comparisons.service.js';
import { DueWork } from './due-work.js';
import { TaskState } from './task-state.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';

@Module({
  imports: [VideosModule, SegmentsModule, WebhooksModule, PresetsModule],
  controllers: [TasksController, BatchesController],
  providers: [TasksService, ComparisonsService, BatchesService, TaskState, DueWork],
  exports: [TaskState, DueWork],
})
export class AnalysisModule {}

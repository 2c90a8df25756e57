// Wires the moments domain.
import { Module } from '@nestjs/common';
import { HealthModule } from '../health/index.js';
import { VideosModule } from '../videos/index.js';
import { CurrentAnalyses } from './current-analysis.js';
import { MomentsController } from './moments.controller.js';
import { MomentsService } from './moments.service.js';

@Module({
  imports: [VideosModule, HealthModule],
  controllers: [MomentsController],
  providers: [MomentsService, CurrentAnalyses],
  exports: [MomentsService, CurrentAnalyses],
})
export class MomentsModule {}

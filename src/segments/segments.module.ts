// Wires the segments domain.
import { Module } from '@nestjs/common';
import { VideosModule } from '../videos/index.js';
import { Outlines } from './outlines.js';
import { SegmentsController } from './segments.controller.js';
import { SegmentsService } from './segments.service.js';

@Module({
  imports: [VideosModule],
  controllers: [SegmentsController],
  providers: [SegmentsService, Outlines],
  exports: [SegmentsService],
})
export class SegmentsModule {}

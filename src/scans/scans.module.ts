// Wires the scans domain.
import { Module } from '@nestjs/common';
import { SegmentsModule } from '../segments/index.js';
import { VideosModule } from '../videos/index.js';
import { DueScans } from './due-scans.js';
import { ScanState } from './scan-state.js';
import { ScansController } from './scans.controller.js';
import { ScansService } from './scans.service.js';

@Module({
  imports: [VideosModule, SegmentsModule],
  controllers: [ScansController],
  providers: [ScansService, ScanState, DueScans],
  exports: [ScansService, ScanState, DueScans],
})
export class ScansModule {}

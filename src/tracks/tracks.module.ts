// Wires the tracks domain.
import { Module } from '@nestjs/common';
import { SegmentsModule } from '../segments/index.js';
import { VideosModule } from '../videos/index.js';
import { TracksController } from './tracks.controller.js';
import { TracksService } from './tracks.service.js';

@Module({ imports: [VideosModule, SegmentsModule], controllers: [TracksController], providers: [TracksService], exports: [TracksService] })
export class TracksModule {}

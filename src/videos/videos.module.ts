// Wires the videos domain.
import { Module } from '@nestjs/common';
import { FrameIndexes } from './frame-indexes.js';
import { FrameTimes } from './frame-times.js';
import { Thumbnails } from './thumbnails.js';
import { VideoFiles } from './video-files.js';
import { VideoRemoval } from './video-removal.js';
import { VideosController } from './videos.controller.js';
import { VideosService } from './videos.service.js';

@Module({ controllers: [VideosController], providers: [VideosService, VideoRemoval, VideoFiles, FrameIndexes, FrameTimes, Thumbnails], exports: [VideosService, VideoRemoval, VideoFiles, FrameIndexes] })
export class VideosModule {}

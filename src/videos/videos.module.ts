// Wires the videos domain.
import { Module } from '@nestjs/common';
import { FrameIndexes } from './frame-indexes.js';
import { Thumbnails } from './thumbnails.js';
import { VideosController } from './videos.controller.js';
import { VideosService } from './videos.service.js';

@Module({ controllers: [VideosController], providers: [VideosService, FrameIndexes, Thumbnails], exports: [VideosService, FrameIndexes] })
export class VideosModule {}

// Wires the clip lists.
import { Module } from '@nestjs/common';
import { VideosModule } from '../videos/index.js';
import { ClipsController } from './clips.controller.js';

@Module({ imports: [VideosModule], controllers: [ClipsController] })
export class ClipsModule {}

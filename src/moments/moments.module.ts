// Wires the moments domain.
import { Module } from '@nestjs/common';
import { VideosModule } from '../videos/index.js';
import { MomentsController } from './moments.controller.js';
import { MomentsService } from './moments.service.js';

@Module({ imports: [VideosModule], controllers: [MomentsController], providers: [MomentsService], exports: [MomentsService] })
export class MomentsModule {}

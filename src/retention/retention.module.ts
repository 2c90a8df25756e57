// Wires the retention.
import { Module } from '@nestjs/common';
import { VideosModule } from '../videos/index.js';
import { RetentionController } from './retention.controller.js';
import { RetentionService } from './retention.service.js';

@Module({ imports: [VideosModule], controllers: [RetentionController], providers: [RetentionService], exports: [RetentionService] })
export class RetentionModule {}

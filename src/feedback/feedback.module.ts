// Wires the feedback.
import { Module } from '@nestjs/common';
import { MomentsModule } from '../moments/index.js';
import { VideosModule } from '../videos/index.js';
import { FeedbackController } from './feedback.controller.js';
import { FeedbackService } from './feedback.service.js';

@Module({ imports: [VideosModule, MomentsModule], controllers: [FeedbackController], providers: [FeedbackService] })
export class FeedbackModule {}

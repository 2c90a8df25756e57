// Wires the chat domain.
import { Module } from '@nestjs/common';
import { HealthModule } from '../health/index.js';
import { VideosModule } from '../videos/index.js';
import { ChatController } from './chat.controller.js';
import { ChatMedia } from './chat-media.js';
import { ChatService } from './chat.service.js';
import { ChatState } from './chat-state.js';
import { ModelsController } from './models.controller.js';
import { ServedModels } from './served-models.js';

@Module({
  imports: [VideosModule, HealthModule],
  controllers: [ModelsController, ChatController],
  providers: [ChatService, ChatState, ChatMedia, ServedModels],
  exports: [ChatState],
})
export class ChatModule {}

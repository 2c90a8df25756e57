// /v1/chat/completions: talk to the model about pictures and videos, as OpenAI's clients do.
import { Body, Controller, Get, HttpCode, type OnModuleDestroy, Param, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { AddsWork, type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { type ChatBody, chatRequest } from './chat-request.schema.js';
import { chatCompletion } from './chat-response.schema.js';
import { ChatService } from './chat.service.js';
import { presentChat } from './present-chat.js';
import { sendChatStream } from './send-chat-stream.js';

const completionId = z
  .string()
  .regex(/^chatcmpl-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be the id of a chat completion')
  .transform((id) => id.slice('chatcmpl-'.length));

@ApiTags('chat')
@Controller('v1/chat/completions')
@RequireScope('videos:read')
export class ChatController implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(private readonly chats: ChatService) {}

  @AddsWork('question')
  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Answer a conversation',
    description:
      "OpenAI's chat completions, with `video_url` parts and with what the model saw of each picture and video in `media`. What cannot be kept of " +
      "OpenAI's parameters is refused, not ignored. Errors are problems with OpenAI's `error` beside. A caller who leaves cancels the answer.",
  })
  @ApiBody({ standardSchema: chatRequest } as never)
  @ApiProduces('application/json', 'text/event-stream')
  @ApiOkResponse({ standardSchema: chatCompletion })
  async create(@Body({ schema: chatRequest }) body: ChatBody, @CurrentCaller() caller: Caller, @Res() response: Response): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort(new AppError('chat.canceled', 'The caller has gone.')));
    const signal = AbortSignal.any([gone.signal, this.stopping.signal]);
    const chat = await this.chats.ask(caller, body, signal);
    const pieces = this.chats.follow(chat, signal);
    if (body.stream) return sendChatStream(response, chat, pieces);
    const whole = await pieces.next();
    if (whole.done) response.json(presentChat(chat, whole.value));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a chat completion', description: 'Answers are kept for CHAT_KEEP_SECONDS.' })
  @ApiOkResponse({ standardSchema: chatCompletion })
  async show(@Param('id', { schema: completionId }) id: string, @CurrentCaller() { tenantId }: Caller) {
    return presentChat(...(await this.chats.answered(tenantId, id)));
  }

  /** Whoever waits is told when the process ends. */
  onModuleDestroy(): void {
    this.stopping.abort(new AppError('chat.interrupted', 'The service is being stopped; ask again.'));
  }
}

// Job answer-chat: put a conversation to the model, and write down what it says as it says it.
import { Injectable } from '@nestjs/common';
import { type AppError } from '../src/app-error.js';
import { type AnswerPiece, CHAT_CHANNEL, type ChatAnswer, ChatState, type ClaimedChat, type MediumReport } from '../src/chat/index.js';
import { type ChatMedium, type ChatPiece, type ChatResult, type SeenMedium } from '../src/inference/inference.js';
import { modelWarnings } from '../src/inference/index.js';
import { ChatSources } from './chat/chat-sources.js';
import { PieceWriter } from './chat/piece-writer.js';
import { WorkerContext } from './worker-context.js';

@Injectable()
export class AnswerChatProcessor {
  constructor(
    private readonly chats: ChatState,
    private readonly sources: ChatSources,
    private readonly context: WorkerContext,
  ) {}

  async process(id: string, stopping: AbortSignal): Promise<void> {
    const { name } = await this.context.inference.model();
    const claimed = await this.chats.claim(id, this.context.workerId, name);
    if (!claimed) return;
    const work = {
      attempt: claimed.chat.attempt,
      told: { channel: CHAT_CHANNEL, id },
      work: (signal: AbortSignal) => this.answer(claimed, signal),
      giveBack: (options: { refund: boolean }) => this.chats.giveBack(claimed, options),
      giveUp: (error: AppError) => this.chats.fail(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
  }

  private async answer(claimed: ClaimedChat, signal: AbortSignal): Promise<void> {
    await this.sources.withOpened(claimed.chat.request.question.media, signal, (media) => this.answerOn(claimed, media, signal));
  }

  private async answerOn(claimed: ClaimedChat, media: readonly ChatMedium[], signal: AbortSignal): Promise<void> {
    const { question, wishes } = claimed.chat.request;
    const writer = wishes.stream ? new PieceWriter((first, pieces) => this.chats.write(claimed, first, pieces)) : undefined;
    const request = { ...question, media, contextTokens: this.context.config.CHAT_CONTEXT_TOKENS };
    const options = { signal, onPiece: (piece: ChatPiece) => writer?.add(storedPiece(piece)) };
    try {
      const result = await this.context.inference.chat(request, options);
      await writer?.end();
      await this.chats.answer(claimed, answerOf(result));
    } finally {
      await writer?.end().catch(() => undefined); // the first error is the one to tell
    }
  }
}

const answerOf = ({ pieces, finishReason, promptTokens, promptHash, model, media }: ChatResult): ChatAnswer => ({
  pieces: pieces.map(storedPiece),
  ...{ finishReason, promptTokens, promptHash },
  modelHash: model.hash,
  media: media.map(reportOf),
  warnings: modelWarnings(model, 'chat'),
});

/** Postgres stores no NUL; the bytes of a token tell what it was. */
function storedPiece({ text, token }: ChatPiece): AnswerPiece {
  const storable = (each: string): string => each.replaceAll('\0', '\uFFFD');
  if (!token) return { text: storable(text) };
  const top = token.top.map((each) => ({ ...each, text: storable(each.text) }));
  return { text: storable(text), token: { ...token, text: storable(token.text), top } };
}

function reportOf({ kind, tokens, size, original, grid, plan }: SeenMedium): MediumReport {
  const seen = { type: kind, tokens, width: size.width, height: size.height, original_width: original.width, original_height: original.height };
  if (!plan) return { ...seen, image_grid_thw: grid };
  return {
    ...seen,
    video_grid_thw: grid,
    effective_fps: plan.effectiveFps,
    second_per_grid_ts: plan.secondPerGrid,
    start_time: plan.startSeconds,
    end_time: plan.endSeconds,
    frame_times: plan.frames.map(({ seconds }) => seconds),
  };
}

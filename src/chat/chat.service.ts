// Conversations as callers see them: accepted, followed while they are answered, given up when nobody listens.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { ChangeWatch } from '../platform/database/change-watch.js';
import { newId } from '../platform/database/id.js';
import { NOTIFICATIONS, type Notifications } from '../platform/database/notifications.js';
import { type Caller } from '../platform/http/access.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { requireVideoQuota } from '../quotas/index.js';
import { type AnswerPiece, type ChatAnswer, ChatCompletion } from './chat-completion.entity.js';
import { answerChat } from './chat.job.js';
import { bytesOfAll, ChatMedia } from './chat-media.js';
import { mediaOf, questionOf, wishesOf } from './chat-question.js';
import { type ChatBody } from './chat-request.schema.js';
import { CHAT_CHANNEL, ChatState } from './chat-state.js';
import { ServedModels } from './served-models.js';

/** A notification that was lost is made up for this often. */
const POLL_MS = 2000;

@Injectable()
export class ChatService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly media: ChatMedia,
    private readonly models: ServedModels,
    private readonly state: ChatState,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(NOTIFICATIONS) private readonly notifications: Notifications,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Stores the conversation and rings; what can be refused without the model is refused here, and nothing is kept; `quota.stored_bytes` where its media are too much for the tenant. */
  async ask({ tenantId }: Caller, body: ChatBody, signal: AbortSignal): Promise<ChatCompletion> {
    const question = questionOf(body);
    const wishes = wishesOf(body);
    await this.models.require(body.model);
    const media = await this.media.receive(tenantId, mediaOf(body), signal);
    const id = newId();
    const request = { question: { ...question, media }, wishes };
    try {
      await this.dataSource.transaction(async (manager) => {
        const bytes = bytesOfAll(media);
        if (bytes > 0) await requireVideoQuota(manager, this.config, { tenantId, bytes, duration: 0 });
        await manager.query(
          `INSERT INTO chat_completions (id, tenant_id, model, request, deadline) VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
          [id, tenantId, body.model, JSON.stringify(request), this.config.CHAT_TIMEOUT_SECONDS],
        );
      });
    } catch (error) {
      await this.media.discard(media);
      throw error;
    }
    await this.queue.ring(answerChat, id);
    return this.get(tenantId, id);
  }

  /** Rejects with `chat.not_found`. */
  async get(tenantId: string, id: string): Promise<ChatCompletion> {
    const chat = await this.dataSource.getRepository(ChatCompletion).findOneBy({ id, tenantId });
    if (!chat) throw new AppError('chat.not_found', `There is no chat completion ${id}; they are kept for ${this.config.CHAT_KEEP_SECONDS} s.`);
    return chat;
  }

  /** With its answer. Rejects with `chat.not_found`, with the error that ended it, or with `chat.unfinished`. */
  async answered(tenantId: string, id: string): Promise<[ChatCompletion, ChatAnswer]> {
    const chat = await this.get(tenantId, id);
    if (!chat.finishedAt) throw new AppError('chat.unfinished', `Chat completion ${id} is ${chat.status}.`);
    return [chat, answerOf(chat)];
  }

  /**
   * Gives the pieces of the answer as they are written, where it is streamed, and returns all of it. Whoever stops listening, by the signal
   * or by leaving, cancels it. Rejects with the error that ended it, `chat.timeout`, or the signal's reason.
   */
  async *follow({ tenantId, id, request, deadline }: ChatCompletion, signal: AbortSignal): AsyncGenerator<readonly AnswerPiece[], ChatAnswer> {
    const watch = new ChangeWatch(this.notifications, CHAT_CHANNEL, id);
    const told: AnswerPiece[] = [];
    let hasEnded = false;
    try {
      for (;;) {
        signal.throwIfAborted();
        const chat = await this.get(tenantId, id);
        hasEnded = chat.finishedAt !== null;
        const pieces = request.wishes.stream ? (chat.answer?.pieces ?? (await this.written(chat))) : [];
        const fresh = continuing(told, pieces);
        told.push(...fresh);
        if (fresh.length > 0) yield fresh;
        if (hasEnded) return answerOf(chat);
        const left = deadline.getTime() - Date.now();
        if (left <= 0) throw new AppError('chat.timeout', `The model did not answer within ${this.config.CHAT_TIMEOUT_SECONDS} s.`);
        await watch.next(Math.min(POLL_MS, left), signal);
      }
    } finally {
      watch.end();
      if (!hasEnded) await this.state.cancel(id);
    }
  }

  /** What the attempt of now has written so far. */
  private async written({ id, leaseToken }: ChatCompletion): Promise<AnswerPiece[]> {
    const rows = await this.dataSource.query<{ pieces: AnswerPiece[] }[]>(
      'SELECT pieces FROM chat_pieces WHERE chat_completion_id = $1 AND lease_token = $2 ORDER BY first',
      [id, leaseToken],
    );
    return rows.flatMap(({ pieces }) => pieces);
  }
}

function answerOf({ status, answer, errorCode, errorMessage, id }: ChatCompletion): ChatAnswer {
  if (answer) return answer;
  if (status === 'failed' && errorCode) throw new AppError(errorCode, errorMessage ?? '');
  throw new AppError('chat.canceled', `Chat completion ${id} was canceled.`);
}

/** What follows the pieces that were told. A second attempt writes the same again; where it does not, nobody can take back what was told. */
function continuing(told: readonly AnswerPiece[], pieces: readonly AnswerPiece[]): readonly AnswerPiece[] {
  const isSame = told.slice(0, pieces.length).every(({ text, token }, k) => text === pieces[k]?.text && token?.id === pieces[k]?.token?.id);
  if (!isSame) throw new AppError('chat.restarted', 'The answer had to be begun again and became another one; ask again.');
  return pieces.slice(told.length);
}

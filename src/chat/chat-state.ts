// The state machine of conversations: every step is one fenced write in Postgres.
import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { type DueJob, dueJobs, type DueQuery } from '../platform/database/due-jobs.js';
import { claim, FREE, giveBack, type Lease, TAKE_LEASE, writeFenced } from '../platform/database/lease.js';
import { type AnswerPiece, type ChatAnswer, ChatCompletion } from './chat-completion.entity.js';
import { answerChat } from './chat.job.js';
import { ChatMedia } from './chat-media.js';

/** Postgres channel that carries the id of each conversation that went on or ended. */
export const CHAT_CHANNEL = 'chat_changed';

/** Rows that are removed in one sweep. */
const BATCH = 500;

const WAITS = `status IN ('queued', 'processing')`;

export interface ClaimedChat {
  readonly lease: Lease;
  readonly chat: ChatCompletion;
}

export const DUE_CHATS: readonly DueQuery[] = [{ job: answerChat, sql: `SELECT id FROM chat_completions WHERE ${WAITS} AND deadline > now() AND ${FREE}` }];

@Injectable()
export class ChatState {
  constructor(
    private readonly dataSource: DataSource,
    private readonly media: ChatMedia,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Only one that is put to this model, and that somebody still waits for. */
  async claim(id: string, owner: string, model: string): Promise<ClaimedChat | undefined> {
    const where = `${WAITS} AND deadline > now() AND model = ${pg.escapeLiteral(model)}`;
    const options = { owner, leaseSeconds: this.config.LEASE_SECONDS, where, set: `status = 'processing'` };
    const lease = await claim(this.dataSource, 'chat_completions', id, options);
    return lease && { lease, chat: await this.dataSource.getRepository(ChatCompletion).findOneByOrFail({ id }) };
  }

  /** Adds to what has been written so far; rejects with `lease.lost`. */
  async write({ lease }: ClaimedChat, first: number, pieces: readonly AnswerPiece[]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const written = await manager.query<unknown[]>(
        `INSERT INTO chat_pieces (chat_completion_id, lease_token, first, pieces)
         SELECT id, lease_token, $3, $4 FROM chat_completions WHERE id = $1 AND lease_token = $2 AND lease_until IS NOT NULL RETURNING 1`,
        [lease.id, lease.token, first, JSON.stringify(pieces)],
      );
      if (written.length === 0) throw new AppError('lease.lost', `chat_completions ${lease.id} has passed to another worker, or was canceled.`);
      await tell(manager, lease.id);
    });
  }

  async answer({ lease, chat }: ClaimedChat, answer: ChatAnswer): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await writeFenced(manager, lease, `status = 'ready', answer = $3, finished_at = now(), lease_until = NULL`, [JSON.stringify(answer)]);
      await manager.query('DELETE FROM chat_pieces WHERE chat_completion_id = $1', [chat.id]);
      await tell(manager, chat.id);
    });
  }

  async fail({ lease, chat }: ClaimedChat, error: AppError): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await writeFenced(manager, lease, `status = 'failed', error_code = $3, error_message = $4, finished_at = now(), lease_until = NULL`, [error.code, error.message]);
      await tell(manager, chat.id);
    });
  }

  /** Puts the conversation back: with `refund` at once and without counting the attempt, else after a pause that grows with the attempts. */
  async giveBack({ lease, chat }: ClaimedChat, { refund }: { refund: boolean }): Promise<void> {
    await giveBack(this.dataSource, lease, chat.attempt, { refund, set: `status = 'queued'` });
  }

  /** Nobody waits for it any more: whoever works on it is told. */
  async cancel(id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(`UPDATE chat_completions SET status = 'canceled', finished_at = now(), ${TAKE_LEASE} WHERE id = $1 AND ${WAITS}`, [id]);
      await tell(manager, id);
    });
  }

  /** Conversations that nobody works on. */
  due(): Promise<DueJob[]> {
    return dueJobs(this.dataSource, DUE_CHATS);
  }

  /** Ends what nobody waits for any more, and removes what was kept for long enough, its objects first. */
  async tidy(): Promise<void> {
    await this.dataSource.query(
      `UPDATE chat_completions SET status = 'failed', error_code = 'chat.timeout', error_message = 'Nobody answered in time.', finished_at = now(), ${TAKE_LEASE}
        WHERE ${WAITS} AND deadline <= now()`,
    );
    const old = await this.dataSource
      .getRepository(ChatCompletion)
      .createQueryBuilder('chat')
      .where('chat.finishedAt < now() - make_interval(secs => :seconds)', { seconds: this.config.CHAT_KEEP_SECONDS })
      .limit(BATCH)
      .getMany();
    for (const { id, request } of old) {
      await this.media.discard(request.question.media);
      await this.dataSource.query('DELETE FROM chat_completions WHERE id = $1', [id]);
    }
  }
}

async function tell(manager: EntityManager, id: string): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [CHAT_CHANNEL, id]);
}

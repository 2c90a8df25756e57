// Questions: accepted, waited for, answered; the state of each is one row in Postgres.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { requirePlainText } from '../model/grounding/prompts.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { claim, type Lease, writeFenced } from '../platform/database/lease.js';
import { NOTIFICATIONS, type Notifications } from '../platform/database/notifications.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { VideosService } from '../videos/index.js';
import { Moment, MomentQuery, type NewMoment, type Searched } from './moment-query.entity.js';
import { type MomentBody } from './moment.schema.js';
import { answerMoments } from './moments.job.js';

/** Postgres channel that carries the id of each question that was answered. */
const CHANNEL = 'moments_answered';

const POLL_MS = 2000;

export interface ClaimedQuestion {
  readonly lease: Lease;
  readonly question: MomentQuery;
}

@Injectable()
export class MomentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly videos: VideosService,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(NOTIFICATIONS) private readonly notifications: Notifications,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Stores the question and rings; rejects with `moments.range_outside_video` or `prompt.special_token`. */
  async ask(videoId: string, body: MomentBody): Promise<string> {
    const video = await this.videos.get(videoId);
    requirePlainText(body.query);
    const startTime = body.start_time ?? 0;
    if (startTime >= video.duration) {
      throw new AppError('moments.range_outside_video', `start_time ${startTime} is not before the end of the video, ${video.duration} s.`);
    }
    const endTime = Math.min(body.end_time ?? video.duration, video.duration);
    const id = newId();
    const request = { topK: body.top_k, startTime, endTime, sampling: body.sampling ?? {} };
    await this.dataSource.getRepository(MomentQuery).insert({ id, videoId, query: body.query, request, status: 'queued' });
    await this.queue.ring(answerMoments, id);
    return id;
  }

  /** Rejects with `moments.not_found`. */
  async get(videoId: string, id: string): Promise<{ question: MomentQuery; moments: Moment[] }> {
    const question = await this.dataSource.getRepository(MomentQuery).findOneBy({ id, videoId });
    if (!question) throw new AppError('moments.not_found', `Video ${videoId} was never asked ${id}.`);
    const moments = await this.dataSource.getRepository(Moment).find({ where: { momentQueryId: id }, order: { rank: 'ASC' } });
    return { question, moments };
  }

  /** Resolves once the question has an answer or `seconds` have passed, whichever is first. */
  async settle(id: string, seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    let wake = (): void => undefined;
    const unsubscribe = this.notifications.subscribe(CHANNEL, (payload) => payload === id && wake());
    try {
      while (Date.now() < deadline && !(await this.isSettled(id))) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, Math.min(POLL_MS, Math.max(0, deadline - Date.now())));
        });
      }
    } finally {
      unsubscribe();
    }
  }

  async claim(id: string, owner: string): Promise<ClaimedQuestion | undefined> {
    const options = { owner, leaseSeconds: this.config.LEASE_SECONDS, where: `status IN ('queued', 'processing')`, set: `status = 'processing'` };
    const lease = await claim(this.dataSource, 'moment_queries', id, options);
    return lease && { lease, question: await this.dataSource.getRepository(MomentQuery).findOneByOrFail({ id }) };
  }

  /** Moments and the state of their question, in one transaction. */
  async answer({ lease, question }: ClaimedQuestion, moments: readonly NewMoment[], searched: Searched): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM videos WHERE id = $1 FOR KEY SHARE', [question.videoId]); // in the order a deletion takes
      const answer = moments.length > 0 ? 'found' : 'not_in_video';
      const set = `status = 'ready', answer = $3, searched = $4, finished_at = now(), lease_until = NULL`;
      await writeFenced(manager, lease, set, [answer, JSON.stringify(searched)]);
      await manager.delete(Moment, { momentQueryId: question.id });
      const rows = moments.map((moment, k) => ({
        ...moment,
        id: newId(),
        momentQueryId: question.id,
        videoId: question.videoId,
        rank: k + 1,
        source: 'model' as const,
      }));
      if (rows.length > 0) await manager.createQueryBuilder().insert().into(Moment).values(rows).execute();
      await manager.query('SELECT pg_notify($1, $2)', [CHANNEL, question.id]);
    });
  }

  async fail({ lease, question }: ClaimedQuestion, error: AppError): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const set = `status = 'failed', error_code = $3, error_message = $4, finished_at = now(), lease_until = NULL`;
      await writeFenced(manager, lease, set, [error.code, error.message]);
      await manager.query('SELECT pg_notify($1, $2)', [CHANNEL, question.id]);
    });
  }

  /** Puts the question back, to be rung for again; with `refund` the attempt does not count. */
  async giveBack({ lease }: ClaimedQuestion, { refund }: { refund: boolean }): Promise<void> {
    const set = `status = 'queued', lease_until = NULL${refund ? ', attempt = attempt - 1' : ''}`;
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, set));
  }

  /** Questions that nobody works on. */
  async due(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM moment_queries WHERE status IN ('queued', 'processing') AND (lease_until IS NULL OR lease_until < now()) ORDER BY id LIMIT 500`,
    );
    return rows.map(({ id }) => id);
  }

  private async isSettled(id: string): Promise<boolean> {
    const query = await this.dataSource.getRepository(MomentQuery).findOneBy({ id });
    return !query || query.status === 'ready' || query.status === 'failed';
  }
}

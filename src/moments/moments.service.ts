// Questions: accepted, waited for, answered; the state of each is one row in Postgres.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../app-error.js';
import { WorkersService } from '../health/index.js';
import { requirePlainText } from '../model/grounding/prompts.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { ChangeWatch } from '../platform/database/change-watch.js';
import { type DueJob, dueJobs, type DueQuery } from '../platform/database/due-jobs.js';
import { newId } from '../platform/database/id.js';
import { claim, FREE, giveBack, type Lease, TAKE_LEASE, writeFenced } from '../platform/database/lease.js';
import { NOTIFICATIONS, type Notifications } from '../platform/database/notifications.js';
import { Totals } from '../platform/metrics/totals.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { currentTraceparent, linkTo } from '../platform/tracing/span.js';
import { holdVideo, VideosService } from '../videos/index.js';
import { answerKey } from './answer-key.js';
import { CurrentAnalyses } from './current-analysis.js';
import { Moment, type MomentOutcome, MomentQuery, type MomentRequest } from './moment-query.entity.js';
import { type MomentBody } from './moment.schema.js';
import { answerMoments } from './moments.job.js';

/** Postgres channel that carries the id of each question that was answered. */
const CHANNEL = 'moments_answered';

const POLL_MS = 2000;

export const DUE_QUESTIONS: readonly DueQuery[] = [
  { job: answerMoments, sql: `SELECT id FROM moment_queries WHERE status IN ('queued', 'processing') AND ${FREE}` },
];

export interface ClaimedQuestion {
  readonly lease: Lease;
  readonly question: MomentQuery;
}

/** A question that was accepted; `cached`: it had been answered before. */
export interface AskedQuestion {
  readonly id: string;
  readonly cached: boolean;
}

@Injectable()
export class MomentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly videos: VideosService,
    private readonly analyses: CurrentAnalyses,
    private readonly workers: WorkersService,
    private readonly totals: Totals,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(NOTIFICATIONS) private readonly notifications: Notifications,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Finds the answer to the same question of the same state, or the same question while it is open, or stores the question and rings;
   * rejects with `moments.range_outside_video` or `prompt.special_token`.
   */
  async ask(videoId: string, tenantId: string, body: Omit<MomentBody, 'wait'>): Promise<AskedQuestion> {
    const video = await this.videos.get(videoId, tenantId);
    requirePlainText(body.query);
    const startTime = body.start_time ?? 0;
    if (startTime >= video.duration) {
      throw new AppError('moments.range_outside_video', `start_time ${startTime} is not before the end of the video, ${video.duration} s.`);
    }
    const endTime = Math.min(body.end_time ?? video.duration, video.duration);
    const { top_k: topK, allow_none: allowNone, curve, sampling = {} } = body;
    const request: MomentRequest = { topK, startTime, endTime, allowNone, curve, sampling };
    const keys = await this.answerKeys(videoId, body.query, request);
    const known = await this.findSame(videoId, keys);
    this.totals.add('secondsight_questions_total', { cached: known?.cached ? 'true' : 'false' });
    if (known) return known;
    this.videos.requireContent(video);
    const id = newId();
    const row = { id, videoId, query: body.query, request, status: 'queued', answerKey: keys[0] ?? null, traceparent: currentTraceparent() } as const;
    await this.dataSource.getRepository(MomentQuery).insert(row);
    linkTo(video.traceparent);
    await this.queue.ring(answerMoments, id);
    return { id, cached: false };
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
    const watch = new ChangeWatch(this.notifications, CHANNEL, id);
    try {
      while (Date.now() < deadline && !(await this.isSettled(id))) await watch.next(Math.min(POLL_MS, deadline - Date.now()));
    } finally {
      watch.end();
    }
  }

  /** Ends the question at once: whoever works on it finds its lease taken, at the next beat at the latest. Rejects with `moments.already_finished`. */
  async cancel(videoId: string, id: string): Promise<MomentQuery> {
    await this.dataSource.transaction(async (manager) => {
      const [, canceled] = await manager.query<[unknown[], number]>(
        `UPDATE moment_queries SET status = 'canceled', finished_at = now(), ${TAKE_LEASE}
          WHERE id = $1 AND video_id = $2 AND status IN ('queued', 'processing')`,
        [id, videoId],
      );
      if (canceled > 0) await this.tell(manager, id);
    });
    const { question } = await this.get(videoId, id);
    if (question.status === 'canceled') return question;
    throw new AppError('moments.already_finished', `Question ${id} is ${question.status}; there is nothing left to cancel.`);
  }

  async claim(id: string, owner: string): Promise<ClaimedQuestion | undefined> {
    const options = { owner, leaseSeconds: this.config.LEASE_SECONDS, where: `status IN ('queued', 'processing')`, set: `status = 'processing'` };
    const lease = await claim(this.dataSource, 'moment_queries', id, options);
    return lease && { lease, question: await this.dataSource.getRepository(MomentQuery).findOneByOrFail({ id }) };
  }

  /**
   * Notes that so many windows were looked at. An attempt that comes further than those before counts as the first: what they saw is
   * kept on disk, so that a long question ends however often its worker is stopped, and one that always ends its worker at the same
   * window is given up.
   */
  async noteProgress({ lease, question }: ClaimedQuestion, windowsDone: number): Promise<void> {
    if (windowsDone <= question.windowsDone) return;
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, 'windows_done = $3, attempt = 1', [windowsDone]));
    Object.assign(question, { windowsDone, attempt: 1 });
  }

  /** Moments and the state of their question, in one transaction. */
  async answer({ lease, question }: ClaimedQuestion, outcome: MomentOutcome): Promise<void> {
    const { moments, searched, searchedUntil, rejected, curve, warnings } = outcome;
    await this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, question.videoId);
      await writeFenced(
        manager,
        lease,
        `status = 'ready', answer = $3, searched = $4, searched_until = $5, rejected = $6, curve = $7, warnings = $8, answer_key = $9,
         finished_at = now(), lease_until = NULL`,
        [
          ...[moments.length > 0 ? 'found' : 'not_in_video', JSON.stringify(searched), searchedUntil, rejected && JSON.stringify(rejected)],
          ...[curve && JSON.stringify(curve), JSON.stringify(warnings), outcome.answerKey],
        ],
      );
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
      await this.tell(manager, question.id);
    });
  }

  async fail({ lease, question }: ClaimedQuestion, error: AppError): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const set = `status = 'failed', error_code = $3, error_message = $4, finished_at = now(), lease_until = NULL`;
      await writeFenced(manager, lease, set, [error.code, error.message]);
      await this.tell(manager, question.id);
    });
  }

  /** Puts the question back: with `refund` at once and without counting the attempt, else after a pause that grows with the attempts. */
  async giveBack({ lease, question }: ClaimedQuestion, { refund }: { refund: boolean }): Promise<void> {
    await giveBack(this.dataSource, lease, question.attempt, { refund, set: `status = 'queued'` });
  }

  /** Questions that nobody works on. */
  due(): Promise<DueJob[]> {
    return dueJobs(this.dataSource, DUE_QUESTIONS);
  }

  /** Of an answer now, by each of the models that serve; none where no worker lives, as nobody can tell. */
  private async answerKeys(videoId: string, query: string, request: MomentRequest): Promise<string[]> {
    const models = (await this.workers.alive()).flatMap(({ model }) => model ?? []);
    if (models.length === 0) return [];
    const state = await this.analyses.state(videoId);
    return models.map((model) => answerKey({ videoId, query, request, state, model, settings: this.config }));
  }

  /** An answer; else a question that is worked on or next to be: not one that waits after a failure. */
  private async findSame(videoId: string, keys: readonly string[]): Promise<AskedQuestion | undefined> {
    const [known] = await this.dataSource.query<AskedQuestion[]>(
      `(SELECT id, true AS cached FROM moment_queries WHERE answer_key = ANY ($1) AND status = 'ready' ORDER BY id DESC LIMIT 1)
       UNION ALL
       (SELECT id, false FROM moment_queries
         WHERE answer_key = ANY ($1) AND video_id = $2 AND status IN ('queued', 'processing') AND (not_before IS NULL OR not_before <= now())
         ORDER BY id LIMIT 1)
       ORDER BY cached DESC LIMIT 1`,
      [keys, videoId],
    );
    return known;
  }

  private async isSettled(id: string): Promise<boolean> {
    const query = await this.dataSource.getRepository(MomentQuery).findOneBy({ id });
    return !query || query.finishedAt !== null;
  }

  private async tell(manager: EntityManager, id: string): Promise<void> {
    await manager.query('SELECT pg_notify($1, $2)', [CHANNEL, id]);
  }
}

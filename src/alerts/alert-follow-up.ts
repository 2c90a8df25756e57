// Puts alerts to new videos and keeps what they found; whatever a crash leaves undone is found again by what is missing.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { MomentsService } from '../moments/index.js';
import { type DueJob, dueJobs } from '../platform/database/due-jobs.js';
import { newId } from '../platform/database/id.js';
import { log } from '../platform/log/log.js';
import { holdVideo } from '../videos/index.js';
import { tell } from '../webhooks/index.js';
import { type AlertFilter, AlertMatch } from './alert.entity.js';
import { followAlerts } from './alerts.job.js';

/** Moments of one video that an alert tells of at most. */
const MOST_MOMENTS = 10;

/** Nobody asks later than this. */
const RECENT = `interval '7 days'`;

/** Of a video, nearly all: a look at a part is no answer for the whole. */
const WHOLE = (task: string): string => `${task}.status = 'ready' AND ${task}.end_time - ${task}.start_time >= 0.9 * video.duration`;

/** Pairs of an alert and a video whose first analysis ended while the alert stood, and that was not asked yet. */
const UNASKED = `
    FROM tasks task
    JOIN videos video ON video.id = task.video_id AND video.status = 'ready'
    JOIN alerts alert ON alert.tenant_id = video.tenant_id AND alert.enabled AND alert.created_at <= task.finished_at
   WHERE ${WHOLE('task')} AND task.finished_at > now() - ${RECENT}
     AND NOT EXISTS (SELECT 1 FROM tasks earlier WHERE earlier.video_id = video.id AND ${WHOLE('earlier')} AND earlier.finished_at < alert.created_at)
     AND NOT EXISTS (SELECT 1 FROM alert_questions WHERE alert_id = alert.id AND video_id = video.id)`;

const ANSWERED = `
    FROM alert_questions asked
    JOIN moment_queries question ON question.id = asked.moment_query_id
    JOIN alerts alert ON alert.id = asked.alert_id
   WHERE asked.status = 'asked' AND question.finished_at IS NOT NULL`;

interface Unasked {
  readonly alertId: string;
  readonly tenantId: string;
  readonly query: string;
  readonly filter: AlertFilter;
  readonly name: string;
}

interface Answered {
  readonly alertId: string;
  readonly tenantId: string;
  readonly query: string;
  readonly minConfidence: number;
  readonly questionId: string;
}

@Injectable()
export class AlertFollowUp {
  constructor(
    private readonly dataSource: DataSource,
    private readonly moments: MomentsService,
  ) {}

  /** Asks what has not been asked of a video, and tells of what was answered. */
  async follow(videoId: string): Promise<void> {
    const unasked = await this.dataSource.query<Unasked[]>(
      `SELECT DISTINCT alert.id AS "alertId", alert.tenant_id AS "tenantId", alert.query, alert.filter, video.name ${UNASKED} AND video.id = $1`,
      [videoId],
    );
    for (const each of unasked) await this.ask(videoId, each);
    const answered = await this.dataSource.query<Answered[]>(
      `SELECT alert.id AS "alertId", alert.tenant_id AS "tenantId", alert.query, alert.min_confidence AS "minConfidence", question.id AS "questionId"
         ${ANSWERED} AND asked.video_id = $1`,
      [videoId],
    );
    for (const each of answered) await this.settle(videoId, each);
  }

  /** Videos that something is to be done for. */
  due(): Promise<DueJob[]> {
    return dueJobs(this.dataSource, [
      { job: followAlerts, sql: `SELECT DISTINCT video.id ${UNASKED}` },
      { job: followAlerts, sql: `SELECT DISTINCT asked.video_id AS id ${ANSWERED}` },
    ]);
  }

  private async ask(videoId: string, { alertId, tenantId, query, filter, name }: Unasked): Promise<void> {
    const wanted = filter.videoName === undefined || name.toLowerCase().includes(filter.videoName.toLowerCase());
    const questionId = wanted ? await this.question(videoId, tenantId, query) : undefined;
    const status = !wanted ? 'left_out' : questionId === undefined ? 'failed' : 'asked';
    await this.dataSource.query(
      `INSERT INTO alert_questions (alert_id, video_id, moment_query_id, status)
       SELECT alerts.id, videos.id, $3, $4 FROM alerts, videos WHERE alerts.id = $1 AND videos.id = $2 ON CONFLICT DO NOTHING`,
      [alertId, videoId, questionId ?? null, status],
    );
  }

  /** Undefined where the video cannot be asked. */
  private async question(videoId: string, tenantId: string, query: string): Promise<string | undefined> {
    try {
      return (await this.moments.ask(videoId, tenantId, { query, top_k: MOST_MOMENTS, allow_none: true, curve: false })).id;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn({ video: videoId, code: error.code }, 'an alert could not be put to a video');
      return undefined;
    }
  }

  /** Matches, what is told of them and the state of the question, in one transaction. */
  private async settle(videoId: string, { alertId, tenantId, query, minConfidence, questionId }: Answered): Promise<void> {
    const { question, moments } = await this.moments.get(videoId, questionId);
    const found = moments.filter(({ confidence }) => confidence >= minConfidence);
    await this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, videoId);
      const standing = await manager.query<unknown[]>('SELECT 1 FROM alerts WHERE id = $1 FOR KEY SHARE', [alertId]); // before its questions, in the order that a deletion locks them
      if (standing.length === 0) return;
      const [, settled] = await manager.query<[unknown[], number]>(
        `UPDATE alert_questions SET status = $3 WHERE alert_id = $1 AND video_id = $2 AND status = 'asked'`,
        [alertId, videoId, question.status === 'ready' ? 'answered' : 'failed'],
      );
      if (settled === 0) return;
      for (const { startTime, endTime, confidence } of found) {
        const id = newId();
        await manager.insert(AlertMatch, { id, tenantId, alertId, videoId, momentQueryId: questionId, startTime, endTime, confidence });
        const moment = { start_time: startTime, end_time: endTime, confidence };
        const data = { alert_id: alertId, match_id: id, video_id: videoId, query, moment };
        await tell(manager, { type: 'alert.matched', data, url: `/v1/videos/${videoId}/moments/${questionId}`, of: { videoId } });
      }
    });
  }
}

// Feedback: one for each answer, the latest counts; edges that were put right stay until others are given.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { MomentsService } from '../moments/index.js';
import { newId } from '../platform/database/id.js';
import { type Caller } from '../platform/http/access.js';
import { holdVideo, type Video } from '../videos/index.js';
import { Feedback } from './feedback.entity.js';
import { type FeedbackBody } from './feedback.schema.js';

const GIVE = `
  INSERT INTO feedback (id, tenant_id, video_id, moment_query_id, moment_id, verdict, start_time, end_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (moment_query_id, moment_id) DO UPDATE
    SET verdict = excluded.verdict, updated_at = now(),
        start_time = COALESCE(excluded.start_time, feedback.start_time), end_time = COALESCE(excluded.end_time, feedback.end_time)
  RETURNING id`;

@Injectable()
export class FeedbackService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly moments: MomentsService,
  ) {}

  /** Rejects with `moments.not_found`, `feedback.no_such_answer` or `feedback.range_outside_video`. */
  async give({ tenantId }: Caller, video: Video, { question_id, moment_id, verdict, start_time, end_time }: FeedbackBody): Promise<Feedback> {
    await this.requireAnswer(video.id, question_id, moment_id);
    if (end_time !== undefined && end_time > video.duration) {
      throw new AppError('feedback.range_outside_video', `end_time ${end_time} is after the end of video ${video.id}, ${video.duration} s.`);
    }
    return this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, video.id);
      const values = [newId(), tenantId, video.id, question_id, moment_id, verdict, start_time ?? null, end_time ?? null];
      const [row] = await manager.query<{ id: string }[]>(GIVE, values);
      return manager.findOneByOrFail(Feedback, { id: row?.id ?? '', tenantId });
    });
  }

  list({ tenantId }: Caller, videoId: string): Promise<Feedback[]> {
    return this.dataSource.getRepository(Feedback).find({ where: { tenantId, videoId }, order: { id: 'ASC' } });
  }

  private async requireAnswer(videoId: string, questionId: string, momentId: string | null): Promise<void> {
    const { question, moments } = await this.moments.get(videoId, questionId);
    const known = momentId === null ? question.answer === 'not_in_video' : moments.some(({ id }) => id === momentId);
    if (known) return;
    const what = momentId === null ? 'was not answered with "not in this video"' : `has no answer ${momentId}`;
    throw new AppError('feedback.no_such_answer', `Question ${questionId} ${what}.`);
  }
}

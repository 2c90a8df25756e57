// Puts a question to the best videos of a search and merges what they answer.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { MomentsService, presentMoment } from '../moments/index.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { requireFewQuestions } from '../quotas/index.js';
import { type FusedHit } from './fused-hits.js';
import { type Grounded, type SearchBody } from './search.schema.js';
import { Parameters, type SegmentScope, videoConditions } from './segment-scope.js';

type VideoAnswer = Grounded['videos'][number];
type FoundMoment = Grounded['moments'][number];

@Injectable()
export class GroundedSearch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly moments: MomentsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Rejects with `overload.questions_waiting`. The best videos first; where the lists name fewer than wanted, the newest of the others, for a list knows only what was written down. */
  async ask(body: SearchBody & { query: string }, scope: SegmentScope, hits: readonly FusedHit[], stopping: Promise<void>): Promise<Grounded> {
    await requireFewQuestions(this.dataSource.manager, this.config);
    const videos = await this.choose(scope, hits, body.ground_videos);
    const deadline = Date.now() + body.wait * 1000;
    const answers = await Promise.all(videos.map((videoId) => this.put({ videoId, tenantId: scope.tenantId }, body, deadline, stopping)));
    const found = answers.flatMap(({ moments }) => moments).sort((a, b) => b.confidence - a.confidence || (a.video_id < b.video_id ? -1 : 1));
    return {
      status: answers.some(({ video }) => video.status === 'queued' || video.status === 'processing') ? 'processing' : 'ready',
      moments: found.slice(0, body.limit).map((moment, k) => ({ ...moment, rank: k + 1 })),
      total: await this.count(scope),
      videos: answers.map(({ video }) => video),
    };
  }

  private async count(scope: SegmentScope): Promise<number> {
    const parameters = new Parameters();
    const sql = `SELECT count(*)::int AS total FROM videos v WHERE ${videoConditions(scope, parameters)} AND v.duration > ${parameters.add(scope.startTime ?? 0)}`;
    const [row] = await this.dataSource.query<{ total: number }[]>(sql, parameters.values);
    return row?.total ?? 0;
  }

  private async choose(scope: SegmentScope, hits: readonly FusedHit[], most: number): Promise<string[]> {
    const best = [...new Set(hits.map(({ videoId }) => videoId))].slice(0, most);
    if (best.length === most) return best;
    const parameters = new Parameters();
    const rest = await this.dataSource.query<{ id: string }[]>(
      `SELECT v.id FROM videos v WHERE ${videoConditions(scope, parameters)} AND v.duration > ${parameters.add(scope.startTime ?? 0)}
          AND NOT v.id = ANY (${parameters.add(best)}::uuid[]) ORDER BY v.id DESC LIMIT ${most - best.length}`,
      parameters.values,
    );
    return [...best, ...rest.map(({ id }) => id)];
  }

  private async put(
    { videoId, tenantId }: { readonly videoId: string; readonly tenantId: string },
    { query, limit, filter }: SearchBody & { query: string },
    deadline: number,
    stopping: Promise<void>,
  ): Promise<{ video: VideoAnswer; moments: FoundMoment[] }> {
    const range = { start_time: filter.start_time, end_time: filter.end_time };
    try {
      const asked = await this.moments.ask(videoId, tenantId, { query, top_k: Math.min(limit, 50), allow_none: true, curve: false, ...range });
      if (!asked.cached) await Promise.race([this.moments.settle(asked.id, Math.max(0, deadline - Date.now()) / 1000), stopping]);
      const { question, moments } = await this.moments.get(videoId, asked.id);
      const error = question.errorCode ? { code: question.errorCode, message: question.errorMessage ?? '' } : null;
      const { status, answer, searchedUntil: searched_until } = question;
      return {
        video: { video_id: videoId, moments_id: asked.id, status, answer, cached: asked.cached, searched_until, error },
        moments: moments.map((moment) => ({ ...presentMoment(moment), video_id: videoId })),
      };
    } catch (error) {
      // a video that was deleted meanwhile, or that ends before the range, has no say
      if (!(error instanceof AppError) || error.code === 'prompt.special_token') throw error;
      const problem = { code: error.code, message: error.message };
      const nothing = { moments_id: null, answer: null, cached: false, searched_until: null } as const;
      return { video: { video_id: videoId, status: 'failed', ...nothing, error: problem }, moments: [] };
    }
  }
}

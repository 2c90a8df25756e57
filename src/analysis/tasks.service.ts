// Tasks as callers see them: accepted, listed, watched, canceled.
import { Inject, Injectable } from '@nestjs/common';
import { And, DataSource, Equal, LessThan, type Repository } from 'typeorm';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { cutPage, decodeCursor, type PageQuery } from '../platform/http/cursor.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { requireTaskQuota } from '../quotas/index.js';
import { holdVideo, ofTenant, type Video, VideosService } from '../videos/index.js';
import { WebhooksService } from '../webhooks/index.js';
import { planTask } from './analysis.job.js';
import { compileForm } from '../model/grammar/answer-grammar.js';
import { requirePlainText } from '../model/grounding/prompts.js';
import { Task, type TaskRequest } from './task.entity.js';
import { PRIORITIES, type TaskBody } from './task.schema.js';
import { TASK_CHANNEL } from './task-state.js';
import { tellEnd } from './tell-task.js';
import { type WindowView } from './window.entity.js';

const listKey = z.tuple([z.uuid()]);

const TAKE_LEASE = 'lease_token = lease_token + 1, lease_until = NULL, updated_at = now()';

const WINDOW_VIEWS = `
  SELECT ordinal, start_time AS "startTime", end_time AS "endTime", sampling, why, attempt,
         CASE WHEN $2 AND status IN ('queued', 'processing') THEN 'canceled' ELSE status END AS status,
         error_code AS "errorCode", error_message AS "errorMessage",
         result -> 'effective_fps' AS "effectiveFps", result -> 'second_per_grid_ts' AS "secondPerGrid",
         jsonb_array_length(result -> 'frame_times') AS frames, result -> 'video_grid_thw' AS "videoGridThw"
    FROM windows WHERE task_id = $1 ORDER BY ordinal`;

@Injectable()
export class TasksService {
  private readonly tasks: Repository<Task>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly videos: VideosService,
    private readonly webhooks: WebhooksService,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.tasks = dataSource.getRepository(Task);
  }

  /** Stores the task, then rings; should the ring be lost, the sweeper rings again. */
  async create(tenantId: string, body: TaskBody): Promise<Task> {
    const video = await this.videos.get(body.video_id, tenantId);
    for (const text of wordsOf(body)) requirePlainText(text);
    requireForm(body);
    const { startTime, endTime } = clampRange(video, body);
    const id = newId();
    await this.dataSource.transaction(async (manager) => {
      await requireTaskQuota(manager, this.config, tenantId);
      const webhookId = body.webhook && (await this.webhooks.bind(manager, tenantId, id, body.webhook));
      const request: TaskRequest = {
        prompt: body.prompt,
        sampling: body.sampling ?? {},
        segmentDefinitions: body.segment_definitions,
        responseSchema: body.response_format?.json_schema.schema,
        webhookId,
      };
      const priority = PRIORITIES.indexOf(body.priority);
      await manager.insert(Task, { id, videoId: video.id, status: 'queued', stage: 'queued', request: request as object, priority, startTime, endTime });
    });
    await this.queue.ring(planTask, id);
    return this.get(id, tenantId);
  }

  /** Rejects with `task.not_found`, for a task of another tenant too. */
  async get(id: string, tenantId: string): Promise<Task> {
    const task = await this.tasks.findOneBy({ id, videoId: ofTenant(tenantId) });
    if (!task) throw new AppError('task.not_found', `There is no task ${id}.`);
    return task;
  }

  /** The windows of a task in order, with the plan of each and how it went; without the answers and the times of all frames. */
  windows({ id, finishedAt }: Task): Promise<WindowView[]> {
    return this.dataSource.query<WindowView[]>(WINDOW_VIEWS, [id, finishedAt !== null]);
  }

  /** Newest first. */
  async list(tenantId: string, { limit, cursor, video_id }: PageQuery & { video_id?: string | undefined }) {
    const after = decodeCursor(cursor, listKey);
    const rows = await this.tasks.find({
      where: { videoId: video_id ? And(Equal(video_id), ofTenant(tenantId)) : ofTenant(tenantId), ...(after && { id: LessThan(after[0]) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return cutPage(rows, limit, (task) => [task.id]);
  }

  /**
   * Ends the task at once; what was stored stays readable. Taking the leases away stops whoever works on it or its windows, at the next
   * beat at the latest. Rejects with `task.not_found` or `task.already_finished`.
   */
  async cancel(id: string, tenantId: string): Promise<Task> {
    const { videoId } = await this.get(id, tenantId);
    await this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, videoId);
      const [, canceled] = await manager.query<[unknown[], number]>(
        `UPDATE tasks SET status = 'canceled', ${TAKE_LEASE}, finished_at = now() WHERE id = $1 AND status IN ('queued', 'processing')`,
        [id],
      );
      if (canceled === 0) return;
      await manager.query(`UPDATE windows SET ${TAKE_LEASE} WHERE task_id = $1`, [id]);
      await tellEnd(manager, { id, videoId }, 'canceled');
      await manager.query('SELECT pg_notify($1, $2)', [TASK_CHANNEL, id]);
    });
    const task = await this.get(id, tenantId);
    if (task.status === 'canceled') return task;
    throw new AppError('task.already_finished', `Task ${id} is ${task.status}; there is nothing left to cancel.`);
  }
}

/** Everything that the caller would say to the model. */
function wordsOf({ prompt, segment_definitions = [] }: TaskBody): string[] {
  const definitions = segment_definitions.flatMap(({ description, fields }) => [
    description,
    ...fields.flatMap((field) => [field.description ?? '', ...(field.enum ?? [])]),
  ]);
  return [prompt ?? '', ...definitions];
}

/** Rejects with `schema.unsupported` what no answer could be held to, before any work is begun for it. */
function requireForm({ response_format, segment_definitions: definitions }: TaskBody): void {
  if (response_format) compileForm({ kind: 'json', schema: response_format.json_schema.schema });
  if (definitions) compileForm({ kind: 'segments', definitions, maxEvents: 1, endSeconds: 1 });
}

/** Rejects with `task.range_outside_video`. */
function clampRange(video: Video, { start_time = 0, end_time }: TaskBody): { startTime: number; endTime: number } {
  if (start_time >= video.duration) {
    throw new AppError('task.range_outside_video', `start_time ${start_time} is not before the end of the video, ${video.duration} s.`);
  }
  return { startTime: start_time, endTime: Math.min(end_time ?? video.duration, video.duration) };
}

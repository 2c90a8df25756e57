// Tasks as callers see them: accepted, listed, watched, canceled.
import { Inject, Injectable } from '@nestjs/common';
import { And, DataSource, type EntityManager, Equal, Raw, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { note } from '../audit/index.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { LISTED, newestFirst } from '../platform/database/newest-first.js';
import { type PageQuery } from '../platform/http/cursor.js';
import { PresetsService, requireDefinitions } from '../presets/index.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { currentTraceparent, linkTo } from '../platform/tracing/span.js';
import { requireTaskQuota } from '../quotas/index.js';
import { clippedRange, ofTenant, type Video, VideosService } from '../videos/index.js';
import { WebhooksService } from '../webhooks/index.js';
import { planTask } from './analysis.job.js';
import { completeBatchOf } from './batch-completion.js';
import { cancelTasks } from './cancel-tasks.js';
import { compileForm } from '../model/grammar/answer-grammar.js';
import { requirePlainText } from '../model/grounding/prompts.js';
import { Task } from './task.entity.js';
import { PRIORITIES, type TaskBody } from './task.schema.js';
import { type WindowView } from './window.entity.js';

/** Condition on the video of a listed task: that it has no newer one. */
const NEWEST_OF_VIDEO = Raw<string>((videoId) => `NOT EXISTS (SELECT 1 FROM tasks newer WHERE newer.video_id = ${videoId} AND newer.id > ${LISTED}.id)`);

const WINDOW_VIEWS = `
  SELECT ordinal, start_time AS "startTime", end_time AS "endTime", sampling, why, attempt,
         CASE WHEN $2 AND status IN ('queued', 'processing') THEN 'canceled' ELSE status END AS status,
         error_code AS "errorCode", error_message AS "errorMessage",
         result -> 'effective_fps' AS "effectiveFps", result -> 'second_per_grid_ts' AS "secondPerGrid",
         jsonb_array_length(result -> 'frame_times') AS frames, result -> 'video_grid_thw' AS "videoGridThw"
    FROM windows WHERE task_id = $1 ORDER BY ordinal`;

/** A task that is not stored yet, and the webhook that it asks for. */
export interface NewTask {
  readonly row: Pick<Task, 'id' | 'videoId' | 'traceparent' | 'status' | 'stage' | 'request' | 'priority' | 'startTime' | 'endTime' | 'warnings'> & Partial<Pick<Task, 'batchId' | 'batchItem'>>;
  readonly webhook: TaskBody['webhook'];
}

@Injectable()
export class TasksService {
  private readonly tasks: Repository<Task>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly videos: VideosService,
    private readonly webhooks: WebhooksService,
    private readonly presets: PresetsService,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.tasks = dataSource.getRepository(Task);
  }

  /** Stores the task, then rings; should the ring be lost, the sweeper rings again. */
  async create(tenantId: string, body: TaskBody): Promise<Task> {
    const task = await this.prepare(tenantId, body);
    await this.dataSource.transaction(async (manager) => {
      await this.insert(manager, tenantId, [task]);
      await noteOf(manager, 'task.created', tenantId, task.row);
    });
    await this.queue.ring(planTask, task.row.id);
    return this.get(task.row.id, tenantId);
  }

  /** The task as it is to be stored, with everything refused that can be refused before any work is begun for it. */
  async prepare(tenantId: string, body: TaskBody): Promise<NewTask> {
    const video = await this.videos.get(body.video_id, tenantId);
    this.videos.requireContent(video);
    const definitions = await this.definitionsOf(tenantId, body);
    requireForm(body);
    const { startTime, endTime } = clampRange(video, body);
    linkTo(video.traceparent);
    if (body.webhook) this.webhooks.check(body.webhook.url);
    const row = {
      id: newId(),
      videoId: video.id,
      traceparent: currentTraceparent(),
      status: 'queued' as const,
      stage: 'queued' as const,
      request: {
        prompt: body.prompt,
        sampling: body.sampling ?? {},
        segmentDefinitions: definitions,
        presetId: body.preset_id,
        responseSchema: body.response_format?.json_schema.schema,
      },
      priority: PRIORITIES.indexOf(body.priority),
      startTime,
      endTime,
      warnings: clippedRange(body, video),
    };
    return { row, webhook: body.webhook };
  }

  /** Those of a preset are kept as they are now. Rejects with `preset.not_found`. */
  private async definitionsOf(tenantId: string, { preset_id: presetId, segment_definitions: own }: TaskBody) {
    return presetId === undefined ? own : (await this.presets.get(tenantId, presetId)).segmentDefinitions;
  }

  /** Stores tasks in the caller's transaction, each with the webhook that it asks for. Rejects with `quota.concurrent_tasks`. */
  async insert(manager: EntityManager, tenantId: string, tasks: readonly NewTask[]): Promise<void> {
    if (tasks.length === 0) return;
    await requireTaskQuota(manager, this.config, tenantId, tasks.length);
    const rows: object[] = [];
    for (const { row, webhook } of tasks) {
      const webhookId = webhook && (await this.webhooks.bind(manager, tenantId, row.id, webhook));
      rows.push({ ...row, request: { ...row.request, webhookId } });
    }
    await manager.createQueryBuilder().insert().into(Task).values(rows).execute();
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
  list(tenantId: string, { video_id, batch_id, latest, ...page }: PageQuery & { video_id?: string | undefined; batch_id?: string | undefined; latest?: 'true' | 'false' | undefined }) {
    const videoId = And(ofTenant(tenantId), ...(video_id ? [Equal(video_id)] : []), ...(latest === 'true' ? [NEWEST_OF_VIDEO] : []));
    return newestFirst(this.tasks, { videoId, ...(batch_id && { batchId: batch_id }) }, page);
  }

  /**
   * Ends the task at once; what was stored stays readable. Taking the leases away stops whoever works on it or its windows, at the next
   * beat at the latest. Rejects with `task.not_found` or `task.already_finished`.
   */
  async cancel(id: string, tenantId: string): Promise<Task> {
    const { videoId } = await this.get(id, tenantId);
    await this.dataSource.transaction(async (manager) => {
      if ((await cancelTasks(manager, 'id', id)).length === 0) return;
      await completeBatchOf(manager, id);
      await noteOf(manager, 'task.canceled', tenantId, { id, videoId });
    });
    const task = await this.get(id, tenantId);
    if (task.status === 'canceled') return task;
    throw new AppError('task.already_finished', `Task ${id} is ${task.status}; there is nothing left to cancel.`);
  }
}

function noteOf(manager: EntityManager, action: 'task.created' | 'task.canceled', tenantId: string, { id, videoId }: Pick<Task, 'id' | 'videoId'>): Promise<void> {
  return note(manager, { action, subject: { type: 'task', id }, tenantId, details: { video_id: videoId } });
}

/** Rejects with `prompt.special_token` or `schema.unsupported` what the model cannot be asked, before any work is begun for it. */
function requireForm({ prompt, response_format, segment_definitions: definitions }: TaskBody): void {
  requirePlainText(prompt ?? '');
  if (response_format) compileForm({ kind: 'json', schema: response_format.json_schema.schema });
  if (definitions) requireDefinitions(definitions);
}

/** Rejects with `task.range_outside_video`. */
function clampRange(video: Video, { start_time = 0, end_time }: TaskBody): { startTime: number; endTime: number } {
  if (start_time >= video.duration) {
    throw new AppError('task.range_outside_video', `start_time ${start_time} is not before the end of the video, ${video.duration} s.`);
  }
  return { startTime: start_time, endTime: Math.min(end_time ?? video.duration, video.duration) };
}

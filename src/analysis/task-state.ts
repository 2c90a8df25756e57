// The state machine of tasks and windows: every step is one fenced transaction in Postgres.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { claim, type Lease, writeFenced } from '../platform/database/lease.js';
import { type NewSegment, type Segment, SegmentsService } from '../segments/index.js';
import { Task, type TaskStage, type TaskWarning } from './task.entity.js';
import { Window, type WindowRecord } from './window.entity.js';
import { countDone, holdVideo, lockRunningTask } from './window-progress.js';

/** Postgres channel that carries the id of each task that changed. */
export const TASK_CHANNEL = 'task_changed';

const RETRY_SECONDS = 2;

export interface ClaimedTask {
  readonly lease: Lease;
  readonly task: Task;
}

export interface ClaimedWindow extends ClaimedTask {
  readonly window: Window;
}

/** What a finished window leaves behind. */
export interface WindowOutcome {
  readonly record: WindowRecord;
  readonly segments: readonly NewSegment[];
  readonly unparsed: number;
  readonly warnings: readonly TaskWarning[];
  readonly model: { readonly name: string; readonly hash: string };
}

@Injectable()
export class TaskState {
  constructor(
    private readonly dataSource: DataSource,
    private readonly segments: SegmentsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Claims a task that waits for one of `stages`. */
  async claimTask(id: string, owner: string, stages: readonly TaskStage[]): Promise<ClaimedTask | undefined> {
    const list = stages.map((stage) => `'${stage}'`).join(', ');
    const where = `status IN ('queued', 'processing') AND stage IN (${list})`;
    const lease = await claim(this.dataSource, 'tasks', id, { owner, ...this.lease, where, set: `status = 'processing'` });
    return lease && { lease, task: await this.dataSource.getRepository(Task).findOneByOrFail({ id }) };
  }

  async enterStage(lease: Lease, stage: TaskStage): Promise<void> {
    await this.changeTask(lease, (manager) => writeFenced(manager, lease, 'stage = $3', [stage]));
  }

  /** Stores what was measured and which windows to look at, and hands the task over to them. */
  async savePlan(
    { lease, task }: ClaimedTask,
    plan: { signals: readonly NewSegment[]; windows: readonly Pick<Window, 'ordinal' | 'startTime' | 'endTime' | 'fps'>[]; warnings: readonly TaskWarning[] },
  ): Promise<string[]> {
    const windows = plan.windows.map((window) => ({ ...window, id: newId(), taskId: task.id, status: 'queued' as const }));
    await this.changeTask(lease, async (manager) => {
      await holdVideo(manager, task.videoId);
      const batch = { videoId: task.videoId, taskId: task.id, source: 'signal', windowOrdinal: null } as const;
      await writeFenced(
        manager,
        lease,
        `stage = 'windows', windows_total = $3, windows_done = 0, warnings = $4, attempt = 0, lease_until = NULL`,
        [windows.length, JSON.stringify(plan.warnings)],
      );
      await this.segments.replace(manager, batch, plan.signals);
      await manager.delete(Window, { taskId: task.id });
      await manager.insert(Window, windows);
    });
    return windows.map((window) => window.id);
  }

  /** Claims a window that is due and whose task still runs. */
  async claimWindow(id: string, owner: string): Promise<ClaimedWindow | undefined> {
    const where = `status IN ('queued', 'processing') AND (not_before IS NULL OR not_before <= now())
      AND EXISTS (SELECT 1 FROM tasks WHERE tasks.id = row.task_id AND tasks.status = 'processing')`;
    const lease = await claim(this.dataSource, 'windows', id, { owner, ...this.lease, where, set: `status = 'processing'` });
    if (!lease) return undefined;
    const window = await this.dataSource.getRepository(Window).findOneByOrFail({ id });
    return { lease, window, task: await this.dataSource.getRepository(Task).findOneByOrFail({ id: window.taskId }) };
  }

  /** A window's segments and its state, in one transaction; returns true when it was the last one. */
  async commitWindow({ lease, task, window }: ClaimedWindow, outcome: WindowOutcome): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, task.videoId);
      await lockRunningTask(manager, task.id);
      await writeFenced(manager, lease, `status = 'ready', result = $3, unparsed = $4, lease_until = NULL`, [
        JSON.stringify(outcome.record),
        outcome.unparsed,
      ]);
      const batch = { videoId: task.videoId, taskId: task.id, source: 'model', windowOrdinal: window.ordinal } as const;
      await this.segments.replace(manager, batch, outcome.segments);
      await manager.query(
        `UPDATE tasks SET unparsed = unparsed + $2, warnings = warnings || $3::jsonb, model_name = $4, model_hash = $5 WHERE id = $1`,
        [task.id, outcome.unparsed, JSON.stringify(outcome.warnings), outcome.model.name, outcome.model.hash],
      );
      return countDone(manager, task.id, TASK_CHANNEL);
    });
  }

  /** Gives a window up; the task goes on without it and says so. Returns true when it was the last one. */
  async failWindow({ lease, task, window }: ClaimedWindow, error: { code: string; message: string }): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, task.videoId);
      await lockRunningTask(manager, task.id);
      await writeFenced(manager, lease, `status = 'failed', error_code = $3, error_message = $4, lease_until = NULL`, [
        error.code,
        error.message,
      ]);
      const warning: TaskWarning = { ...error, start_time: window.startTime, end_time: window.endTime };
      await manager.query(`UPDATE tasks SET warnings = warnings || $2::jsonb WHERE id = $1`, [task.id, JSON.stringify([warning])]);
      return countDone(manager, task.id, TASK_CHANNEL);
    });
  }

  /** Puts a window back: at once and without counting the attempt, or after a pause that doubles with every attempt. */
  async returnWindow({ lease, window }: ClaimedWindow, { refund }: { refund: boolean }): Promise<void> {
    const seconds = refund ? 0 : RETRY_SECONDS * 2 ** window.attempt;
    const set = `status = 'queued', lease_until = NULL, not_before = now() + make_interval(secs => $3)${refund ? ', attempt = attempt - 1' : ''}`;
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, set, [seconds]));
  }

  /** Segments before and after merging change places in one transaction with the task's end. */
  async finishTask({ lease, task }: ClaimedTask, merge: (events: readonly Segment[]) => NewSegment[]): Promise<void> {
    await this.changeTask(lease, async (manager) => {
      await holdVideo(manager, task.videoId);
      const windows = await manager.findBy(Window, { taskId: task.id });
      const failed = windows.filter((window) => window.status === 'failed');
      const nothingSeen = windows.length > 0 && failed.length === windows.length;
      const end = nothingSeen ? `status = 'failed'` : `status = 'ready', processed_until = end_time`;
      await writeFenced(
        manager,
        lease,
        `${end}, stage = 'done', error_code = $3, error_message = $4, finished_at = now(), lease_until = NULL`,
        nothingSeen ? [failed[0]?.errorCode, failed[0]?.errorMessage] : [null, null],
      );
      const merged = merge(await this.segments.ofWindows(manager, task.id));
      await this.segments.replaceWindows(manager, { videoId: task.videoId, taskId: task.id, source: 'model' }, merged);
    });
  }

  async failTask({ lease }: ClaimedTask, error: { code: string; message: string }): Promise<void> {
    await this.changeTask(lease, (manager) =>
      writeFenced(manager, lease, `status = 'failed', error_code = $3, error_message = $4, finished_at = now(), lease_until = NULL`, [
        error.code,
        error.message,
      ]),
    );
  }

  /** Gives the task back, to be rung for again; with `refund` the attempt does not count. */
  async returnTask({ lease }: ClaimedTask, { refund }: { refund: boolean }): Promise<void> {
    const set = `lease_until = NULL${refund ? ', attempt = attempt - 1' : ''}`;
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, set));
  }

  private async changeTask(lease: Lease, write: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await write(manager);
      await manager.query('SELECT pg_notify($1, $2)', [TASK_CHANNEL, lease.id]);
    });
  }

  private get lease(): { leaseSeconds: number } {
    return { leaseSeconds: this.config.LEASE_SECONDS };
  }
}

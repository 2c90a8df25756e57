// The state machine of tasks and windows: every step is one fenced transaction in Postgres.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { claim, giveBack, type Lease, MOST_LOOKS, writeFenced } from '../platform/database/lease.js';
import { type NewSegment, type Segment, SegmentsService } from '../segments/index.js';
import { completeBatchOf } from './batch-completion.js';
import { CLAIM_FAIREST } from './fairest-window.js';
import { Task, type TaskStage, type TaskWarning } from './task.entity.js';
import { tellEnd, tellProgress, tellSegments } from './tell-task.js';
import { Window, type WindowRecord } from './window.entity.js';
import { holdVideo, holdVideoAlone } from '../videos/index.js';
import { countDone, endWindow, type Ended } from './window-progress.js';

/** Postgres channel that carries the id of each task that changed. */
export const TASK_CHANNEL = 'task_changed';

/** The one that carries the id of each task that is canceled, to whoever works on it. */
export const CANCELED_CHANNEL = 'task_canceled';

/** What the end of a task asks of its windows: not what was seen in each. */
const LOOKED_AT = { ordinal: true, startTime: true, endTime: true, status: true, errorCode: true, errorMessage: true } as const;

/** Windows of one more part of a task's range. */
export interface PlannedPart {
  readonly windows: readonly Pick<Window, 'startTime' | 'endTime' | 'sampling' | 'why'>[];
  /** Windows exist for everything before this second; null: for nothing yet. */
  readonly plannedUntil: number | null;
  /** Nothing of the range is left to be planned. */
  readonly isLast: boolean;
  readonly warnings: readonly TaskWarning[];
}

export interface ClaimedTask {
  readonly lease: Lease;
  readonly task: Task;
}

/** What is to be looked at, and for which task. */
export interface ClaimedWindow {
  readonly lease: Lease;
  readonly task: Pick<Task, 'id' | 'videoId' | 'request' | 'traceparent'>;
  readonly window: Pick<Window, 'id' | 'ordinal' | 'startTime' | 'endTime' | 'sampling' | 'attempt'>;
}

type ClaimedRow = ClaimedWindow['window'] & Omit<ClaimedWindow['task'], 'id'> & { readonly token: string; readonly taskId: string };

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
    const task = lease && (await this.dataSource.getRepository(Task).findOneBy({ id }));
    return task ? { lease, task } : undefined;
  }

  /**
   * Adds the windows of what has been scanned since, and hands the task over to them when they are all. Returns the ids of the new ones,
   * and whether nothing is left to do but to merge.
   */
  async addWindows({ lease, task }: ClaimedTask, plan: PlannedPart): Promise<{ added: string[]; complete: boolean }> {
    const added = plan.windows.map((window, k) => ({ ...window, id: newId(), ordinal: task.windowsTotal + k, taskId: task.id, status: 'queued' as const }));
    const complete = await this.changeTask(lease, async (manager) => {
      await holdVideo(manager, task.videoId);
      const set = `stage = $3, planned_until = $4, windows_total = windows_total + $5, warnings = warnings || $6::jsonb,
        started_at = COALESCE(started_at, now()), attempt = 0, lease_until = NULL`;
      const stage: TaskStage = plan.isLast ? 'windows' : 'scan';
      await writeFenced(manager, lease, set, [stage, plan.plannedUntil, added.length, JSON.stringify(plan.warnings)]);
      if (added.length > 0) await manager.createQueryBuilder().insert().into(Window).values(added as never).execute();
      return (await countDone(manager, task.id, TASK_CHANNEL, { windows: 0 })).complete;
    });
    return { added: added.map(({ id }) => id), complete };
  }

  /** Claims the window that is the fairest to do next; looks again while others are faster. */
  async claimWindow(owner: string): Promise<ClaimedWindow | undefined> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      const [row] = await this.dataSource.query<(ClaimedRow | { readonly taskId: null })[]>(CLAIM_FAIREST, [owner, this.config.LEASE_SECONDS]);
      if (!row) return undefined;
      if (row.taskId === null) continue; // another worker was faster
      const { token, taskId, videoId, request, traceparent, ...window } = row;
      return { lease: { table: 'windows', id: window.id, token }, task: { id: taskId, videoId, request, traceparent }, window };
    }
    return undefined;
  }

  /** A window's segments and its state, in one transaction; returns true when it was the last one. */
  async commitWindow({ lease, task, window }: ClaimedWindow, outcome: WindowOutcome): Promise<boolean> {
    const { record, segments, ...ended } = outcome;
    return this.dataSource.transaction(async (manager) => {
      await endWindow(manager, lease, task, `status = 'ready', result = $5, unparsed = $6`, [JSON.stringify(record), ended.unparsed]);
      await this.segments.add(manager, { videoId: task.videoId, taskId: task.id, source: 'model', windowOrdinal: window.ordinal }, segments);
      await tellSegments(manager, task, window, segments);
      return this.countAndTell(manager, task, ended);
    });
  }

  /** Gives a window up; the task goes on without it and says so. Returns true when it was the last one. */
  async failWindow({ lease, task, window }: ClaimedWindow, error: { code: string; message: string }): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await endWindow(manager, lease, task, `status = 'failed', error_code = $5, error_message = $6`, [error.code, error.message]);
      const warning: TaskWarning = { ...error, start_time: window.startTime, end_time: window.endTime };
      return this.countAndTell(manager, task, { warnings: [warning] });
    });
  }

  /** Puts a window back: at once and without counting the attempt, or after a pause that doubles with every attempt. */
  async returnWindow({ lease, window }: ClaimedWindow, { refund }: { refund: boolean }): Promise<void> {
    await giveBack(this.dataSource, lease, window.attempt, { refund, set: `status = 'queued'` });
  }

  /** Segments before and after merging change places in one transaction with the task's end. */
  async finishTask({ lease, task }: ClaimedTask, merge: (events: readonly Segment[], looked: readonly Window[]) => NewSegment[]): Promise<void> {
    await this.changeTask(lease, async (manager) => {
      await holdVideoAlone(manager, task.videoId);
      const windows = await manager.find(Window, { select: LOOKED_AT, where: { taskId: task.id } });
      const failed = windows.filter((window) => window.status === 'failed');
      const nothingSeen = windows.length > 0 && failed.length === windows.length;
      const end = nothingSeen ? `status = 'failed'` : `status = 'ready', processed_until = end_time`;
      await writeFenced(
        manager,
        lease,
        `${end}, stage = 'done', error_code = $3, error_message = $4, finished_at = now(), lease_until = NULL`,
        nothingSeen ? [failed[0]?.errorCode, failed[0]?.errorMessage] : [null, null],
      );
      const merged = merge(await this.segments.ofWindows(manager, task.id), windows.filter((window) => window.status === 'ready'));
      await this.segments.replaceWindows(manager, { videoId: task.videoId, taskId: task.id, source: 'model' }, merged);
      const error = { code: failed[0]?.errorCode ?? '', message: failed[0]?.errorMessage ?? '' };
      await tellEnd(manager, task, nothingSeen ? { error } : { segments: merged.length });
      await completeBatchOf(manager, task.id);
    });
  }

  async failTask({ lease, task }: ClaimedTask, { code, message }: { code: string; message: string }): Promise<void> {
    await this.changeTask(lease, async (manager) => {
      await holdVideoAlone(manager, task.videoId);
      await writeFenced(manager, lease, `status = 'failed', error_code = $3, error_message = $4, finished_at = now(), lease_until = NULL`, [code, message]);
      await tellEnd(manager, task, { error: { code, message } });
      await completeBatchOf(manager, task.id);
    });
  }

  /** Gives the task back: at once and without counting the attempt, or after a pause that doubles with every attempt. */
  async returnTask({ lease, task }: ClaimedTask, { refund }: { refund: boolean }): Promise<void> {
    await giveBack(this.dataSource, lease, task.attempt, { refund });
  }

  private async countAndTell(manager: EntityManager, task: ClaimedWindow['task'], ended: Omit<Ended, 'windows'>): Promise<boolean> {
    const { complete, isQuiet } = await countDone(manager, task.id, TASK_CHANNEL, { ...ended, windows: 1 });
    if (isQuiet) await tellProgress(manager, task);
    return complete;
  }

  private async changeTask<T>(lease: Lease, write: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      const result = await write(manager);
      await manager.query('SELECT pg_notify($1, $2)', [TASK_CHANNEL, lease.id]);
      return result;
    });
  }

  private get lease(): { leaseSeconds: number } {
    return { leaseSeconds: this.config.LEASE_SECONDS };
  }
}

// The state machine of tasks and windows: every step is one fenced transaction in Postgres.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { claim, FREE, giveBack, type Lease, MOST_LOOKS, writeFenced } from '../platform/database/lease.js';
import { type NewSegment, type Segment, SegmentsService } from '../segments/index.js';
import { completeBatchOf } from './batch-completion.js';
import { Task, type TaskStage, type TaskWarning } from './task.entity.js';
import { tellEnd, tellProgress, tellSegments } from './tell-task.js';
import { Window, type WindowRecord } from './window.entity.js';
import { holdVideo, holdVideoAlone } from '../videos/index.js';
import { countDone, lockRunningTask } from './window-progress.js';

/** Postgres channel that carries the id of each task that changed. */
export const TASK_CHANNEL = 'task_changed';

/** By priority, then the tasks by turns, so that a short clip does not wait for all of an hour; of each only its first window that nobody has. */
const FAIREST = `
  SELECT next.id FROM tasks task
   CROSS JOIN LATERAL (
     SELECT id FROM windows WHERE task_id = task.id AND status IN ('queued', 'processing') AND ${FREE} ORDER BY ordinal LIMIT 1
   ) next
   WHERE task.status = 'processing' AND task.windows_done < task.windows_total
   ORDER BY task.priority, task.served_at NULLS FIRST, task.id
   LIMIT 1`;

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
      return countDone(manager, task.id, TASK_CHANNEL);
    });
    return { added: added.map(({ id }) => id), complete };
  }

  /** Claims the window that is the fairest to do next; looks again while others are faster. */
  async claimWindow(owner: string): Promise<ClaimedWindow | undefined> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      const [fairest] = await this.dataSource.query<{ id: string }[]>(FAIREST);
      if (!fairest) return undefined;
      const where = `status IN ('queued', 'processing')
        AND EXISTS (SELECT 1 FROM tasks WHERE tasks.id = row.task_id AND tasks.status = 'processing')`;
      const lease = await claim(this.dataSource, 'windows', fairest.id, { owner, ...this.lease, where, set: `status = 'processing'` });
      const window = lease && (await this.dataSource.getRepository(Window).findOneBy({ id: fairest.id }));
      const task = window && (await this.dataSource.getRepository(Task).findOneBy({ id: window.taskId }));
      if (!task) continue; // another worker was faster, or it was deleted with its video
      const claimed = { lease, window, task };
      if (task.status !== 'processing') {
        await this.returnWindow(claimed, { refund: true }); // canceled while the claim waited for its row
        continue;
      }
      await this.dataSource.query('UPDATE tasks SET served_at = clock_timestamp() WHERE id = $1', [window.taskId]);
      return claimed;
    }
    return undefined;
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
      await tellSegments(manager, task, window, outcome.segments);
      return this.countAndTell(manager, task);
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
      return this.countAndTell(manager, task);
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

  private async countAndTell(manager: EntityManager, task: Task): Promise<boolean> {
    const complete = await countDone(manager, task.id, TASK_CHANNEL);
    await tellProgress(manager, task);
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

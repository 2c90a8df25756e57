// Counts finished windows into their task, inside the transaction that finished one.
import type { EntityManager } from 'typeorm';
import { AppError } from '../app-error.js';
import { type Lease } from '../platform/database/lease.js';
import { type TaskWarning } from './task.entity.js';
import { PROGRESS_IS_DUE } from './tell-task.js';

/**
 * Ends a window with `set`, while its lease is ours and its task runs; rejects with `lease.lost` otherwise. Holds the video, then the task: the
 * windows of one task end one after the other.
 */
export async function endWindow(manager: EntityManager, { id, token }: Lease, task: { id: string; videoId: string }, set: string, parameters: readonly unknown[]): Promise<void> {
  const [, count] = await manager.query<[unknown[], number]>(
    `WITH video AS MATERIALIZED (SELECT id FROM videos WHERE id = $3 FOR KEY SHARE),
          task AS MATERIALIZED (SELECT tasks.id FROM tasks JOIN video ON video.id = tasks.video_id WHERE tasks.id = $4 AND tasks.status = 'processing' FOR UPDATE OF tasks)
     UPDATE windows SET ${set}, lease_until = NULL, updated_at = now() FROM task
      WHERE windows.id = $1 AND lease_token = $2 AND lease_until IS NOT NULL AND task_id = task.id`,
    [id, token, task.videoId, task.id, ...parameters],
  );
  if (count !== 1) throw new AppError('lease.lost', `windows ${id} has passed to another worker, or its task no longer runs.`);
}

/** What windows that ended change in their task. */
export interface Ended {
  readonly windows: 0 | 1;
  readonly unparsed?: number;
  readonly warnings?: readonly TaskWarning[];
  readonly model?: { readonly name: string; readonly hash: string };
}

export interface Counted {
  /** No window is left, nor will come. */
  readonly complete: boolean;
  /** For a while nobody was told how far it is. */
  readonly isQuiet: boolean;
}

/** Counts it in, brings `processed_until` up to date, and tells listeners. The task is held already. */
export async function countDone(manager: EntityManager, taskId: string, channel: string, { windows, unparsed = 0, warnings = [], model }: Ended): Promise<Counted> {
  const [counted] = await manager.query<Counted[]>(
    `WITH counted AS (
       UPDATE tasks SET windows_done = windows_done + $2, unparsed = unparsed + $3, warnings = warnings || $4::jsonb,
              model_name = COALESCE($5, model_name), model_hash = COALESCE($6, model_hash), updated_at = now(),
              processed_until = GREATEST(processed_until, COALESCE(
                (SELECT start_time FROM windows WHERE task_id = $1 AND status IN ('queued', 'processing') ORDER BY ordinal LIMIT 1), planned_until))
        WHERE id = $1
       RETURNING stage = 'windows' AND windows_total = windows_done AS complete, ${PROGRESS_IS_DUE} AS "isQuiet")
     SELECT complete, "isQuiet", pg_notify($7, $1::text) FROM counted`,
    [taskId, windows, unparsed, JSON.stringify(warnings), model?.name, model?.hash, channel],
  );
  return counted ?? { complete: false, isQuiet: false };
}

// Counts finished windows into their task, inside the transaction that finished one.
import type { EntityManager } from 'typeorm';
import { AppError } from '../app-error.js';

/** Serialises the windows of one task; rejects with `lease.lost` when the task no longer runs (canceled, deleted). */
export async function lockRunningTask(manager: EntityManager, taskId: string): Promise<void> {
  const rows = await manager.query<unknown[]>(`SELECT 1 FROM tasks WHERE id = $1 AND status = 'processing' FOR UPDATE`, [taskId]);
  if (rows.length === 0) throw new AppError('lease.lost', `Task ${taskId} no longer runs.`);
}

/** Brings `windows_done` and `processed_until` up to date, tells listeners, and returns true when no window is left, nor will come. */
export async function countDone(manager: EntityManager, taskId: string, channel: string): Promise<boolean> {
  const [rows] = await manager.query<[{ complete: boolean }[], number]>(
    `UPDATE tasks SET windows_done = done.count, updated_at = now(),
            processed_until = GREATEST(tasks.processed_until, COALESCE(done.first_open, tasks.planned_until))
       FROM (SELECT count(*) FILTER (WHERE status IN ('ready', 'failed'))::int AS count,
                    min(start_time) FILTER (WHERE status NOT IN ('ready', 'failed')) AS first_open
               FROM windows WHERE task_id = $1) AS done
      WHERE tasks.id = $1
      RETURNING stage = 'windows' AND windows_total = windows_done AS complete`,
    [taskId],
  );
  await manager.query('SELECT pg_notify($1, $2)', [channel, taskId]);
  return rows[0]?.complete === true;
}

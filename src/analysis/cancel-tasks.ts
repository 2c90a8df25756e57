// Ends tasks before their time: one, or all of a batch.
import type { EntityManager } from 'typeorm';
import { TAKE_LEASE } from '../platform/database/lease.js';
import { CANCELED_CHANNEL, TASK_CHANNEL } from './task-state.js';
import { tellEnd } from './tell-task.js';

/**
 * Returns the ids of the tasks that were still open. What was stored stays readable. Taking the leases away stops whoever works on a task or
 * its windows, at the next beat at the latest.
 */
export async function cancelTasks(manager: EntityManager, which: 'id' | 'batch_id', value: string): Promise<string[]> {
  await manager.query(`SELECT 1 FROM videos WHERE id IN (SELECT video_id FROM tasks WHERE ${which} = $1) ORDER BY id FOR NO KEY UPDATE`, [value]); // before what hangs on them; which analysis of each is read may change
  const [rows] = await manager.query<[{ id: string; videoId: string }[], number]>(
    `UPDATE tasks SET status = 'canceled', ${TAKE_LEASE}, finished_at = now() WHERE ${which} = $1 AND status IN ('queued', 'processing') RETURNING id, video_id AS "videoId"`,
    [value],
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  await manager.query(`UPDATE windows SET ${TAKE_LEASE} WHERE task_id = ANY ($1)`, [ids]);
  for (const task of rows) await tellEnd(manager, task, 'canceled');
  await manager.query('SELECT pg_notify(channel, id::text) FROM unnest($1::text[]) AS channel, unnest($2::uuid[]) AS id', [[TASK_CHANNEL, CANCELED_CHANNEL], ids]);
  return ids;
}

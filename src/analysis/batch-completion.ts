// The end of a batch: told once, in the transaction that ended its last task.
import type { DataSource, EntityManager } from 'typeorm';

/** Postgres channel that carries the id of each batch that was completed. */
export const BATCH_CHANNEL = 'batch_completed';

/** Completes the batch of a task that has just ended, where it was the last; a task without a batch is none of its business. */
export async function completeBatchOf(manager: EntityManager, taskId: string): Promise<void> {
  const [task] = await manager.query<{ batch_id: string | null }[]>('SELECT batch_id FROM tasks WHERE id = $1', [taskId]);
  if (task?.batch_id) await completeBatch(manager, task.batch_id);
}

/** The lock makes two last tasks see each other. */
export async function completeBatch(manager: EntityManager, batchId: string): Promise<void> {
  await manager.query('SELECT 1 FROM task_batches WHERE id = $1 FOR UPDATE', [batchId]);
  const [, completed] = await manager.query<[unknown[], number]>(
    `UPDATE task_batches SET completed_at = now() WHERE id = $1 AND completed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM tasks WHERE batch_id = $1 AND status IN ('queued', 'processing'))`,
    [batchId],
  );
  if (completed > 0) await announceCompletedBatch(manager, batchId);
}

/** Completes batches whose last tasks went with their videos. */
export async function completeAbandonedBatches(dataSource: DataSource): Promise<void> {
  const abandoned = await dataSource.query<{ id: string }[]>(
    `SELECT id FROM task_batches AS batch WHERE completed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM tasks WHERE batch_id = batch.id AND status IN ('queued', 'processing')) LIMIT 500`,
  );
  for (const { id } of abandoned) await dataSource.transaction((manager) => completeBatch(manager, id));
}

/** The one place that tells of a completed batch, within the transaction that completed it. */
async function announceCompletedBatch(manager: EntityManager, batchId: string): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [BATCH_CHANNEL, batchId]);
}

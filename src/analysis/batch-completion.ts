// The end of a batch: told once, in the transaction that ended its last task.
import type { DataSource, EntityManager } from 'typeorm';
import { tell } from '../webhooks/index.js';

/** Completes the batch of a task that has just ended, where it was the last; a task without a batch is none of its business. */
export async function completeBatchOf(manager: EntityManager, taskId: string): Promise<void> {
  const [task] = await manager.query<{ batch_id: string | null }[]>('SELECT batch_id FROM tasks WHERE id = $1', [taskId]);
  if (task?.batch_id) await completeBatch(manager, task.batch_id);
}

/** The lock makes two last tasks see each other. */
export async function completeBatch(manager: EntityManager, batchId: string): Promise<void> {
  await manager.query('SELECT 1 FROM task_batches WHERE id = $1 FOR UPDATE', [batchId]);
  const [[completed]] = await manager.query<[{ tenantId: string }[], number]>(
    `UPDATE task_batches SET completed_at = now() WHERE id = $1 AND completed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM tasks WHERE batch_id = $1 AND status IN ('queued', 'processing'))
      RETURNING tenant_id AS "tenantId"`,
    [batchId],
  );
  if (completed) await tellCompleted(manager, batchId, completed.tenantId);
}

/** Completes batches whose last tasks went with their videos. */
export async function completeAbandonedBatches(dataSource: DataSource): Promise<void> {
  const abandoned = await dataSource.query<{ id: string }[]>(
    `SELECT id FROM task_batches AS batch WHERE completed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM tasks WHERE batch_id = batch.id AND status IN ('queued', 'processing')) LIMIT 500`,
  );
  for (const { id } of abandoned) await dataSource.transaction((manager) => completeBatch(manager, id));
}

async function tellCompleted(manager: EntityManager, id: string, tenantId: string): Promise<void> {
  const counted = await manager.query<{ status: string; count: number }[]>('SELECT status, count(*)::int AS count FROM tasks WHERE batch_id = $1 GROUP BY status', [id]);
  const items = Object.fromEntries(counted.map(({ status, count }) => [status, count]));
  await tell(manager, { type: 'batch.completed', data: { batch_id: id, items }, url: `/v1/analyze/batches/${id}`, of: { tenantId }, subjectId: id });
}

// Batches: accepted whole or not at all, listed, counted, canceled.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { note } from '../audit/index.js';
import { newId } from '../platform/database/id.js';
import { newestFirst } from '../platform/database/newest-first.js';
import { type PageQuery } from '../platform/http/cursor.js';
import { validationPipe } from '../platform/http/validation.pipe.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { planTask } from './analysis.job.js';
import { completeBatch } from './batch-completion.js';
import { type FailedItem, TaskBatch } from './batch.entity.js';
import { type CountedBatch } from './batch.schema.js';
import { cancelTasks } from './cancel-tasks.js';
import { type TaskStatus } from './task.entity.js';
import { type TaskBody, taskRequest } from './task.schema.js';
import { type NewTask, TasksService } from './tasks.service.js';

/** Rings under way at once. */
const RINGS = 50;

const NONE: Readonly<Record<TaskStatus, number>> = { queued: 0, processing: 0, ready: 0, failed: 0, canceled: 0 };

@Injectable()
export class BatchesService {
  private readonly batches: Repository<TaskBatch>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly tasks: TasksService,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {
    this.batches = dataSource.getRepository(TaskBatch);
  }

  /** Rejects with `quota.concurrent_tasks`. The batch and its tasks in one transaction; then rings, and should one be lost, the sweeper rings again. */
  async create(tenantId: string, items: readonly unknown[]): Promise<CountedBatch> {
    const id = newId();
    const { tasks, failedItems } = await this.prepare(tenantId, items);
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(TaskBatch, { id, tenantId, itemsTotal: items.length, failedItems: failedItems as never });
      await this.tasks.insert(manager, tenantId, tasks.map(({ row, webhook, index }) => ({ row: { ...row, batchId: id, batchItem: index }, webhook })));
      await note(manager, { action: 'batch.created', subject: { type: 'batch', id }, tenantId, details: { tasks: tasks.length } });
      await completeBatch(manager, id); // where no item is left, it is over
    });
    for (let from = 0; from < tasks.length; from += RINGS) {
      await Promise.all(tasks.slice(from, from + RINGS).map(({ row }) => this.queue.ring(planTask, row.id)));
    }
    return this.get(tenantId, id);
  }

  /** Rejects with `batch.not_found`. */
  async get(tenantId: string, id: string): Promise<CountedBatch> {
    const batch = await this.batches.findOneBy({ id, tenantId });
    if (!batch) throw new AppError('batch.not_found', `There is no batch ${id}.`);
    const [counted] = await this.count([batch]);
    return counted ?? { batch, counts: NONE };
  }

  /** Newest first. */
  async list(tenantId: string, page: PageQuery) {
    const { data, next_cursor } = await newestFirst(this.batches, { tenantId }, page);
    return { data: await this.count(data), next_cursor };
  }

  /** Ends the tasks that are still open; what was found stays. Rejects with `batch.not_found` or `batch.already_completed`. */
  async cancel(tenantId: string, id: string): Promise<CountedBatch> {
    const { batch } = await this.get(tenantId, id);
    if (batch.completedAt && !batch.canceledAt) throw new AppError('batch.already_completed', `Batch ${id} is completed; there is nothing left to cancel.`);
    await this.dataSource.transaction(async (manager) => {
      const canceled = await cancelTasks(manager, 'batch_id', id); // tasks are locked before their batch, as by those who finish them
      await manager.query('UPDATE task_batches SET canceled_at = COALESCE(canceled_at, now()) WHERE id = $1 AND completed_at IS NULL', [id]);
      if (canceled.length > 0) await note(manager, { action: 'batch.canceled', subject: { type: 'batch', id }, tenantId, details: { tasks: canceled.length } });
      await completeBatch(manager, id);
    });
    return this.get(tenantId, id);
  }

  private async prepare(tenantId: string, items: readonly unknown[]) {
    const tasks: (NewTask & { index: number })[] = [];
    const failedItems: FailedItem[] = [];
    for (const [index, item] of items.entries()) {
      try {
        const body = (await validationPipe.transform(item, { type: 'body', schema: taskRequest })) as TaskBody;
        tasks.push({ ...(await this.tasks.prepare(tenantId, body)), index });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        failedItems.push({ index, code: error.code, message: error.message });
      }
    }
    return { tasks, failedItems };
  }

  private async count(batches: readonly TaskBatch[]): Promise<CountedBatch[]> {
    const rows = await this.dataSource.query<{ batch_id: string; status: TaskStatus; count: number }[]>(
      'SELECT batch_id, status, count(*)::int AS count FROM tasks WHERE batch_id = ANY ($1) GROUP BY batch_id, status',
      [batches.map(({ id }) => id)],
    );
    return batches.map((batch) => {
      const own = rows.filter((row) => row.batch_id === batch.id).map(({ status, count }) => [status, count]);
      return { batch, counts: { ...NONE, ...(Object.fromEntries(own) as Partial<typeof NONE>) } };
    });
  }
}

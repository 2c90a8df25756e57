// The batch resource: many tasks asked for at once.
import { z } from 'zod';
import { pageOf } from '../platform/http/cursor.js';
import { type TaskBatch } from './batch.entity.js';
import { type TaskStatus } from './task.entity.js';
import { subjectWebhook } from '../webhooks/index.js';
import { taskRequest } from './task.schema.js';

/** Largest JSON body: a thousand items with definitions of their own. */
export const BATCH_BODY_BYTES = 8 * 1024 ** 2;

const MOST_ITEMS = 1000;

export const batchId = z.uuid().describe('Id of a batch.');

const webhook = subjectWebhook.optional();

/** Items are looked at one by one: a faulty one is told of and does not keep the others from being done. */
export const batchRequest = z.strictObject({ items: z.array(z.unknown()).min(1).max(MOST_ITEMS), webhook });
export type BatchBody = z.infer<typeof batchRequest>;

/** What the items should be. */
export const documentedBatchRequest = z.strictObject({ items: z.array(taskRequest).min(1).max(MOST_ITEMS), webhook });

const count = z.number().int();

export const batchResource = z
  .object({
    id: batchId,
    object: z.literal('batch'),
    status: z.enum(['queued', 'processing', 'completed', 'canceled']).describe('completed: every task has ended, well or not.'),
    items: count.describe('Items of the request; its tasks are GET /v1/analyze/tasks?batch_id=.'),
    counts: z
      .object({ queued: count, processing: count, ready: count, failed: count, canceled: count, deleted: count })
      .describe('Tasks by state; deleted: gone with their videos.'),
    failed_items: z.array(z.object({ index: count, code: z.string(), message: z.string() })).describe('Items that no task was made of.'),
    webhook_id: z.uuid().nullable().describe('The webhook that is told of this batch alone: its log is under /v1/webhooks/{id}/deliveries.'),
    created_at: z.iso.datetime(),
    completed_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Batch' });

export const batchPage = pageOf(batchResource).meta({ id: 'BatchPage' });

/** A batch with how many of its tasks are in which state. */
export interface CountedBatch {
  readonly batch: TaskBatch;
  readonly counts: Readonly<Record<TaskStatus, number>>;
  /** Bound to it alone. */
  readonly webhookId: string | null;
}

export function presentBatch({ batch, counts, webhookId }: CountedBatch): z.infer<typeof batchResource> {
  const { queued, processing, ready, failed, canceled } = counts;
  const tasks = batch.itemsTotal - batch.failedItems.length;
  return {
    id: batch.id,
    object: 'batch',
    status: batch.completedAt ? (batch.canceledAt ? 'canceled' : 'completed') : queued === tasks ? 'queued' : 'processing',
    items: batch.itemsTotal,
    counts: { queued, processing, ready, failed, canceled, deleted: tasks - queued - processing - ready - failed - canceled },
    failed_items: batch.failedItems.map((item) => ({ ...item })),
    webhook_id: webhookId,
    created_at: batch.createdAt.toISOString(),
    completed_at: batch.completedAt?.toISOString() ?? null,
  };
}

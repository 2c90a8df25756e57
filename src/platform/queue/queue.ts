// The queue: BullMQ on Postgres, or on Redis where there is one.
import { BullmqQueue } from './bullmq-queue.js';
import { type Queue } from './doorbell.js';
import { openPostgresBackend } from './postgres-backend.js';
import { openRedisBackend } from './redis-backend.js';

export { QUEUE, type Queue, type RingOptions, type Worker, type WorkOptions } from './doorbell.js';
export { definedJobs, defineJob, type JobContract, type JobHandler, type WorkerRole } from './job.js';

export interface QueueOptions {
  readonly databaseUrl: string;
  /** Where it is set the queue lives in Redis instead of Postgres. */
  readonly redisUrl?: string | undefined;
  /** How long a worker may show no sign of life before its job is given to another; default 60. */
  readonly lockSeconds?: number;
}

/** Connects and prepares the backend. Rejects with `queue.unreachable`. */
export async function createQueue({ databaseUrl, redisUrl, lockSeconds = 60 }: QueueOptions): Promise<Queue> {
  const backend = redisUrl ? await openRedisBackend(redisUrl) : await openPostgresBackend(databaseUrl);
  return new BullmqQueue(backend, lockSeconds);
}

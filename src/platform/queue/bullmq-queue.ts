// The queue on BullMQ: one BullMQ queue per kind of job, so that kinds never wait for each other.
import type { Queue as BullQueueClass } from 'bullmq';
import type { RequestHandler } from 'express';
import { log } from '../log/log.js';
import { type QueueBackend, unreachable, within } from './backend.js';
import { createBoard } from './board.js';
import { BullmqWorker } from './bullmq-worker.js';
import { type Queue, type RingOptions, type Worker, type WorkOptions } from './doorbell.js';
import { type JobContract, type JobHandler, pairHandlers } from './job.js';

/** Namespace of the keys in Redis. */
const PREFIX = 'secondsight';

type BullQueue = InstanceType<QueueBackend['bull']['Queue']>;

const ANSWER_SECONDS = 3;
const DEFAULT_PRIORITY = 100;

export class BullmqQueue implements Queue {
  private readonly queues = new Map<string, BullQueue>();
  private readonly workers = new Set<BullmqWorker>();

  constructor(
    private readonly backend: QueueBackend,
    private readonly lockSeconds: number,
  ) {}

  async ring({ name }: JobContract, id: string, { priority = DEFAULT_PRIORITY }: RingOptions = {}): Promise<void> {
    // Whether work is tried again is decided in Postgres, so a job has one attempt and leaves no trace.
    const deduplication = { id, keepLastIfActive: true };
    const options = { priority, deduplication, attempts: 1, removeOnComplete: true, removeOnFail: true };
    try {
      await within(ANSWER_SECONDS, this.queueOf(name).add(name, { id }, options));
    } catch (error) {
      log.warn({ err: error, job: name, id }, 'could not ring; the sweeper will');
    }
  }

  async work(handlers: Readonly<Record<string, JobHandler>>, { jobs, concurrency }: WorkOptions): Promise<Worker> {
    const paired = pairHandlers(jobs, handlers);
    await this.check();
    const counts = new Map(jobs.map((job) => [job.name, typeof concurrency === 'number' ? concurrency : concurrency(job)]));
    const worker = new BullmqWorker(this.backend, paired, { concurrency: counts, lockSeconds: this.lockSeconds, prefix: PREFIX });
    this.workers.add(worker);
    await worker.begin().catch((cause: unknown) => {
      this.workers.delete(worker);
      throw unreachable(this.backend.name, cause);
    });
    return worker;
  }

  async check(): Promise<void> {
    await within(ANSWER_SECONDS, this.backend.check()).catch((cause: unknown) => {
      throw unreachable(this.backend.name, cause);
    });
  }

  board(jobs: readonly JobContract[], basePath: string): RequestHandler {
    return createBoard(jobs.map(({ name }) => this.queueOf(name) as unknown as BullQueueClass), basePath);
  }

  async close(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.close()));
    await closeQuietly([...this.queues.values()].map((queue) => queue.close()));
    await closeQuietly([this.backend.close()]);
  }

  private queueOf(name: string): BullQueue {
    const known = this.queues.get(name);
    if (known) return known;
    const queue = new this.backend.bull.Queue(name, { connection: this.backend.producer, prefix: PREFIX });
    queue.on('error', (error) => log.debug({ err: error, job: name }, 'queue connection')); // `ring` reports what fails
    this.queues.set(name, queue);
    return queue;
  }
}

/** A server that is gone cannot say goodbye: waits a bounded time and goes on. */
async function closeQuietly(closing: readonly Promise<unknown>[]): Promise<void> {
  await within(ANSWER_SECONDS, Promise.allSettled(closing)).catch((error: unknown) => {
    log.debug({ err: error }, 'queue closed without an answer');
  });
}

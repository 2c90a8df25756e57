// The queue port: a doorbell. Postgres knows what is to be done; the queue only says when to look.
import type { RequestHandler } from 'express';
import { type JobContract, type JobHandler } from './job.js';

/** Injection token of the Queue. */
export const QUEUE = Symbol('Queue');

export interface RingOptions {
  /** Lower is sooner, among jobs of the same kind; default 100. */
  readonly priority?: number;
}

export interface WorkOptions {
  /** Every job that is to be done here; start-up fails unless each has exactly one handler. */
  readonly jobs: readonly JobContract[];
  /** Jobs of one kind done at a time, the same for all kinds or of each its own; kinds never wait for each other. */
  readonly concurrency: number | ((job: JobContract) => number);
}

export interface Queue {
  /**
   * Rings for `id`. Rings for the same job and id are one while it waits; one that comes while it is being done is
   * answered afterwards. A ring that cannot be delivered is logged, not thrown: the sweeper rings again for whatever
   * Postgres says is left to do.
   */
  ring(job: JobContract, id: string, options?: RingOptions): Promise<void>;
  /** Starts to answer. Rejects with `queue.handlers_mismatch` or `queue.unreachable`. */
  work(handlers: Readonly<Record<string, JobHandler>>, options: WorkOptions): Promise<Worker>;
  /** Rejects with `queue.unreachable`; for readiness. */
  check(): Promise<void>;
  /** A page that shows the queues of these jobs; it answers GET below `basePath`, given paths without it. */
  board(jobs: readonly JobContract[], basePath: string): RequestHandler;
  /** Closes every connection, workers included, in bounded time. */
  close(): Promise<void>;
}

export interface Worker {
  /**
   * Takes nothing new; after `graceSeconds` (default 0) aborts the signals of what is still being done and puts it back
   * to wait, so that another worker takes it up at once.
   */
  close(options?: { graceSeconds?: number }): Promise<void>;
}

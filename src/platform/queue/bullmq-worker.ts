// Answers the doorbell with BullMQ workers, one per kind of job.
import { type Job, WaitingError, type WorkerOptions } from 'bullmq';
import { AppError } from '../../app-error.js';
import { log } from '../log/log.js';
import { type Consumer, type QueueBackend, within } from './backend.js';
import { type Worker } from './doorbell.js';
import { type JobHandler } from './job.js';

const CONNECT_SECONDS = 15;
/** What a handler has for itself after its signal was aborted. */
const ABORT_SECONDS = 5;
const REPEATED_ERROR_MS = 10_000;

type BullWorker = InstanceType<QueueBackend['bull']['Worker']>;

interface Ring {
  readonly id: string;
}

export class BullmqWorker implements Worker {
  private readonly consumer: Consumer;
  private readonly workers: readonly BullWorker[];
  private readonly stopping = new AbortController();
  private closed: Promise<void> | undefined;
  private lastError = { message: '', at: 0 };

  constructor(
    backend: QueueBackend,
    handlers: ReadonlyMap<string, JobHandler>,
    { concurrency, lockSeconds, prefix }: { concurrency: ReadonlyMap<string, number>; lockSeconds: number; prefix: string },
  ) {
    this.consumer = backend.consumerOf(handlers.size);
    const options: WorkerOptions = {
      connection: this.consumer.connection,
      autorun: false,
      prefix,
      lockDuration: lockSeconds * 1000,
      stalledInterval: (lockSeconds * 1000) / 4,
      maxStalledCount: 2 ** 31 - 1, // how often is often enough is decided in Postgres
      runRetryDelay: 1000,
    };
    this.workers = [...handlers].map(([name, handle]) => this.start(backend, name, handle, { ...options, concurrency: concurrency.get(name) ?? 1 }));
  }

  /** Rejects, and nothing is answered, when a connection is not made in time: BullMQ would ask for jobs without a pause for as long as the process lives. */
  async begin(): Promise<void> {
    try {
      await within(CONNECT_SECONDS, Promise.all(this.workers.map((worker) => worker.waitUntilReady())));
    } catch (error) {
      await this.close();
      this.consumer.end(); // else what it holds stands in the way of the next attempt
      throw error;
    }
    for (const worker of this.workers) worker.run().catch((error: unknown) => this.report(worker.name, error as Error));
  }

  close({ graceSeconds = 0 }: { graceSeconds?: number } = {}): Promise<void> {
    this.closed ??= this.shutDown(graceSeconds);
    return this.closed;
  }

  private async shutDown(graceSeconds: number): Promise<void> {
    const finished = Promise.allSettled(this.workers.map((worker) => worker.close()));
    const abort = (): void => this.stopping.abort(new AppError('worker.stopping', 'The worker is shutting down.'));
    const timer = setTimeout(abort, graceSeconds * 1000);
    await within(graceSeconds + ABORT_SECONDS, finished).catch(() => {
      log.warn('some work did not stop in time; its locks will run out');
    });
    clearTimeout(timer);
  }

  private start(backend: QueueBackend, name: string, handle: JobHandler, options: WorkerOptions): BullWorker {
    const answer = (job: Job<unknown>, token?: string): Promise<unknown> => this.answer(job, token, handle);
    const worker = new backend.bull.Worker<unknown, unknown>(name, answer, options);
    return worker.on('error', (error) => this.report(name, error));
  }

  private async answer(job: Job<unknown>, token: string | undefined, handle: JobHandler): Promise<void> {
    const { id } = job.data as Ring;
    const { signal } = this.stopping;
    try {
      if (!signal.aborted) await handle(id, signal);
    } catch (error) {
      if (!signal.aborted) log.error({ err: error, job: job.name, id }, 'job failed');
    }
    if (signal.aborted) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
  }

  /** While a server is away BullMQ reports it several times a second; once in ten seconds is enough. */
  private report(job: string, error: Error): void {
    const now = Date.now();
    if (error.message === this.lastError.message && now - this.lastError.at < REPEATED_ERROR_MS) return;
    this.lastError = { message: error.message, at: now };
    log.warn({ err: error, job }, 'queue worker');
  }
}

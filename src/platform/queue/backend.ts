// What a BullMQ backend must offer to carry the queue.
import type { BackendClasses, ConnectionOptions, IQueueBackend } from 'bullmq';
import { AppError } from '../../app-error.js';

export interface QueueBackend {
  readonly name: 'Postgres' | 'Redis';
  /** BullMQ's classes bound to the backend. */
  readonly bull: BackendClasses<IQueueBackend, ConnectionOptions>;
  /** For ringing: fails fast. */
  readonly producer: ConnectionOptions;
  /** For working on so many kinds of jobs: waits for the server to come back. */
  consumerOf(kinds: number): Consumer;
  /** Rejects when the server does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface Consumer {
  readonly connection: ConnectionOptions;
  /** Lets go of what it holds of the server, each connection as soon as it is not used; without it, the backend's `close` does. */
  end(): void;
}

export const unreachable = (backend: string, cause: unknown): AppError =>
  new AppError('queue.unreachable', `The queue's ${backend} does not answer.`, { cause });

/** Rejects with an Error when `promise` takes longer than `seconds`. */
export async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// Waits until a service that was just started can do work.
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type ErrorCode } from '../app-error.js';

/** What of GET /health/ready matters here. */
interface Health {
  readonly status: 'ready' | 'degraded' | 'not_ready';
  readonly workers: readonly {
    readonly id: string; // host:pid:…
    readonly status: 'ready' | 'not_ready';
    readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  }[];
}

/** A process as its supervisor sees it. */
interface Watched {
  readonly pid: number | undefined;
  /** How often it has died. */
  readonly restarts: number;
  /** Its last lines. */
  readonly tail: string;
}

const POLL_MS = 100;
const API_SECONDS = 30;
/** A large checkpoint takes minutes to load. */
const WORKER_SECONDS = 1800;
/** A service that is to run without a worker does not wait for one any longer. */
const HELLO_MS = 15_000;
const LOADING = 'worker.loading';

/**
 * Resolves once a worker is ready, or with `withoutWorker` once the API is and the worker has said what it is about. Rejects with the worker's own code when it
 * cannot load its model, with `worker.died` when it ended, with `service.not_ready` when it takes too long.
 */
export async function untilReady(baseUrl: string, worker: Watched, withoutWorker: boolean): Promise<void> {
  const started = Date.now();
  for (;;) {
    const health = await readHealth(baseUrl);
    const own = health?.workers.find(({ id }) => id.startsWith(`${hostname()}:${worker.pid}:`));
    const elapsed = Date.now() - started;
    const isLoading = own?.status !== 'ready' && (own?.error?.code ?? LOADING) === LOADING && worker.restarts === 0;
    if (own?.status === 'ready' || (withoutWorker && health && health.status !== 'not_ready' && (!isLoading || elapsed > HELLO_MS))) return;
    if (worker.restarts > 0) throw new AppError('worker.died', `The worker ended while starting:\n${worker.tail}`);
    if (own?.error && own.error.code !== LOADING) throw new AppError(own.error.code, own.error.message);
    const limit = health ? WORKER_SECONDS : API_SECONDS;
    if (elapsed > limit * 1000) throw new AppError('service.not_ready', `Nothing was ready after ${limit} s.`);
    await pause(POLL_MS);
  }
}

async function readHealth(baseUrl: string): Promise<Health | undefined> {
  try {
    return (await (await fetch(`${baseUrl}/health/ready`)).json()) as Health;
  } catch {
    return undefined; // not yet
  }
}

// How a process of ours lives: started once, stopped in order by a signal or by the end of its parent.
import { AppError } from '../app-error.js';
import { loadConfig } from './config/config.js';
import { log } from './log/log.js';

/** Starts up and returns how to shut down; the signal aborts as soon as the process is asked to stop. */
export type Start = (stopping: AbortSignal) => Promise<() => Promise<void>>;

/** For connections to be closed after SHUTDOWN_SECONDS; a shutdown that takes longer hangs, on a server that is away perhaps, and is cut short. */
const CLOSING_SECONDS = 1.5;

/** Runs `start`; SIGTERM, SIGINT and a parent that is gone each stop the process in order, once. */
export async function runProcess(start: Start): Promise<void> {
  const stopping = new AbortController();
  let shutDown: (() => Promise<void>) | undefined;
  const stop = (reason: string): void => {
    if (stopping.signal.aborted) return;
    log.info({ reason }, 'stopping');
    stopping.abort();
    setTimeout(() => process.exit(1), (loadConfig().SHUTDOWN_SECONDS + CLOSING_SECONDS) * 1000).unref();
    void (shutDown?.() ?? Promise.resolve()).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  if (process.connected) process.on('disconnect', () => stop('parent gone'));
  try {
    shutDown = await start(stopping.signal);
  } catch (error) {
    if (error instanceof AppError) log.fatal({ code: error.code }, error.message);
    else log.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}

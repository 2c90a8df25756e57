// How a command that runs a service ends: in order, whoever asks for it.
import { watchLauncher } from '../platform/embedded/launcher.js';

const INTERRUPTED = 130;

export interface Ending {
  /** Resolves when everything has stopped; reading it says that the command serves until then. */
  readonly stopped: Promise<void>;
  stop(): Promise<void>;
}

/** Calls `stop` once: by `Ending.stop`, at SIGINT, SIGTERM or SIGHUP, or when npm, which launched us, is gone. */
export function endWithSignals(stop: () => Promise<void>): Ending {
  let serving = false;
  let resolveStopped = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (resolveStopped = resolve));
  let stopping: Promise<void> | undefined;
  const end = (): Promise<void> => {
    stopping ??= stop().finally(() => {
      release();
      resolveStopped();
    });
    return stopping;
  };
  const interrupt = (): void => {
    void end().finally(() => {
      if (!serving) process.exit(INTERRUPTED);
    });
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  const endWatch = process.env['npm_lifecycle_event'] ? watchLauncher(interrupt) : () => undefined;
  const release = (): void => {
    endWatch();
    for (const signal of signals) process.off(signal, interrupt);
  };
  return {
    get stopped() {
      serving = true;
      return stopped;
    },
    stop: end,
  };
}

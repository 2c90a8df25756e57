// Waits for what takes its time: asks again, ever less often.
import { SecondsightError } from './error.js';

export interface WaitOptions<T> {
  /** Told of every state that is seen. */
  readonly onChange?: (state: T) => void;
  readonly signal?: AbortSignal;
  /** Default: for as long as it takes. */
  readonly timeoutMs?: number;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
const GROWTH = 1.5;

/** The first state that is an end. Rejects as `read` does, with `client.timeout`, or with the reason of the signal. */
export async function waitUntil<T>(read: () => Promise<T>, isEnd: (state: T) => boolean, { onChange, signal, timeoutMs = Infinity }: WaitOptions<T> = {}): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (let next = FIRST_PAUSE_MS; ; next = Math.min(LONGEST_PAUSE_MS, next * GROWTH)) {
    const state = await read();
    onChange?.(state);
    if (isEnd(state)) return state;
    if (Date.now() + next > deadline) throw new SecondsightError('client.timeout', `It has not ended within ${timeoutMs} ms; the service goes on with it.`);
    await pause(next, signal);
  }
}

/** Rejects with the reason of the signal as soon as there is one. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

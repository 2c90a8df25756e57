// What becomes of a request whose caller has lost interest.
import { AppError } from '../app-error.js';

/** The signal's reason where it is an AppError, else `inference.aborted`. */
export function abortError(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason;
  return reason instanceof AppError ? reason : new AppError('inference.aborted', 'The request was aborted.', { cause: reason });
}

/** Settles as `request` does, or rejects as soon as the signal aborts; the listener goes with the request. */
export function unlessAborted<Value>(request: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return request;
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(abortError(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    const forget = (): void => signal.removeEventListener('abort', onAbort);
    request.then(forget, forget);
  });
  return Promise.race([request, aborted]);
}

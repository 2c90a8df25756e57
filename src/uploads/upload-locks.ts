// One request at a time works on an upload: the one that comes asks the one that is there to end, and waits until it has.
import { ERRORS, type Lock, type Locker, type RequestRelease } from '@tus/server';

/** A connection that nobody knows to be dead has ended long before. */
const WAIT_MS = 30_000;

interface Holder {
  readonly requestRelease: RequestRelease;
  readonly released: Promise<void>;
  readonly release: () => void;
}

export class UploadLocks implements Locker {
  private readonly holders = new Map<string, Holder>();

  newLock(id: string): Lock {
    return { lock: (signal, requestRelease) => this.acquire(id, signal, requestRelease), unlock: () => Promise.resolve(this.release(id)) };
  }

  private async acquire(id: string, signal: AbortSignal, requestRelease: RequestRelease): Promise<void> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]);
    for (let holder = this.holders.get(id); holder; holder = this.holders.get(id)) {
      await holder.requestRelease();
      await Promise.race([holder.released, aborted(patience)]);
      if (patience.aborted) throw ERRORS.ERR_LOCK_TIMEOUT; // eslint-disable-line @typescript-eslint/only-throw-error -- what the server understands
    }
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    this.holders.set(id, { requestRelease, released, release });
  }

  private release(id: string): void {
    this.holders.get(id)?.release();
    this.holders.delete(id);
  }
}

const aborted = (signal: AbortSignal): Promise<void> => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

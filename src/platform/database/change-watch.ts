// Waits for something to change: heard by a notification, or looked at again after a while where that was lost.
import { type Notifications } from './notifications.js';

export class ChangeWatch {
  private changed = false;
  private wake = (): void => undefined;
  private readonly unsubscribe: () => void;

  /** Listens at once: what changes between a look and the next wait is not missed. */
  constructor(notifications: Notifications, channel: string, id: string) {
    this.unsubscribe = notifications.subscribe(channel, (payload) => {
      if (payload !== id) return;
      this.changed = true;
      this.wake();
    });
  }

  /** Resolves at the first change since the last wait, or after `ms`, or when the signal aborts. */
  async next(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.changed && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, Math.max(0, ms));
        signal?.addEventListener('abort', done);
        this.wake = done;
      });
    }
    this.changed = false;
    this.wake = () => undefined;
  }

  end(): void {
    this.unsubscribe();
  }
}

// Whether the store of the videos can be used: asked once for all who want to know at about the same time, and not waited for long.
import { type Storage } from '../platform/storage/index.js';

/** Longest that the store may take, and how long what it said is taken for true; less than those who probe us wait. */
const BOUND_MS = 3000;

export class StoreProbe {
  private askedAt = -Infinity;
  private state: Promise<'up' | 'down'> = Promise.resolve('up');

  constructor(private readonly storage: Pick<Storage, 'check'>) {}

  tell(): Promise<'up' | 'down'> {
    if (Date.now() - this.askedAt < BOUND_MS) return this.state;
    this.askedAt = Date.now();
    return (this.state = this.ask(AbortSignal.timeout(BOUND_MS)));
  }

  private ask(signal: AbortSignal): Promise<'up' | 'down'> {
    const late = new Promise<'down'>((resolve) => signal.addEventListener('abort', () => resolve('down'), { once: true }));
    const asked = this.storage.check(signal).then(
      () => 'up' as const,
      () => 'down' as const,
    );
    return Promise.race([asked, late]);
  }
}

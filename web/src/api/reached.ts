// A request that is worth waiting with while the service is away.
import { whenBack } from './connection';
import { isUnreachable } from './problem';

/** Rejects with what the service itself refuses. */
export async function reached<T>(request: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      await whenBack();
    }
  }
}

// The order in which rows are locked.
import type { EntityManager } from 'typeorm';

/** Locks the video before anything that hangs on it, in the order that a deletion takes. */
export async function holdVideo(manager: EntityManager, videoId: string): Promise<void> {
  await manager.query('SELECT 1 FROM videos WHERE id = $1 FOR KEY SHARE', [videoId]);
}

// The order in which rows are locked.
import type { EntityManager } from 'typeorm';

/** Locks the video before anything that hangs on it, in the order that a deletion takes; others may hold it too. */
export async function holdVideo(manager: EntityManager, videoId: string): Promise<void> {
  await manager.query('SELECT 1 FROM videos WHERE id = $1 FOR KEY SHARE', [videoId]);
}

/** The same before the row itself changes, as it does with the end of an analysis: whoever else changes it waits here, and not later with rows that are wanted. */
export async function holdVideoAlone(manager: EntityManager, videoId: string): Promise<void> {
  await manager.query('SELECT 1 FROM videos WHERE id = $1 FOR NO KEY UPDATE', [videoId]);
}

// The perceptual fingerprints of a video, one a second, where a search by picture finds them.
import type { EntityManager } from 'typeorm';
import { type ChunkFindings } from '../model/signals/chunk-findings.js';

/** Replaces those of the chunk inside the caller's transaction. */
export async function storeFingerprints(manager: EntityManager, videoId: string, { startSeconds, endSeconds, fingerprints }: ChunkFindings): Promise<void> {
  await manager.query('DELETE FROM fingerprints WHERE video_id = $1 AND second >= $2 AND second < $3::float8', [videoId, startSeconds, endSeconds]);
  await manager.query(
    `INSERT INTO fingerprints (video_id, second, hash)
     SELECT $1, $2 + place - 1, ('x' || hash)::bit(64) FROM unnest($3::text[]) WITH ORDINALITY AS given (hash, place) WHERE hash IS NOT NULL`,
    [videoId, startSeconds, fingerprints],
  );
}

// Which chunk is scanned next.
import { FREE } from '../platform/database/lease.js';

/** Of each video and of each range that a task waits for, only the first chunk that nobody has is looked at. */
const firstChunk = (of: string): string =>
  `SELECT id, ordinal FROM scan_chunks WHERE ${of} AND status IN ('queued', 'processing') AND ${FREE} ORDER BY ordinal LIMIT 1`;

/** Chunks that a task waits for first, by its priority, then the videos by turns, then in order of time; none of a scan that has ended. */
export const FAIREST_CHUNK = `
  WITH open AS (SELECT id, served_at FROM scans WHERE status IN ('queued', 'processing'))
  SELECT id FROM (
    SELECT chunk.id, task.priority, open.served_at, chunk.ordinal
      FROM open JOIN tasks task ON task.video_id = open.id AND task.status IN ('queued', 'processing')
     CROSS JOIN LATERAL (${firstChunk('video_id = open.id AND end_time > task.start_time AND start_time < task.end_time')}) chunk
    UNION ALL
    SELECT chunk.id, NULL, open.served_at, chunk.ordinal
      FROM open CROSS JOIN LATERAL (${firstChunk('video_id = open.id')}) chunk
  ) candidate
  ORDER BY priority NULLS LAST, served_at NULLS FIRST, ordinal
  LIMIT 1`;

// Which chunk is scanned next.
import { FREE } from '../platform/database/lease.js';

/** Of each video and of each range that a task waits for, only the first chunk that nobody has is looked at. */
const firstChunk = (of: string): string =>
  `SELECT id, ordinal FROM scan_chunks WHERE ${of} AND status IN ('queued', 'processing') AND ${FREE} ORDER BY ordinal LIMIT 1`;

/** Chunks that a task waits for first, by its priority, then the tenants by turns, of each its videos by turns, then in order of time; none of a scan that has ended. */
export const FAIREST_CHUNK = `
  WITH open AS (
    SELECT scans.id, scans.served_at, turn.scanned_at AS tenant_served_at FROM scans
      JOIN videos ON videos.id = scans.id LEFT JOIN tenant_turns turn USING (tenant_id)
     WHERE scans.status IN ('queued', 'processing'))
  SELECT id FROM (
    SELECT chunk.id, task.priority, open.tenant_served_at, open.served_at, chunk.ordinal
      FROM open JOIN tasks task ON task.video_id = open.id AND task.status IN ('queued', 'processing')
     CROSS JOIN LATERAL (${firstChunk('video_id = open.id AND end_time > task.start_time AND start_time < task.end_time')}) chunk
    UNION ALL
    SELECT chunk.id, NULL, open.tenant_served_at, open.served_at, chunk.ordinal
      FROM open CROSS JOIN LATERAL (${firstChunk('video_id = open.id')}) chunk
  ) candidate
  ORDER BY priority NULLS LAST, tenant_served_at NULLS FIRST, served_at NULLS FIRST, ordinal
  LIMIT 1`;

/** That a chunk of the video `$1` was claimed. */
export const MARK_SERVED = `
  WITH served AS (
    UPDATE scans SET served_at = clock_timestamp() FROM videos WHERE scans.id = $1 AND videos.id = scans.id RETURNING videos.tenant_id, scans.served_at)
  INSERT INTO tenant_turns (tenant_id, scanned_at) SELECT tenant_id, served_at FROM served
  ON CONFLICT (tenant_id) DO UPDATE SET scanned_at = excluded.scanned_at`;

// What a video leaves behind, without the ids and the times of day that no two runs share: for comparing a disturbed run with a quiet one.
import { type TaskJson } from '../../src/cli/api-client.js';
import { type BreakableProduct } from './breakable-product.js';

/** Names whose values differ from run to run although the result is the same. */
const OWN = new Set(['id', 'video_id', 'task_id', 'created_at', 'finished_at', 'cached', 'seen']);

/** The same value without ids, at any depth. */
export function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !OWN.has(name)).map(([name, inner]) => [name, withoutIds(inner)]));
}

/** One JSON text for all that the scan, the analysis and the questions of a video gave. */
export async function resultsOf(product: BreakableProduct, videoId: string, task: TaskJson, answers: readonly unknown[] = []): Promise<string> {
  const chunks = await product.rows(
    `SELECT ordinal, start_time, end_time, status, findings, sprite FROM scan_chunks WHERE video_id = $1 ORDER BY ordinal`,
    [videoId],
  );
  const scans = await product.rows('SELECT status, stage, chunks_total, chunks_done, warnings FROM scans WHERE id = $1', [videoId]);
  const fingerprints = await product.rows('SELECT second, hash::text FROM fingerprints WHERE video_id = $1 ORDER BY second', [videoId]);
  const videos = await product.rows('SELECT decoded_until, recorded_at, duration FROM videos WHERE id = $1', [videoId]);
  const windows = await product.rows(
    `SELECT ordinal, start_time, end_time, status, sampling, why, result, unparsed FROM windows WHERE task_id = $1 ORDER BY ordinal`,
    [task.id],
  );
  const segments = await product.client.segments(videoId);
  const { status, stage, unparsed, warnings, error } = task;
  const ended = { status, stage, unparsed, warnings, error, windows: task.windows };
  return JSON.stringify(withoutIds({ ended, segments, windows, videos, scans, chunks, fingerprints, answers }), undefined, 1);
}

// The trace that a row belongs to: that of the request which it came from.
import type { DataSource } from 'typeorm';
import { type Lease } from '../src/platform/database/lease.js';
import { parseTraceparent, type SpanContext } from '../src/platform/tracing/trace-context.js';

const QUERIES: Readonly<Record<string, string>> = {
  tasks: 'SELECT traceparent FROM tasks WHERE id = $1',
  moment_queries: 'SELECT traceparent FROM moment_queries WHERE id = $1',
  cuts: 'SELECT traceparent FROM cuts WHERE id = $1',
  proxies: 'SELECT traceparent FROM videos WHERE id = $1',
  scans: 'SELECT traceparent FROM videos WHERE id = $1',
  scan_chunks: 'SELECT videos.traceparent FROM scan_chunks JOIN videos ON videos.id = video_id WHERE scan_chunks.id = $1',
};

/** Undefined for what belongs to none. */
export async function traceOf(dataSource: DataSource, { table, id }: Lease): Promise<SpanContext | undefined> {
  const query = QUERIES[table];
  if (query === undefined) return undefined;
  const [row] = await dataSource.query<{ traceparent: string | null }[]>(query, [id]);
  return parseTraceparent(row?.traceparent);
}

/** The field of the log that names a row. */
const FIELDS: Readonly<Record<string, string>> = {
  tasks: 'task_id',
  windows: 'window_id',
  moment_queries: 'question_id',
  scans: 'video_id',
  scan_chunks: 'chunk_id',
  chat_completions: 'chat_id',
  uploads: 'upload_id',
  webhook_endpoints: 'endpoint_id',
  cuts: 'cut_id',
  proxies: 'video_id',
};

export const fieldOf = ({ table, id }: Lease): Record<string, string> => ({ [FIELDS[table] ?? table]: id });

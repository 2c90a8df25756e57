// Kills the worker again and again while it analyses, and compares the outcome with that of a quiet analysis.
import pg from 'pg';
import { setInterval } from 'node:timers';
import { type Product } from '../harness/product.js';
import { pidsOf } from '../../src/platform/embedded/process-cost.js';

export interface Disturbed {
  readonly kills: number;
  readonly resultEqual: boolean;
  /** Windows and chunks of the scan begun more often than once, counted as often as they were begun again. */
  readonly windowsRepeated: number;
  readonly chunksRepeated: number;
  readonly status: string;
}

export interface KillOptions {
  /** The same pictures as those of the quiet analysis, under another sha-256. */
  readonly file: string;
  readonly quietVideoId: string;
  readonly everySeconds: number;
}

export async function analyseUnderKills(product: Product, { file, quietVideoId, everySeconds }: KillOptions): Promise<Disturbed> {
  const video = await product.api.upload(file);
  let kills = 0;
  const killer = setInterval(() => {
    for (const pid of pidsOf('worker')) kills += Number(process.kill(pid, 'SIGKILL'));
  }, everySeconds * 1000);
  try {
    const task = await product.api.follow(await product.api.analyze(video.id));
    const [quiet, disturbed] = [await segmentBytes(product, quietVideoId), await segmentBytes(product, video.id)];
    const repeated = (sql: string, id: string): Promise<number> => count(product, sql, id);
    return {
      ...{ kills, status: task.status, resultEqual: quiet === disturbed },
      windowsRepeated: await repeated('SELECT coalesce(sum(greatest(attempt - 1, 0)), 0)::int AS count FROM windows WHERE task_id = $1', task.id),
      chunksRepeated: await repeated('SELECT coalesce(sum(greatest(attempt - 1, 0)), 0)::int AS count FROM scan_chunks WHERE video_id = $1', video.id),
    };
  } finally {
    clearInterval(killer);
  }
}

/** Every segment as the API writes it, without what names this one run: ids, and times of day. */
async function segmentBytes({ api }: Product, videoId: string): Promise<string> {
  return JSON.stringify(await api.segments(videoId), (key, value: unknown) => (/^id$|_id$|_at$/.test(key) ? undefined : value));
}

/** Zero where this version of the product has no such table. */
async function count({ databaseUrl }: Product, sql: string, id: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(sql, [id]);
    return rows[0]?.count ?? 0;
  } catch (error) {
    if ((error as { code?: string }).code === '42P01') return 0; // undefined_table
    throw error;
  } finally {
    await client.end();
  }
}

// What happens when something dies or is broken: nothing accepted is lost.
import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { ApiClient, type SegmentJson } from '../../src/cli/api-client.js';
import { demoClip, startProduct, type RunningProduct } from './running-product.js';

let product: RunningProduct | undefined;
afterEach(async () => {
  await product?.stop();
  product = undefined;
});

const times = (segments: readonly SegmentJson[]): unknown[] => segments.map((s) => [s.start_time, s.end_time, s.type, s.text]);

it('finishes an analysis whose worker is killed in the middle, with the same segments as a quiet run', async () => {
  product = await startProduct({ LEASE_SECONDS: '3', SWEEP_SECONDS: '1' });
  const api = new ApiClient(product.baseUrl);
  const video = await api.upload(demoClip('long_4min'));
  const quiet = await api.follow(await api.analyze(video.id));
  const expected = times(await api.segments(video.id));

  const worker = await workerPid();
  let killed = false;
  const disturbed = await api.follow(await api.analyze(video.id), ({ windows }) => {
    if (killed || windows.done < 2) return;
    killed = process.kill(worker, 'SIGKILL');
  });
  expect(killed).toBe(true);
  expect([quiet.status, disturbed.status]).toEqual(['ready', 'ready']);
  expect(times(await api.segments(video.id))).toEqual(expected);
});

it('keeps tasks queued and says why while the checkpoint is broken', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'secondsight-model-'));
  await cp('models/shapeworld-0', directory, { recursive: true });
  await truncate(join(directory, 'model.safetensors'), 1_000_000);
  product = await startProduct({ MODEL_DIR: directory }, { withoutWorker: true });
  const api = new ApiClient(product.baseUrl);
  const video = await api.upload(demoClip('short_30s'));
  const task = await api.analyze(video.id);
  const ready = await until(async () => {
    const response = await fetch(`${product!.baseUrl}/health/ready`);
    const body = (await response.json()) as { status: string; workers: { error: { code: string; message: string } | null }[] };
    return body.workers[0]?.error?.code.startsWith('checkpoint.') ? body : undefined;
  });
  expect(ready.status).toBe('degraded');
  expect(ready.workers[0]!.error!.message).toContain('model.safetensors');
  const { rows } = await query<{ status: string }>('SELECT status FROM tasks WHERE id = $1', [task.id]);
  expect(rows[0]!.status).toBe('queued');
  await rm(directory, { recursive: true, force: true });
});

/** A worker's id holds its process id: host:pid:start. */
async function workerPid(): Promise<number> {
  const { rows } = await query<{ id: string }>('SELECT id FROM workers ORDER BY seen_at DESC LIMIT 1', []);
  return Number(rows[0]!.id.split(':')[1]);
}

async function query<Row extends pg.QueryResultRow>(sql: string, parameters: unknown[]): Promise<pg.QueryResult<Row>> {
  const client = new pg.Client({ connectionString: product!.databaseUrl });
  await client.connect();
  try {
    return await client.query<Row>(sql, parameters);
  } finally {
    await client.end();
  }
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

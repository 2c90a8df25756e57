// What happens when something dies or is broken: nothing accepted is lost.
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ApiClient, type SegmentJson, type TaskJson, type VideoJson } from '../../src/cli/api-client.js';
import { demoClip, startProduct, type RunningProduct } from './running-product.js';

const times = (segments: readonly SegmentJson[]): unknown[] => segments.map((s) => [s.start_time, s.end_time, s.type, s.text]);

describe.skipIf(process.platform !== 'linux')('an analysis (Linux: reads /proc)', () => {
  let product: RunningProduct;
  let api: ApiClient;
  let video: VideoJson;
  let quiet: TaskJson;
  let expected: unknown[];

  beforeAll(async () => {
    product = await startProduct({ LEASE_SECONDS: '3', SWEEP_SECONDS: '1' });
    api = new ApiClient(product.baseUrl);
    video = await api.upload(demoClip('long_4min'));
    quiet = await api.follow(await api.analyze(video.id));
    expected = times(await api.segments(video.id));
  });
  afterAll(() => product?.stop());

  it.each([
    ['the worker', 'workers/main.js'],
    ['the inference child', 'secondsight inference'],
    ['the api', 'src/main.js'],
  ])('goes on when %s is killed in the middle, and ends as a quiet one does', async (_name, command) => {
    let killed = false;
    const disturbed = await api.follow(await api.analyze(video.id), ({ windows }) => {
      if (killed || windows.done < 2) return;
      killed = process.kill(processOf(product, command), 'SIGKILL');
    });
    expect(killed).toBe(true);
    expect(disturbed).toMatchObject({ status: 'ready', windows: quiet.windows, unparsed: quiet.unparsed, warnings: quiet.warnings });
    expect(times(await api.segments(video.id))).toEqual(expected);
  });
});

it('keeps tasks queued and says why while the checkpoint is broken', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'secondsight-model-'));
  await cp('models/shapeworld-0', directory, { recursive: true });
  await truncate(join(directory, 'model.safetensors'), 1_000_000);
  const product = await startProduct({ MODEL_DIR: directory }, { withoutWorker: true });
  onTestFinished(() => product.stop());
  const api = new ApiClient(product.baseUrl);
  const video = await api.upload(demoClip('short_30s'));
  const task = await api.analyze(video.id);
  const ready = await until(async () => {
    const response = await fetch(`${product.baseUrl}/health/ready`);
    const body = (await response.json()) as { status: string; workers: { error: { code: string; message: string } | null }[] };
    return body.workers[0]?.error?.code.startsWith('checkpoint.') ? body : undefined;
  });
  expect(ready.status).toBe('degraded');
  expect(ready.workers[0]!.error!.message).toContain('model.safetensors');
  const { rows } = await query<{ status: string }>(product, 'SELECT status FROM tasks WHERE id = $1', [task.id]);
  expect(rows[0]!.status).toBe('queued');
  await rm(directory, { recursive: true, force: true });
});

/** The process of the product whose command line holds the text: each carries the folder of the product in its environment. */
function processOf({ directory }: RunningProduct, command: string): number {
  const found = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && read(pid, 'cmdline').includes(command) && read(pid, 'environ').includes(directory));
  return Number(found[0]);
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

async function query<Row extends pg.QueryResultRow>({ databaseUrl }: RunningProduct, sql: string, parameters: unknown[]): Promise<pg.QueryResult<Row>> {
  const client = new pg.Client({ connectionString: databaseUrl });
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

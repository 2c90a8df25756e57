// Videos that go away or are broken, and analyses that are called off, while they are worked on.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clipFolder } from '../medium/clips.js';
import { BreakableProduct } from './breakable-product.js';
import { brokenClip, clipOf } from './made-clips.js';
import { beginRun, endRun } from './runs.js';
import { LONG } from './seeded-random.js';

/** Levels of pino. */
const WARNING = 40;
const ERROR = 50;

describe.skipIf(process.platform !== 'linux')('a video (Linux: reads /proc)', () => {
  const clips = clipFolder();
  let product: BreakableProduct;
  let long: string;

  beforeAll(async () => {
    long = await clipOf(clips.path, 480);
    product = await BreakableProduct.start();
  });
  afterAll(async () => {
    await product?.stop();
    clips.remove();
  });

  beforeEach(async () => {
    for (const { id } of await product.rows<{ id: string }>('SELECT id FROM videos')) await product.client.delete(id);
  });

  const moments = [
    ['scanned', `SELECT 1 FROM scan_chunks WHERE video_id = $1 AND status = 'processing'`],
    ['looked at', `SELECT 1 FROM windows JOIN tasks ON tasks.id = task_id WHERE video_id = $1 AND windows.status = 'ready'`],
    ['asked about', `SELECT 1 FROM moment_queries WHERE video_id = $1 AND status = 'processing'`],
  ];

  it.each(LONG ? moments : moments.slice(1, 2))('that is deleted while it is %s leaves nothing, and ends quietly', async (_name, reached = '') => {
    const before = product.worker.log.length;
    const run = await beginRun(product, long);
    const [{ sha256 } = { sha256: '' }] = await product.rows<{ sha256: string }>('SELECT sha256 FROM videos WHERE id = $1', [run.videoId]);
    if (reached.includes('moment_queries')) void product.client.ask(run.videoId, 'the red circle moves left').catch(() => undefined);
    await product.untilRows(reached, [run.videoId]);
    await product.client.delete(run.videoId);
    expect((await fetch(`${product.baseUrl}/v1/videos/${run.videoId}`)).status).toBe(404);
    const features = join(product.directory, 'features', sha256.slice(0, 2), sha256);
    await pause(2000); // whoever was at work has ended, and the sweeper has been
    await expect.poll(() => existsSync(features), { timeout: 20_000 }).toBe(false);
    await expect.poll(() => rowsLeft(), { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => objects(), { timeout: 20_000 }).toEqual([]);
    const noise = product.worker.log.slice(before).filter(({ level }) => Number(level) >= WARNING);
    expect(noise.filter(({ level }) => Number(level) >= ERROR)).toEqual([]);
    expect(noise.length, JSON.stringify(noise)).toBeLessThanOrEqual(2); // a decoder or a model that lost its file
  });

  it('with a broken stretch is ready, and warnings name the stretch', async () => {
    const file = await brokenClip(clips.path, { seconds: 120, from: 40, to: 50 });
    const { task } = await endRun(product, await beginRun(product, file));
    expect(task.status).toBe('ready');
    const damage = task.warnings.filter(({ code }) => code === 'video.damaged') as unknown as { start_time: number; end_time: number }[];
    expect(damage.length).toBeGreaterThan(0);
    for (const { start_time, end_time } of damage) {
      expect(start_time).toBeLessThan(50);
      expect(end_time).toBeGreaterThan(40);
    }
  });

  it('is not lost for a range of it that cannot be decoded at all; that range alone fails, with a code', async () => {
    const file = await brokenClip(clips.path, { seconds: 120, from: 28, to: 94 });
    const run = await beginRun(product, file);
    const whole = await endRun(product, run);
    expect(whole.task.status).toBe('ready');
    expect(whole.task.warnings.map(({ code }) => code)).toContain('video.damaged');
    const range = await product.client.analyze(run.videoId, { start_time: 40, end_time: 80 });
    const ended = await product.client.follow(range);
    expect(ended.status).toBe('failed');
    expect(ended.error?.code).toMatch(/^(video|window|task|media)\./);
  });

  it('stays readable when its analysis is canceled, and no further window is begun', async () => {
    const run = await beginRun(product, long);
    await product.untilRows(`SELECT 1 FROM windows WHERE task_id = $1 AND status = 'ready'`, [run.taskId]);
    const response = await fetch(`${product.baseUrl}/v1/analyze/tasks/${run.taskId}/cancel`, { method: 'POST' });
    expect(response.status).toBe(200);
    const begun = `SELECT id FROM windows WHERE task_id = $1 AND attempt > 0 ORDER BY id`;
    const atOnce = await product.rows(begun, [run.taskId]);
    const [done] = await product.rows<{ n: number }>(`SELECT count(*)::int AS n FROM windows WHERE task_id = $1 AND status = 'ready'`, [run.taskId]);
    await product.untilRows('SELECT 1 FROM scans WHERE id = $1 AND finished_at IS NOT NULL', [run.videoId]);
    await pause(1500); // a sweep and more
    expect(atOnce).toEqual(expect.arrayContaining(await product.rows(begun, [run.taskId])));
    expect(await product.rows(`SELECT count(*)::int AS n FROM windows WHERE task_id = $1 AND status = 'ready'`, [run.taskId])).toEqual([done]);
    const page = (await (await fetch(`${product.baseUrl}/v1/videos/${run.videoId}/segments?source=model&task_id=${run.taskId}`)).json()) as { data: unknown[] };
    expect(page.data.length).toBeGreaterThan(0);
  });

  async function rowsLeft(): Promise<unknown[]> {
    const tables = ['scans', 'scan_chunks', 'tasks', 'windows', 'segments', 'moment_queries', 'moments', 'tracks', 'fingerprints', 'video_streams'];
    return product.rows(`SELECT 'videos' AS kept FROM videos${tables.map((table) => ` UNION ALL SELECT '${table}' FROM ${table}`).join('')}`);
  }

  const objects = (): string[] =>
    readdirSync(join(product.directory, 'storage'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);
});

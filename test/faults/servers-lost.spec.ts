// Servers that go away in the middle of the work and come back, with or without their memory (R3, R4).
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clipFolder } from '../medium/clips.js';
import { embeddedPostgres, redis, systemPostgres, type TestServer, titleOf } from '../medium/servers.js';
import { BreakableProduct } from './breakable-product.js';
import { clipOf } from './made-clips.js';
import { beginRun, type EndedRun, endRun, type Run, wholeRun } from './runs.js';
import { LONG } from './seeded-random.js';

const QUESTIONS = [{ query: 'the red circle moves left' }];
const clips = clipFolder();
afterAll(() => clips.remove());

const inScan = (product: BreakableProduct, { videoId }: Run) =>
  product.untilRows(`SELECT 1 FROM scan_chunks WHERE video_id = $1 AND status = 'processing'`, [videoId]);

const inWindows = (product: BreakableProduct, { taskId }: Run) =>
  product.untilRows(`SELECT 1 FROM windows WHERE task_id = $1 AND status = 'ready'`, [taskId]);

/** Status and code of every answer while the restart lasts. */
async function answersDuring(url: string, restart: Promise<unknown>): Promise<string[]> {
  const answers: string[] = [];
  let over = false;
  const end = restart.finally(() => (over = true));
  while (!over) {
    const response = await fetch(url);
    const { code } = (await response.json()) as { code?: string };
    answers.push([response.status, ...(code ? [code] : [])].join(' '));
  }
  await end;
  return [...answers, String((await fetch(url)).status)];
}

for (const kind of LONG ? [embeddedPostgres, systemPostgres] : [embeddedPostgres]) {
  describe.skipIf(kind.missing)(`${titleOf(kind)}, killed and back`, () => {
    let product: BreakableProduct;
    let clip: string;
    let quiet: EndedRun;

    beforeAll(async () => {
      clip = await clipOf(clips.path, 120);
      product = await BreakableProduct.start({ postgres: kind });
      quiet = await wholeRun(product, clip, QUESTIONS);
    });
    afterAll(() => product?.stop());

    it('costs time and nothing else: in the scan, among the windows, and before a question (R4)', async () => {
      const run = await beginRun(product, clip);
      await inScan(product, run);
      await product.database.restart();
      await inWindows(product, run);
      const away = answersDuring(`${product.baseUrl}/v1/videos/${run.videoId}`, product.database.restart());
      expect(new Set(await away)).toEqual(new Set(['200', '503 database.unavailable']));
      const disturbed = await endRun(product, run, QUESTIONS);
      expect(disturbed.results).toBe(quiet.results);
      const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${product.baseUrl}/v1/videos/${run.videoId}/segments`)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from(answers, () => 200));
      expect([product.worker.restarts, product.api.restarts]).toEqual([0, 0]);
      for (const { lines } of [product.worker, product.api]) expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(8000);
    });
  });
}

describe.skipIf(redis.missing || process.platform !== 'linux')(titleOf(redis), () => {
  let server: TestServer;
  let product: BreakableProduct;
  let clip: string;
  let quiet: EndedRun;

  beforeAll(async () => {
    clip = await clipOf(clips.path, 120);
    server = await redis.start();
    product = await BreakableProduct.start({ env: { REDIS_URL: server.url } });
    quiet = await wholeRun(product, clip, QUESTIONS);
  });
  afterAll(async () => {
    await product?.stop();
    await server?.stop();
  });

  const flush = async (): Promise<void> => {
    const admin = new Redis(server.url);
    await admin.flushall();
    admin.disconnect();
  };

  it.each([
    ['forgets everything', flush],
    ['is killed and comes back empty', () => server.restart()],
  ])('loses nothing when it %s in the scan and among the windows (R3)', async (_name, lose) => {
    const run = await beginRun(product, clip);
    await inScan(product, run);
    await lose();
    await inWindows(product, run);
    await lose();
    expect((await endRun(product, run, QUESTIONS)).results).toBe(quiet.results);
  });
});

// A checkpoint that is broken: no worker takes work of the model with it, nothing is marked failed, and all of it is done once it is mended (R14).
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoClip } from '../e2e/running-product.js';
import { MODEL } from '../medium/bundled-model.js';
import { BreakableProduct } from './breakable-product.js';
import { ProductProcess } from './product-process.js';
import { beginRun, endRun } from './runs.js';
import { LONG } from './seeded-random.js';

const WEIGHTS = 'model.safetensors';
const directory = mkdtempSync(join(tmpdir(), 'secondsight-model-'));

const truncated = (file: string): void => truncateSync(file, 1_000_000);
const headerSpoilt = (file: string): void => {
  const bytes = readFileSync(file);
  bytes[9]! ^= 0x10;
  writeFileSync(file, bytes);
};

describe.skipIf(process.platform !== 'linux')('a worker whose checkpoint is broken (Linux: reads /proc)', () => {
  let product: BreakableProduct;

  beforeAll(async () => {
    cpSync(MODEL, directory, { recursive: true });
    product = await BreakableProduct.start({ worker: undefined, env: { MODEL_DIR: directory } });
  });
  afterAll(async () => {
    await product?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const damages = [
    ['truncated', truncated],
    ['spoilt in its header', headerSpoilt],
  ] as const;

  it.each(LONG ? damages : damages.slice(0, 1))('by a file that is %s keeps tasks queued and says why, scans the video meanwhile, and does the tasks when it is mended', async (_name, damage) => {
    damage(join(directory, WEIGHTS));
    const worker = new ProductProcess({ module: 'workers/main.js', env: product.env });
    product.workers.push(worker);
    const run = await beginRun(product, demoClip('short_30s'));
    const [beat] = await product.untilRows<{ error_message: string }>(`SELECT error_message FROM workers WHERE error_code LIKE 'checkpoint.%'`);
    expect(beat!.error_message).toContain(WEIGHTS);
    await product.untilRows(`SELECT 1 FROM scans WHERE id = $1 AND status = 'ready'`, [run.videoId]);
    expect(await (await fetch(`${product.baseUrl}/health/ready`)).json()).toMatchObject({ status: 'degraded' });
    expect(await product.task(run.taskId)).toMatchObject({ status: 'queued', error: null });
    copyFileSync(join(MODEL, WEIGHTS), join(directory, WEIGHTS));
    expect((await endRun(product, run)).task.status).toBe('ready');
    await worker.stop();
  });
});

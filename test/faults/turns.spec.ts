// Who does what, and who comes first: worker roles, short clips beside long ones, priorities.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoClip } from '../e2e/running-product.js';
import { clipFolder } from '../medium/clips.js';
import { BreakableProduct, ownerOf } from './breakable-product.js';
import { clipOf } from './made-clips.js';
import { type ProductProcess } from './product-process.js';
import { beginRun, endRun, type Run } from './runs.js';

describe.skipIf(process.platform !== 'linux')('workers (Linux: reads /proc)', () => {
  const clips = clipFolder();
  let product: BreakableProduct;
  let media: ProductProcess;

  beforeAll(async () => {
    product = await BreakableProduct.start({ worker: undefined });
  });
  afterAll(async () => {
    await product?.stop();
    clips.remove();
  });

  it('of the role media serve without a checkpoint, and scan', async () => {
    media = await product.addWorker({ WORKER_ROLES: 'media', MODEL_DIR: '/nowhere' });
    const run = await beginRun(product, demoClip('short_30s'));
    await product.untilRows(`SELECT 1 FROM scans WHERE id = $1 AND status = 'ready'`, [run.videoId]);
    expect(await product.task(run.taskId)).toMatchObject({ status: 'queued', windows: { total: 0 } });
    expect(media.inference).toBeUndefined();
  });

  it('of the role model share the work with them, and never scan', async () => {
    const model = await product.addWorker({ WORKER_ROLES: 'model' });
    await product.untilRows(`SELECT 1 FROM tasks WHERE status = 'ready'`);
    await media.stop();
    const run = await beginRun(product, demoClip('short_30s'));
    await pause(2500); // sweeps
    expect(await product.rows(`SELECT 1 FROM scan_chunks WHERE video_id = $1`, [run.videoId])).toEqual([]);
    media.restart();
    expect((await endRun(product, run)).task.status).toBe('ready');
    expect(await product.rows(`SELECT 1 FROM windows WHERE lease_owner NOT LIKE $1`, [ownerOf(model)])).toEqual([]);
    expect(await product.rows(`SELECT 1 FROM scan_chunks WHERE lease_owner LIKE $1`, [ownerOf(model)])).toEqual([]);
  });

  describe('with a long video under way', () => {
    let long: Run;
    const windows = async ({ taskId }: Run): Promise<{ done: number; total: number }> => (await product.task(taskId)).windows;

    beforeAll(async () => {
      long = await beginRun(product, await clipOf(clips.path, 1200));
      await product.untilRows(`SELECT 1 FROM tasks WHERE id = $1 AND windows_done >= 1`, [long.taskId]);
    });

    it('have a short clip that came later ready before', async () => {
      const short = await endRun(product, await beginRun(product, demoClip('short_30s')));
      expect(short.task.status).toBe('ready');
      expect(await product.task(long.taskId)).toMatchObject({ status: 'processing' });
    });

    it('do what has a high priority first', async () => {
      const video = await product.client.upload(demoClip('long_4min')); // of ten windows, so that taking turns would show
      await product.untilRows(`SELECT 1 FROM scans WHERE id = $1 AND status = 'ready'`, [video.id]);
      const task = await product.client.analyze(video.id, { priority: 'high' });
      await product.untilRows(`SELECT 1 FROM tasks WHERE id = $1 AND windows_total > 0`, [task.id]);
      const before = await windows(long);
      await product.untilRows(`SELECT 1 FROM tasks WHERE id = $1 AND stage IN ('windows', 'done') AND windows_done = windows_total`, [task.id]);
      expect((await windows(long)).done - before.done).toBeLessThanOrEqual(2); // what was under way, and what was begun since
      expect(await product.task(long.taskId)).toMatchObject({ status: 'processing' });
      await product.client.delete(long.videoId);
    });
  });
});

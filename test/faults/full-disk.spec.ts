// A full disk under what the model saw of windows: it is worked out anew each time, and nothing else happens.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { demoClip } from '../e2e/running-product.js';
import { temporaryFolder } from '../medium/servers.js';
import { BreakableProduct } from './breakable-product.js';
import { wholeRun } from './runs.js';

const QUESTIONS = [{ query: 'the red circle moves left' }];

const mount = (folder: string): boolean => spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
const unmount = (folder: string): boolean => spawnSync('umount', ['-l', folder]).status === 0;

/** Whether a small disk can be mounted here. */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const folder = temporaryFolder();
  return mount(folder) && unmount(folder);
}

describe.skipIf(!canMount())('a full disk under the features (needs root, to mount one)', () => {
  let product: BreakableProduct;

  beforeAll(async () => {
    product = await BreakableProduct.start();
  });
  afterAll(() => product?.stop());

  it('harms no analysis and no question, and is told once', async () => {
    const quiet = await wholeRun(product, demoClip('short_30s'), QUESTIONS);
    await product.client.delete(quiet.videoId);
    await product.worker.kill(); // what it holds in memory goes too
    await product.untilServing(product.worker);
    const features = join(product.directory, 'features');
    mkdirSync(features, { recursive: true });
    expect(mount(features)).toBe(true);
    onTestFinished(() => void unmount(features));
    const disturbed = await wholeRun(product, demoClip('short_30s'), QUESTIONS);
    expect(disturbed.results).toBe(quiet.results);
    expect(product.worker.log.filter(({ msg }) => msg?.includes('cannot be kept on disk'))).toHaveLength(1);
  });
});

// A full disk: under what the model saw of windows nothing else happens; under an upload that is an answer, and the upload goes on later.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { paddedClip } from '../e2e/clip-copies.js';
import { demoClip } from '../e2e/running-product.js';
import { temporaryFolder } from '../medium/servers.js';
import { BreakableProduct } from './breakable-product.js';
import { wholeRun } from './runs.js';

const QUESTIONS = [{ query: 'the red circle moves left' }];

const mount = (folder: string, size = '64k'): boolean => spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0;
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

describe.skipIf(!canMount())('a full disk under an upload (needs root, to mount one)', () => {
  const MEGABYTE = 1024 ** 2;
  const RESUMABLE = { 'tus-resumable': '1.0.0' };
  let product: BreakableProduct;
  let storage: string;

  beforeAll(async () => {
    product = await BreakableProduct.start({ worker: undefined, env: { STORAGE_RESERVE_BYTES: String(MEGABYTE) } });
    storage = join(product.directory, 'storage');
    expect(mount(storage, '16m')).toBe(true);
    for (const folder of ['incoming', 'objects', 'parts']) mkdirSync(join(storage, folder));
  });
  afterAll(async () => {
    unmount(storage);
    await product?.stop();
  });

  const begin = (bytes: number): Promise<Response> => fetch(`${product.baseUrl}/v1/uploads`, { method: 'POST', headers: { ...RESUMABLE, 'upload-length': String(bytes) } });
  const codeOf = async (response: Response): Promise<unknown> => [response.status, ((await response.json()) as { code: string }).code];

  it('refuses what there is no room for before a byte of it comes', async () => {
    expect(await codeOf(await begin(14 * MEGABYTE))).toEqual([507, 'storage.full']);
  });

  it('keeps what has arrived, lives, and takes the rest when there is room again', async () => {
    const bytes = paddedClip(demoClip('short_30s'), 6 * MEGABYTE);
    const url = new URL((await begin(bytes.length)).headers.get('location') ?? '', product.baseUrl);
    const send = (offset: number): Promise<Response> =>
      fetch(url, { method: 'PATCH', headers: { ...RESUMABLE, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) }, body: new Uint8Array(bytes.subarray(offset)) });
    const arrived = async (): Promise<number> => Number((await fetch(url, { method: 'HEAD', headers: RESUMABLE })).headers.get('upload-offset'));
    writeFileSync(join(storage, 'filler'), Buffer.alloc(13 * MEGABYTE));
    expect(await codeOf(await send(0))).toEqual([507, 'storage.full']);
    const offset = await arrived();
    expect(offset).toBeGreaterThan(MEGABYTE);
    expect((await fetch(`${product.baseUrl}/health/live`)).status).toBe(200);
    rmSync(join(storage, 'filler'));
    const last = await send(offset);
    expect([last.status, last.headers.get('x-video-id')]).toEqual([204, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(product.api.restarts).toBe(0);
  });
});

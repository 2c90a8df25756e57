// Tests of what is kept on disk of windows: found again bit for bit, bounded, and never a reason to fail.
import { execFileSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeatureCache, listFeatureHashes, type RecordKey, removeFeaturesOf } from './feature-cache.js';
import { FEATURE_RECORD, type SeenWindow } from './feature-record.js';

const VALUES = 8000; // 32 kB a record
const RECORD_BYTES = 4 * VALUES;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'features-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const seen = (seed: number): SeenWindow => ({
  plan: {
    ...{ timeBase: { num: 1, den: 90_000 }, originPts: 126_000, firstCell: 3, effectiveFps: 2 / 3, secondPerGrid: 3, startSeconds: 0.1, endSeconds: 6 },
    frames: [{ seconds: 0.1 + 0.2, pts: 27_000, held: false }, { seconds: 1.7, pts: 153_000, held: true }],
  },
  size: { width: 56, height: 84 },
  grid: [1, 6, 4],
  features: Float32Array.from({ length: VALUES }, (_, k) => Math.sin(k * seed)),
});
const key = (name: string, contentHash = 'ab'.repeat(32)): RecordKey => ({ contentHash, name });
const open = (maxBytes = 10 ** 9, faults: unknown[] = []): FeatureCache<SeenWindow> => new FeatureCache({ form: FEATURE_RECORD, folder, maxBytes, onFault: (error) => faults.push(error) });
const pathOf = ({ contentHash, name }: RecordKey): string => join(folder, contentHash.slice(0, 2), contentHash, name);
const held = async (): Promise<string[]> => (await readdir(folder, { recursive: true })).filter((path) => path.split('/').length === 3);

describe('a record', () => {
  it('is found again to the last bit, by any process', async () => {
    await open().put(key('one'), seen(1));
    expect(await open().get(key('one'))).toEqual(seen(1));
    expect(await open().get(key('two'))).toBeUndefined();
  });

  it.each([
    ['cut', (path: string) => truncate(path, 1000)],
    ['empty', (path: string) => truncate(path, 0)],
    ['spoilt in its description', (path: string) => spoil(path, 10)],
    ['spoilt in its features', (path: string) => spoil(path, 9999)],
    ['spoilt in its checksum', (path: string) => spoil(path, -1)],
  ])('that is %s is removed and counts as absent', async (_, damage) => {
    const faults: unknown[] = [];
    const cache = open(10 ** 9, faults);
    await cache.put(key('one'), seen(1));
    await damage(pathOf(key('one')));
    expect(await cache.get(key('one'))).toBeUndefined();
    await expect(access(pathOf(key('one')))).rejects.toThrow();
    await cache.put(key('one'), seen(1));
    expect(await cache.get(key('one'))).toEqual(seen(1));
    expect(faults).toEqual([]);
  });
});

async function spoil(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  await writeFile(path, bytes);
}

describe('the room', () => {
  const sizeOf = async (): Promise<number> => {
    const sizes = await Promise.all((await held()).map(async (path) => (await stat(join(folder, path)).catch(() => ({ size: 0 }))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  /** A time of use that is certainly older than the next one. */
  const age = (name: string, secondsAgo: number): Promise<void> => utimes(pathOf(key(name)), new Date(), new Date(Date.now() - 1000 * secondsAgo));

  it('is kept to, and the least recently used go first', async () => {
    const cache = open(5.5 * RECORD_BYTES);
    for (const [k, name] of ['a', 'b', 'c', 'd'].entries()) {
      await cache.put(key(name), seen(k));
      await age(name, 100 - k);
    }
    expect(await cache.get(key('a'))).toEqual(seen(0)); // used just now
    for (const name of ['e', 'f']) await cache.put(key(name), seen(9));
    expect(await cache.get(key('b'))).toBeUndefined();
    expect(await cache.get(key('a'))).toEqual(seen(0));
    expect(await cache.get(key('f'))).toEqual(seen(9));
    expect(await sizeOf()).toBeLessThanOrEqual(5.5 * RECORD_BYTES);
  });

  it('is kept to by two at once, which also put out what the other has written', async () => {
    const maxBytes = 40 * RECORD_BYTES;
    const [one, other] = [open(maxBytes), open(maxBytes)];
    const write = async (cache: FeatureCache<SeenWindow>, name: string): Promise<void> => {
      for (let k = 0; k < 60; k++) {
        await cache.put(key(`${name}${k}`), seen(k));
        await cache.get(key(`${name === 'a' ? 'b' : 'a'}${k}`));
        expect(await sizeOf()).toBeLessThanOrEqual(maxBytes + RECORD_BYTES);
      }
    };
    await Promise.all([write(one, 'a'), write(other, 'b')]);
    expect((await held()).length).toBeGreaterThan(20);
    expect((await held()).filter((path) => path.endsWith('.part'))).toEqual([]);
  });

  it('is cleared of files that a process left half written long ago', async () => {
    await mkdir(join(folder, 'ab', 'ab'.repeat(32)), { recursive: true });
    for (const name of ['x.1.0.part', 'x.2.0.part']) await writeFile(pathOf(key(name)), 'half');
    await age('x.1.0.part', 3600);
    await open().put(key('one'), seen(1));
    expect((await held()).map((path) => path.split('/')[2]).sort()).toEqual(['one', 'x.2.0.part']);
  });

  it('of nothing keeps nothing', async () => {
    await open(0).put(key('one'), seen(1));
    expect(await held()).toEqual([]);
  });
});

describe('a disk that cannot be written to', () => {
  it('is told of once, and again after it could', async () => {
    const faults: unknown[] = [];
    const cache = open(10 ** 9, faults);
    await writeFile(join(folder, 'ab'), 'in the way');
    for (const name of ['one', 'two']) await cache.put(key(name), seen(1));
    expect(await cache.get(key('one'))).toBeUndefined();
    expect(faults).toHaveLength(1);
    await rm(join(folder, 'ab'));
    await cache.put(key('one'), seen(1));
    expect(await cache.get(key('one'))).toEqual(seen(1));
    await rm(join(folder, 'ab'), { recursive: true });
    await writeFile(join(folder, 'ab'), 'in the way');
    await cache.put(key('one'), seen(1));
    expect(faults).toHaveLength(2);
  });

  it.skipIf(!canMount())('because it is full keeps what it has, and no half of anything', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${3 * RECORD_BYTES}`, 'tmpfs', folder]);
    try {
      const faults: unknown[] = [];
      const cache = open(10 ** 9, faults);
      for (let k = 0; k < 6; k++) await cache.put(key(`r${k}`), seen(k));
      expect(faults).toEqual([expect.objectContaining({ code: 'ENOSPC' })]);
      const names = (await held()).map((path) => path.split('/')[2]!);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(await cache.get(key(name))).toEqual(seen(Number(name.slice(1))));
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});

function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

describe('the videos', () => {
  it('of which something is kept can be listed, and one of them forgotten', async () => {
    expect(await listFeatureHashes(join(folder, 'not there'))).toEqual([]);
    const [a, b] = ['ab'.repeat(32), 'cd'.repeat(32)];
    const cache = open();
    for (const [hash, name] of [[b, 'one'], [a, 'one'], [a, 'two']] as const) await cache.put(key(name, hash), seen(1));
    expect(await listFeatureHashes(folder)).toEqual([a, b]);
    await removeFeaturesOf(folder, a);
    await removeFeaturesOf(folder, 'ef'.repeat(32));
    expect(await listFeatureHashes(folder)).toEqual([b]);
    expect(await cache.get(key('one', a))).toBeUndefined();
    expect(await cache.get(key('one', b))).toEqual(seen(1));
  });
});

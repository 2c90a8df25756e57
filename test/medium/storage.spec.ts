// The contract of the storage, over the local folder.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { newId } from '../../src/platform/database/id.js';
import { createLocalStorage, pieceBeside, type Storage } from '../../src/platform/storage/index.js';
import { temporaryFolder } from './servers.js';

const limits = { maxBytes: 1_000_000, tooLarge: () => new AppError('video.too_large', 'too large') };

/** `count` pieces of 64 KiB that differ from each other. */
function* pieces(count: number): Generator<Buffer> {
  for (let k = 0; k < count; k++) yield Buffer.alloc(65_536, k);
}

describe('local storage', () => {
  let folder: string;
  let storage: Storage;

  beforeEach(async () => {
    folder = temporaryFolder();
    storage = await createLocalStorage(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const files = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);

  it('keeps what it receives under a key of its own, with its length and hash', async () => {
    const bytes = Buffer.concat([...pieces(5)]);
    const stored = await storage.receive(Readable.from(pieces(5)), limits);
    expect(stored).toMatchObject({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(stored.path).toBe(storage.pathOf(stored.key));
    expect(readFileSync(stored.path).equals(bytes)).toBe(true);
    expect(files()).toEqual([stored.key]);
  });

  it('reads whole objects and ranges, and says what is not there', async () => {
    const { key } = await storage.receive(Readable.from([Buffer.from('0123456789')]), limits);
    expect(String(await buffer(await storage.open(key)))).toBe('0123456789');
    expect(String(await buffer(await storage.open(key, { start: 3, end: 5 })))).toBe('345');
    await expect(storage.open(newId())).rejects.toMatchObject({ code: 'storage.not_found' });
  });

  it('lists what it holds, and since when, and nothing that is still arriving', async () => {
    const { key, path } = await storage.receive(Readable.from(pieces(1)), limits);
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    writeFileSync(join(folder, 'incoming', newId()), 'half');
    const listed = [];
    for await (const object of storage.list()) listed.push(object);
    expect(listed).toEqual([{ key, bytes: 65_536, storedAt: new Date(1_700_000_000_000) }]);
  });

  it('keeps the same bytes twice when they come twice, and removes one of them', async () => {
    const [a, b] = await Promise.all([1, 2].map(() => storage.receive(Readable.from(pieces(2)), limits)));
    await storage.remove(a!.key);
    await storage.remove(a!.key);
    expect(files()).toEqual([b!.key]);
    expect(a!.sha256).toBe(b!.sha256);
  });

  it('takes an object of exactly the limit and refuses one byte more, with the error it was given', async () => {
    const exactly = (count: number) => storage.receive(Readable.from([Buffer.alloc(count)]), { ...limits, maxBytes: 1000 });
    await expect(exactly(1000)).resolves.toMatchObject({ bytes: 1000 });
    await expect(exactly(1001)).rejects.toMatchObject({ code: 'video.too_large' });
    expect(files()).toHaveLength(1);
  });

  it('keeps nothing of an upload that breaks off', async () => {
    const source = new PassThrough();
    const receiving = storage.receive(source, limits);
    source.write(Buffer.alloc(100_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    source.destroy(new Error('connection reset'));
    await expect(receiving).rejects.toThrow('connection reset');
    expect(files()).toEqual([]);
  });

  it.each(['../../etc/passwd', '..', '', 'a/b', `${newId()}/..`, `${newId()}\0`, newId().toUpperCase()])('takes no name for a key: %j', async (name) => {
    expect(() => storage.pathOf(name)).toThrow(expect.objectContaining({ code: 'storage.invalid_key' }) as Error);
    await expect(storage.remove(name)).rejects.toMatchObject({ code: 'storage.invalid_key' });
  });

  it('clears what a process killed in the middle of an upload left a day ago, and nothing younger', async () => {
    const [old, young] = [newId(), newId()];
    for (const name of [old, young]) writeFileSync(join(folder, 'incoming', name), 'half');
    const yesterday = Date.now() / 1000 - 25 * 3600;
    utimesSync(join(folder, 'incoming', old), yesterday, yesterday);
    await createLocalStorage(folder);
    expect(files()).toEqual([young]);
  });

  it('keeps a part that grows until it is removed, and stores what it is then', async () => {
    const id = newId();
    writeFileSync(storage.partPath(id), 'first, ');
    writeFileSync(storage.partPath(id), 'second', { flag: 'a' });
    const stored = await storage.storePart(id);
    expect(stored).toMatchObject({ bytes: 13, sha256: createHash('sha256').update('first, second').digest('hex') });
    expect(readFileSync(storage.pathOf(stored.key), 'utf8')).toBe('first, second');
    expect(await storage.parts()).toEqual([id]);
    await storage.removePart(id);
    await storage.removePart(id);
    expect(files()).toEqual([stored.key]);
    expect(await storage.has(stored.key)).toBe(true);
    expect(await storage.has(newId())).toBe(false);
    expect(() => storage.partPath('../objects')).toThrow(expect.objectContaining({ code: 'storage.invalid_key' }) as Error);
  });

  it('stores of a part what it was, whoever still writes to it', async () => {
    const id = newId();
    writeFileSync(storage.partPath(id), 'whole');
    const late = openSync(storage.partPath(id), 'r+');
    const stored = await storage.storePart(id);
    writeSync(late, 'other');
    closeSync(late);
    expect(readFileSync(stored.path, 'utf8')).toBe('whole');
  });

  it('knows a part by the piece beside it, and removes both', async () => {
    const [whole, lost] = [newId(), newId()];
    for (const path of [storage.partPath(whole), pieceBeside(storage.partPath(whole)), pieceBeside(storage.partPath(lost))]) writeFileSync(path, 'x');
    expect((await storage.parts()).sort()).toEqual([whole, lost].sort());
    for (const id of [whole, lost]) await storage.removePart(id);
    expect(files()).toEqual([]);
  });

  it('says beforehand what there is no room for', async () => {
    await expect(storage.requireRoom(1)).resolves.toBeUndefined();
    await expect(storage.requireRoom(2 ** 60)).rejects.toMatchObject({ code: 'storage.full' });
    const reserved = await createLocalStorage(folder, { reserveBytes: 2 ** 60 });
    await expect(reserved.requireRoom(0)).rejects.toMatchObject({ code: 'storage.full' });
    await expect(reserved.receive(Readable.from(pieces(1)), { ...limits, expectedBytes: 65_536 })).rejects.toMatchObject({ code: 'storage.full' });
    await expect(reserved.receive(Readable.from(pieces(1)), limits)).resolves.toMatchObject({ bytes: 65_536 });
  });

  const disk = smallDisk();

  it.skipIf(disk.missing)(`refuses what does not fit on the disk and keeps nothing of it${disk.missing ?? ''}`, async () => {
    const mounted = join(folder, 'disk');
    mkdirSync(mounted);
    disk.mount(mounted);
    try {
      const full = await createLocalStorage(mounted);
      const huge = { ...limits, maxBytes: 10_000_000 };
      await expect(full.receive(Readable.from(pieces(100)), huge)).rejects.toMatchObject({ code: 'storage.full' });
      await expect(full.receive(Readable.from(pieces(4)), huge)).resolves.toMatchObject({ bytes: 4 * 65_536 });
    } finally {
      execFileSync('umount', [mounted]);
    }
  });
});

/** A disk of two megabytes, where this user may mount one. */
function smallDisk(): { missing: string | undefined; mount: (at: string) => void } {
  const mount = (at: string): void => void execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', at], { stdio: 'ignore' });
  const probe = temporaryFolder();
  try {
    mount(probe);
    execFileSync('umount', [probe]);
    return { missing: undefined, mount };
  } catch {
    return { missing: ' (skipped: this user may not mount a small disk)', mount };
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

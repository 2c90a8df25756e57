// The contract of the storage, over every adapter; and what a local folder does besides.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { newId } from '../../src/platform/database/id.js';
import { createLocalStorage, type Storage } from '../../src/platform/storage/index.js';
import { temporaryFolder } from './servers.js';
import { type StartedStorage, storageAdapters } from './storage-adapters.js';

const limits = { maxBytes: 1_000_000, tooLarge: () => new AppError('video.too_large', 'too large') };
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** `count` pieces of 64 KiB that differ from each other. */
function* pieces(count: number): Generator<Buffer> {
  for (let k = 0; k < count; k++) yield Buffer.alloc(65_536, k);
}

/** So many pieces, and then the end of the line. */
function broken(count: number): Readable {
  return Readable.from(
    (function* () {
      yield* pieces(count);
      throw new Error('connection reset');
    })(),
    { objectMode: false },
  );
}

for (const adapter of storageAdapters) {
  describe(adapter.name, () => {
    let started: StartedStorage;
    let storage: Storage;

    beforeAll(async () => {
      started = await adapter.start();
    });
    beforeEach(async () => {
      storage = await started.open();
    });
    afterEach(async () => {
      for await (const { key } of storage.list()) await storage.remove(key);
      for (const id of (await storage.parts()).keys()) await storage.removePart(id);
    });
    afterAll(() => started?.stop());

    const stored = async (): Promise<string[]> => {
      const keys: string[] = [];
      for await (const { key } of storage.list()) keys.push(key);
      return keys.sort();
    };
    const underWay = (): string[] => readdirSync(join(started.folder, 'incoming'));
    const whole = async (key: string): Promise<Buffer> => buffer(await storage.open(key));
    const asFile = (key: string): Promise<Buffer> => storage.withFile(key, (path) => Promise.resolve(readFileSync(path)));

    it('keeps what it receives under a key of its own, with its length and hash, as a file too', async () => {
      const bytes = Buffer.concat([...pieces(5)]);
      for (const readHere of [false, true]) {
        const object = await storage.receive(Readable.from(pieces(5)), { ...limits, readHere });
        expect(object).toEqual({ key: object.key, bytes: bytes.length, sha256: sha256(bytes) });
        expect((await whole(object.key)).equals(bytes)).toBe(true);
        expect((await asFile(object.key)).equals(bytes)).toBe(true);
      }
      expect(underWay()).toEqual([]);
    });

    it('reads ranges, and says what is not there', async () => {
      const { key } = await storage.receive(Readable.from([Buffer.from('0123456789')]), limits);
      expect(String(await buffer(await storage.open(key, { start: 3, end: 5 })))).toBe('345');
      expect(await storage.has(key)).toBe(true);
      const nothing = newId();
      expect(await storage.has(nothing)).toBe(false);
      await expect(storage.open(nothing)).rejects.toMatchObject({ code: 'storage.not_found' });
      await expect(asFile(nothing)).rejects.toMatchObject({ code: 'storage.not_found' });
    });

    it('lists what it holds, and nothing that is still arriving', async () => {
      const source = new PassThrough();
      const arriving = storage.receive(source, limits);
      source.write('half');
      const { key, bytes } = await storage.receive(Readable.from(pieces(1)), limits);
      const listed = [];
      for await (const object of storage.list()) listed.push(object);
      expect(listed).toEqual([{ key, bytes, storedAt: expect.any(Date) as Date }]);
      source.end();
      const { key: later } = await arriving;
      expect(await stored()).toEqual([key, later].sort());
    });

    it('keeps the same bytes twice when they come twice, and removes one of them', async () => {
      const [a, b] = await Promise.all([1, 2].map(() => storage.receive(Readable.from(pieces(2)), { ...limits, readHere: true })));
      await storage.remove(a!.key);
      await storage.remove(a!.key);
      expect(await stored()).toEqual([b!.key]);
      await expect(asFile(a!.key)).rejects.toMatchObject({ code: 'storage.not_found' });
      expect((await asFile(b!.key)).equals(Buffer.concat([...pieces(2)]))).toBe(true);
    });

    it('takes an object of exactly the limit and refuses one byte more, with the error it was given', async () => {
      const exactly = (count: number) => storage.receive(Readable.from([Buffer.alloc(count)]), { ...limits, maxBytes: 1000 });
      const { key } = await exactly(1000);
      await expect(exactly(1001)).rejects.toMatchObject({ code: 'video.too_large' });
      expect([await stored(), underWay()]).toEqual([[key], []]);
    });

    it('keeps nothing of an upload that breaks off', async () => {
      await expect(storage.receive(broken(2), limits)).rejects.toThrow('connection reset');
      expect([await stored(), underWay()]).toEqual([[], []]);
    });

    it('stores a copy of a file, and what is made here or nothing', async () => {
      const file = join(started.folder, 'a file');
      writeFileSync(file, 'from a folder');
      const copied = await storage.storeFile(file);
      expect(copied).toMatchObject({ bytes: 13, sha256: sha256('from a folder') });
      expect(readFileSync(file, 'utf8')).toBe('from a folder');
      const write = (text: string) => (path: string) => Promise.resolve(writeFileSync(path, text)).then(() => text.length);
      const made = await storage.compose(write('made'));
      expect([String(await asFile(made!.key)), made!.made]).toEqual(['made', 4]);
      expect(await storage.compose((path) => write('no file')(path).then(() => undefined))).toBeUndefined();
      await expect(storage.compose((path) => write('half')(path).then(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
      expect(await storage.aside(write('for a while'))).toBe(11);
      expect([await stored(), underWay()]).toEqual([[copied.key, made!.key].sort(), []]);
    });

    it.each(['../../etc/passwd', '..', '', 'a/b', `${newId()}/..`, `${newId()}\0`, newId().toUpperCase()])('takes no name for a key: %j', async (name) => {
      const asked = [asFile(name), storage.open(name), storage.has(name), storage.remove(name), storage.partBytes(name), storage.removePart(name), storage.storePart(name)];
      const answers = await Promise.allSettled([...asked, storage.writePart(name, Readable.from(['x']), 0)]);
      for (const each of answers) expect(each).toMatchObject({ status: 'rejected', reason: { code: 'storage.invalid_key' } });
    });

    it('keeps a part that grows until it is removed, and stores what it is then', async () => {
      const id = newId();
      expect(await storage.partBytes(id)).toBe(0);
      expect(await storage.writePart(id, Readable.from([Buffer.from('first, ')]), 0)).toBe(7);
      expect(await storage.writePart(id, Readable.from([]), 7)).toBe(7);
      expect(await storage.writePart(id, Readable.from([Buffer.from('sec'), Buffer.from('ond')]), 7)).toBe(13);
      const object = await storage.storePart(id);
      expect(object).toMatchObject({ bytes: 13, sha256: sha256('first, second') });
      expect(String(await asFile(object.key))).toBe('first, second');
      expect(await storage.parts()).toEqual(new Map([[id, 13]]));
      await storage.removePart(id);
      await storage.removePart(id);
      expect([await storage.parts(), await storage.partBytes(id), await stored()]).toEqual([new Map(), 0, [object.key]]);
    });

    it('stores of a part of which nothing has come an empty object', async () => {
      const id = newId();
      const object = await storage.storePart(id);
      expect(object).toMatchObject({ bytes: 0, sha256: sha256('') });
      expect((await asFile(object.key)).length).toBe(0);
      expect(await storage.parts()).toEqual(new Map());
    });

    it('keeps of a part what came before the line broke, and goes on from there', async () => {
      const [id, bytes] = [newId(), Buffer.concat([...pieces(60)])];
      await expect(storage.writePart(id, broken(50), 0)).rejects.toThrow('connection reset');
      const offset = await storage.partBytes(id);
      expect(offset).toBeGreaterThan(0);
      expect(await storage.writePart(id, Readable.from([bytes.subarray(offset)]), offset)).toBe(bytes.length);
      expect((await asFile((await storage.storePart(id)).key)).equals(bytes)).toBe(true);
    });

    it('says beforehand what there is no room for', async () => {
      await expect(storage.requireRoom({ partBytes: 1, objectBytes: 1 })).resolves.toBeUndefined();
      await expect(storage.requireRoom({ objectBytes: 2 ** 60 })).rejects.toMatchObject({ code: 'storage.full' });
      const reserved = await started.open({ reserveBytes: 2 ** 60 });
      await expect(reserved.requireRoom({ objectBytes: 0 })).rejects.toMatchObject({ code: 'storage.full' });
      await expect(reserved.receive(Readable.from(pieces(1)), limits)).resolves.toMatchObject({ bytes: 65_536 });
    });

    it('clears what a process killed in the middle of an upload left a day ago, and nothing younger', async () => {
      const [old, young] = [newId(), newId()];
      for (const name of [old, young]) writeFileSync(join(started.folder, 'incoming', name), 'half');
      const yesterday = Date.now() / 1000 - 25 * 3600;
      utimesSync(join(started.folder, 'incoming', old), yesterday, yesterday);
      await started.open();
      expect(underWay()).toEqual([young]);
    });
  });
}

describe('a local folder alone', () => {
  let folder: string;
  let storage: Storage;

  beforeEach(async () => {
    folder = temporaryFolder();
    storage = await createLocalStorage(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('tells since when it holds an object', async () => {
    const { key } = await storage.receive(Readable.from(pieces(1)), limits);
    utimesSync(join(folder, 'objects', key.slice(-2), key), 1_700_000_000, 1_700_000_000);
    for await (const { storedAt } of storage.list()) expect(storedAt).toEqual(new Date(1_700_000_000_000));
  });

  it('stores of a part what it was, whoever still writes to it', async () => {
    const id = newId();
    await storage.writePart(id, Readable.from(['whole']), 0);
    const late = openSync(join(folder, 'parts', id), 'r+');
    const { key } = await storage.storePart(id);
    writeSync(late, 'other');
    closeSync(late);
    expect(String(await buffer(await storage.open(key)))).toBe('whole');
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

// A bucket that several machines share: copies on each of them, parts that any of them goes on with, and a store that is away.
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { createStorage, ImportBuckets, type Storage } from '../../src/platform/storage/index.js';
import { keysIn, s3rver } from './object-store.js';
import { type StartedBucket, startBucket } from './storage-adapters.js';

const limits = { maxBytes: 1e9, tooLarge: () => new AppError('video.too_large', '') };
const KILOBYTE = 1024;
const MEGABYTE = 1024 ** 2;

let shared: StartedBucket;
beforeAll(async () => {
  shared = await startBucket(s3rver);
});
afterAll(() => shared?.stop());

const put = async (storage: Storage, bytes: Buffer, readHere = false): Promise<string> => (await storage.receive(Readable.from([bytes]), { ...limits, readHere })).key;
const read = (storage: Storage, key: string): Promise<Buffer> => storage.withFile(key, (path) => Promise.resolve(readFileSync(path)));
const gets = (calls: readonly (readonly unknown[])[]): number => calls.filter(([command]) => (command as object).constructor.name === 'GetObjectCommand').length;

describe('copies of objects', () => {
  it('are made once a machine, however many read the object at once', async () => {
    const [one, two] = [await shared.machine('first'), await shared.machine('second')];
    const bytes = randomBytes(200 * KILOBYTE);
    const key = await put(one, bytes);
    const sent = vi.spyOn(shared.store.client, 'send');
    const found = await Promise.all([1, 2, 3].flatMap(() => [read(two, key), read(two, key)]));
    expect(found.every((each) => each.equals(bytes))).toBe(true);
    expect([gets(sent.mock.calls), shared.copies('first'), shared.copies('second')]).toEqual([1, [], [key]]);
    sent.mockRestore();
  });

  it('are there already where the object was received to be read', async () => {
    const storage = await shared.machine('receiver');
    const key = await put(storage, randomBytes(KILOBYTE), true);
    expect(shared.copies('receiver')).toEqual([key]);
  });

  it('are worth neither what was stored nor a line that stays open, where none can be kept', async () => {
    const [storage, other] = [await shared.machine('without'), await shared.machine('beside')];
    rmSync(join(dirname(shared.folder), 'without', 'copies'), { recursive: true });
    const bytes = randomBytes(KILOBYTE);
    const key = await put(storage, bytes, true);
    expect((await read(other, key)).equals(bytes)).toBe(true);
    const sent = vi.spyOn(shared.store.client, 'send');
    await expect(read(storage, key)).rejects.toMatchObject({ code: 'ENOENT' });
    const [answer] = (await Promise.all(sent.mock.results.map(({ value }) => value as Promise<unknown>))) as { Body: Readable }[];
    expect(answer!.Body.destroyed).toBe(true);
    sent.mockRestore();
  });

  it('go, the least recently used first, when they would be too many; what is read stays, for another process of the machine too', async () => {
    const [reader, other] = await Promise.all([1, 2].map(() => shared.machine('small', { cacheBytes: 250 * KILOBYTE })));
    const source = await shared.machine('source');
    const [a, b, c, d] = await Promise.all([1, 2, 3, 4].map(() => put(source, randomBytes(100 * KILOBYTE))));
    await reader!.withFile(a!, async (path) => {
      for (const key of [b!, c!]) await read(other!, key);
      expect(shared.copies('small').sort()).toEqual([a!, c!].sort());
      await other!.requireRoom({ objectBytes: MEGABYTE });
      expect(shared.copies('small')).toEqual([a!]);
      expect(readFileSync(path)).toHaveLength(100 * KILOBYTE);
    });
    await read(reader!, b!);
    await read(reader!, a!); // used again, so that b is the older one
    await read(reader!, d!);
    expect(shared.copies('small').sort()).toEqual([a!, d!].sort());
    expect((await read(other!, b!)).length).toBe(100 * KILOBYTE);
  });

  it('stay readable to the end where the object is removed meanwhile, and go on other machines too', async () => {
    const [one, two] = [await shared.machine('left'), await shared.machine('right', { tidyMs: 20 })];
    const key = await put(one, Buffer.from('secret'), true);
    await read(two, key);
    await one.withFile(key, async (path) => {
      await one.remove(key);
      expect(readFileSync(path, 'utf8')).toBe('secret');
    });
    expect(shared.copies('left')).toEqual([]);
    await expect(read(one, key)).rejects.toMatchObject({ code: 'storage.not_found' });
    await vi.waitFor(() => expect(shared.copies('right')).toEqual([]), { timeout: 10_000 });
  });

  it('are not made of what is no longer what was stored', async () => {
    const [one, two] = [await shared.machine('careful'), await shared.machine('honest')];
    const key = await put(two, Buffer.from('what was stored'));
    const [Key = ''] = (await keysIn(shared.store.client, shared.bucket)).filter((each) => each.endsWith(key));
    const Metadata = { sha256: '0'.repeat(64) };
    await shared.store.client.send(new PutObjectCommand({ Bucket: shared.bucket, Key, Body: 'something else.', Metadata }));
    await expect(read(one, key)).rejects.toMatchObject({ code: 'storage.damaged' });
    expect(shared.copies('careful')).toEqual([]);
  });
});

describe('a large file', () => {
  it('goes in pieces, and is what it was', async () => {
    const [one, two] = [await shared.machine('first'), await shared.machine('second')];
    const bytes = randomBytes(34 * MEGABYTE);
    const sent = vi.spyOn(shared.store.client, 'send');
    const key = await put(one, bytes);
    expect(sent.mock.calls.map(([command]) => command.constructor.name)).toContain('CompleteMultipartUploadCommand');
    sent.mockRestore();
    expect((await read(two, key)).equals(bytes)).toBe(true);
  });
});

describe('a part', () => {
  it('is gone on with by any machine, though two write the same at once, and is never many objects', async () => {
    const [one, two] = [await shared.machine('first'), await shared.machine('second')];
    const id = newId();
    const bytes = randomBytes(20 * MEGABYTE);
    const from = (start: number, end: number): Readable => Readable.from([bytes.subarray(start, end)]);
    await one.writePart(id, from(0, 5 * MEGABYTE), 0);
    await Promise.all([one.writePart(id, from(5 * MEGABYTE, 12 * MEGABYTE), 5 * MEGABYTE), two.writePart(id, from(5 * MEGABYTE, 9 * MEGABYTE), 5 * MEGABYTE)]);
    let offset = await two.partBytes(id);
    expect(offset).toBe(12 * MEGABYTE);
    for (let k = 0; k < 20; k++) offset = await (k % 2 ? one : two).writePart(id, from(offset, offset + KILOBYTE), offset);
    expect(await one.writePart(id, from(offset, bytes.length), offset)).toBe(bytes.length);
    const pieces = (await keysIn(shared.store.client, shared.bucket)).filter((key) => key.includes(id));
    expect(pieces.length).toBeLessThan(6);
    const { key } = await two.storePart(id);
    expect((await read(two, key)).equals(bytes)).toBe(true);
  });
});

describe('a part that comes slowly', () => {
  afterEach(() => vi.useRealTimers());

  it('grows before a whole piece of it is there', async () => {
    const storage = await shared.machine('slow');
    const id = newId();
    vi.useFakeTimers({ toFake: ['Date'] });
    const arrived: number[] = [];
    async function* slowly(): AsyncGenerator<Buffer> {
      for (let k = 0; k < 4; k++) {
        yield randomBytes(MEGABYTE);
        vi.setSystemTime(Date.now() + 4000);
        arrived.push(await storage.partBytes(id));
      }
    }
    expect(await storage.writePart(id, Readable.from(slowly()), 0)).toBe(4 * MEGABYTE);
    expect(arrived).toEqual([0, 0, 2 * MEGABYTE, 2 * MEGABYTE]);
  });
});

describe('a store that is away', () => {
  it('is told, keeps what had arrived, and is gone on with when it is back', async () => {
    const storage = await shared.machine('patient');
    const key = await put(storage, Buffer.from('before'));
    const id = newId();
    await storage.writePart(id, Readable.from([Buffer.from('arrived')]), 0);
    await shared.store.away();
    const away = { code: 'storage.unreachable' };
    await Promise.all([
      expect(put(storage, Buffer.from('meanwhile'))).rejects.toMatchObject(away),
      expect(read(storage, key)).rejects.toMatchObject(away),
      expect(storage.has(key)).rejects.toMatchObject(away),
      expect(storage.writePart(id, Readable.from([Buffer.from(', lost')]), 7)).rejects.toMatchObject(away),
      expect(storage.partBytes(id)).rejects.toMatchObject(away),
    ]);
    await shared.store.back();
    expect(await storage.partBytes(id)).toBe(7);
    expect(String(await read(storage, key))).toBe('before');
  });
});

describe('an object of a bucket of others', () => {
  it('is answered whole, from where it was left as long as it is the same, and from the beginning when it is another', async () => {
    const bucket = await shared.store.bucket();
    const buckets = new ImportBuckets(loadConfig({ ...shared.store.env, IMPORT_BUCKETS: bucket }));
    const name = { bucket, key: 'a film.mp4' };
    const fill = (Body: string) => shared.store.client.send(new PutObjectCommand({ Bucket: bucket, Key: name.key, Body }));
    const ask = async (headers: Record<string, string> = {}, maxBytes = 100) => {
      const answer = await buckets.request(name, { headers, maxBytes, timeoutMs: 30_000 });
      return { ...answer, text: String(await buffer(answer.body)) };
    };
    await fill('0123456789');
    const first = await ask();
    expect(first).toMatchObject({ status: 200, text: '0123456789', headers: { 'content-length': '10' } });
    const goesOn = { range: 'bytes=4-', 'if-range': first.headers['etag'] ?? '' };
    expect(await ask(goesOn)).toMatchObject({ status: 206, text: '456789', headers: { 'content-range': 'bytes 4-9/10' } });
    await fill('another one');
    expect(await ask(goesOn)).toMatchObject({ status: 200, text: 'another one' });
    await expect(ask({}, 10)).rejects.toMatchObject({ code: 'http.too_large' });
    await fill(' '.repeat(4 * MEGABYTE));
    const { body } = await buckets.request(name, { maxBytes: 1e9, timeoutMs: 30_000 });
    await shared.store.away();
    await expect(buffer(body)).rejects.toMatchObject({ code: 'import.unavailable' });
    await expect(ask()).rejects.toMatchObject({ code: 'import.unavailable' });
    await shared.store.back();
  });
});

describe('the start', () => {
  const start = (env: Record<string, string>) => createStorage(loadConfig({ ...shared.store.env, S3_BUCKET: shared.bucket, DATA_DIR: shared.folder, ...env }));

  it.each([
    ['a bucket that is not there', { S3_BUCKET: 'no-such-bucket' }, 'storage.no_bucket'],
    ['a wrong key', { S3_ACCESS_KEY_ID: 'nobody', S3_SECRET_ACCESS_KEY: 'a secret that nobody may read' }, 'storage.refused'],
    ['a store that does not answer', { S3_ENDPOINT: 'http://127.0.0.1:9' }, 'storage.unreachable'],
  ])('ends with %s, and tells no secret', async (_name, env, code) => {
    const error: unknown = await start(env).catch((each: unknown) => each);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as AppError).cause)).not.toContain('a secret');
  });
});

// Storage in a local folder: objects/ab/<key>, written under incoming/ and moved when complete; parts/<id> grow piece by piece.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants, copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../app-error.js';
import { newId } from '../database/id.js';
import { diskSpace } from './disk-space.js';
import { type ByteRange, type ComposedObject, type ReceivedObject, type ReceiveLimits, type Storage, type StoredObject } from './storage.js';

const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PIECE = /\.piece$/;
const LEFTOVER_MS = 24 * 3600 * 1000;

/** Where a piece of a part may lie until it is known to be right; it goes with the part. */
export const pieceBeside = (part: string): string => `${part}.piece`;

export interface LocalStorageOptions {
  /** Bytes of the disk that no upload may take, so that the rest of the machine goes on. */
  readonly reserveBytes: number;
}

/** Opens the folder, makes it where it is missing, and clears what uploads of killed processes left a day ago. */
export async function createLocalStorage(directory: string, options: LocalStorageOptions = { reserveBytes: 0 }): Promise<Storage> {
  for (const folder of ['incoming', 'objects', 'parts']) await mkdir(join(directory, folder), { recursive: true });
  await removeLeftovers(join(directory, 'incoming'));
  return new LocalStorage(directory, options);
}

class LocalStorage implements Storage {
  constructor(
    private readonly directory: string,
    private readonly options: LocalStorageOptions,
  ) {}

  async receive(source: Readable, limits: ReceiveLimits): Promise<ReceivedObject> {
    if (limits.expectedBytes !== undefined) await this.requireRoom(limits.expectedBytes);
    const hash = createHash('sha256');
    const meter = new Meter(hash, limits);
    const { key, path } = await this.place((incoming) => pipeline(source, meter, createWriteStream(incoming, { flags: 'wx', mode: 0o640 })));
    return { key, path, bytes: meter.bytes, sha256: hash.digest('hex') };
  }

  async compose<T>(write: (path: string) => Promise<T | undefined>): Promise<ComposedObject<T> | undefined> {
    let made: T | undefined;
    const placed = await this.place(async (incoming) => {
      made = await write(incoming);
      return made !== undefined;
    });
    return made === undefined ? undefined : { ...placed, made };
  }

  partPath(id: string): string {
    if (!KEY.test(id)) throw new AppError('storage.invalid_key', `Not the id of a part: ${JSON.stringify(id)}.`);
    return join(this.directory, 'parts', id);
  }

  async storePart(id: string): Promise<ReceivedObject> {
    const hash = createHash('sha256');
    let bytes = 0;
    const placed = await this.place(async (incoming) => {
      await copyFile(this.partPath(id), incoming, constants.COPYFILE_FICLONE); // who still has the part open cannot write into the object
      await pipeline(createReadStream(incoming), hash);
      bytes = (await stat(incoming)).size;
    });
    return { ...placed, bytes, sha256: hash.digest('hex') };
  }

  async removePart(id: string): Promise<void> {
    const part = this.partPath(id);
    for (const path of [part, pieceBeside(part)]) await rm(path, { force: true });
  }

  async parts(): Promise<string[]> {
    const ids = (await readdir(join(this.directory, 'parts'))).map((name) => name.replace(PIECE, ''));
    return [...new Set(ids)].filter((id) => KEY.test(id));
  }

  async requireRoom(bytes: number): Promise<void> {
    const wanted = bytes * 1.1 + this.options.reserveBytes;
    if ((await diskSpace(this.directory)).freeBytes < wanted) throw new AppError('storage.full', `There is no room for ${bytes} bytes now; free some, or try again later.`);
  }

  /** Moves what `write` has written to its place, unless it says that there is nothing. */
  private async place(write: (incoming: string) => Promise<boolean | void>): Promise<{ key: string; path: string }> {
    const key = newId();
    const path = this.pathOf(key);
    const incoming = join(this.directory, 'incoming', key);
    try {
      if ((await write(incoming)) === false) {
        await rm(incoming, { force: true });
        return { key, path };
      }
      await syncToDisk(incoming);
      await mkdir(dirname(path), { recursive: true });
      await rename(incoming, path);
      await syncToDisk(dirname(path));
    } catch (error) {
      await rm(incoming, { force: true });
      throw asFull(error);
    }
    return { key, path };
  }

  pathOf(key: string): string {
    if (!KEY.test(key)) throw new AppError('storage.invalid_key', `Not a storage key: ${JSON.stringify(key)}.`);
    return join(this.directory, 'objects', key.slice(-2), key);
  }

  has(key: string): Promise<boolean> {
    return access(this.pathOf(key)).then(
      () => true,
      () => false,
    );
  }

  async *list(): AsyncGenerator<StoredObject> {
    const objects = join(this.directory, 'objects');
    for (const folder of await readdir(objects)) {
      for (const key of await readdir(join(objects, folder))) {
        const found = KEY.test(key) && (await stat(join(objects, folder, key)).catch(() => undefined)); // it may go meanwhile
        if (found) yield { key, bytes: found.size, storedAt: found.mtime };
      }
    }
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const stream = createReadStream(this.pathOf(key), range ?? {});
    return new Promise((resolve, reject) => {
      stream.once('open', () => resolve(stream));
      stream.once('error', (cause) =>
        reject(hasCode(cause, 'ENOENT') ? new AppError('storage.not_found', `Nothing is stored as ${key}.`, { cause }) : cause),
      );
    });
  }

  async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }
}

/** Counts and hashes what passes, and stops the stream at the limit. */
class Meter extends Transform {
  bytes = 0;

  constructor(
    private readonly hash: Hash,
    private readonly limits: ReceiveLimits,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: Error | null, chunk?: Buffer) => void): void {
    this.bytes += chunk.length;
    if (this.bytes > this.limits.maxBytes) return done(this.limits.tooLarge());
    this.hash.update(chunk);
    done(null, chunk);
  }
}

/** A file's bytes, or a folder's entries, survive a power cut from here on. */
async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeLeftovers(directory: string): Promise<void> {
  const old = Date.now() - LEFTOVER_MS;
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if ((await stat(path)).mtimeMs < old) await rm(path, { force: true });
  }
}

const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** `storage.full` for an error of a full disk; every other one as it is. */
export const asFull = (error: unknown): unknown =>
  hasCode(error, 'ENOSPC', 'EDQUOT') ? new AppError('storage.full', 'There is no space left to store this.', { cause: error }) : error;

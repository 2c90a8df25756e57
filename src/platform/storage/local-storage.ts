// Storage in a local folder: objects/ab/<key>, written under incoming/ and moved when complete; parts/<id> grow piece by piece.
import { constants, createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '../database/id.js';
import { asFull, hasCode, requireDisk } from './full-disk.js';
import { copyFileOf, IncomingFiles, syncToDisk, writeFileOf } from './incoming-files.js';
import { isKey, notStored, objectPath, partPath } from './storage-key.js';
import { type ByteRange, type ComposedObject, type ReceivedObject, type ReceiveLimits, type Storage, type StoredObject, type WantedRoom } from './storage.js';

export interface LocalStorageOptions {
  /** Bytes of the disk that no upload may take, so that the rest of the machine goes on. */
  readonly reserveBytes: number;
}

/** Opens the folder, makes it where it is missing, and clears what uploads of killed processes left a day ago. */
export async function createLocalStorage(directory: string, options: LocalStorageOptions = { reserveBytes: 0 }): Promise<Storage> {
  for (const folder of ['objects', 'parts']) await mkdir(join(directory, folder), { recursive: true });
  return new LocalStorage(directory, options, await IncomingFiles.open(join(directory, 'incoming')));
}

class LocalStorage implements Storage {
  constructor(
    private readonly directory: string,
    private readonly options: LocalStorageOptions,
    private readonly incoming: IncomingFiles,
  ) {}

  async check(): Promise<void> {
    await access(join(this.directory, 'objects'), constants.W_OK);
  }

  async receive(source: Readable, limits: ReceiveLimits): Promise<ReceivedObject> {
    return this.place((path) => writeFileOf(source, path, limits));
  }

  storeFile(file: string): Promise<ReceivedObject> {
    return this.place((path) => copyFileOf(file, path));
  }

  async compose<T>(write: (path: string) => Promise<T | undefined>): Promise<ComposedObject<T> | undefined> {
    return this.incoming.with(async (path) => {
      const made = await write(path);
      return made === undefined ? undefined : { key: await this.move(path), made };
    });
  }

  aside<T>(work: (path: string) => Promise<T>): Promise<T> {
    return this.incoming.with(work);
  }

  requireRoom({ partBytes = 0, objectBytes }: WantedRoom): Promise<void> {
    return requireDisk(this.directory, partBytes + objectBytes, this.options.reserveBytes);
  }

  async partBytes(id: string): Promise<number> {
    const found = await stat(this.partFile(id)).catch(ifAbsent);
    return found?.size ?? 0;
  }

  async writePart(id: string, source: Readable, offset: number): Promise<number> {
    try {
      const file = await open(this.partFile(id), OPEN_OR_MAKE, 0o640);
      await pipeline(source, file.createWriteStream({ start: offset, flush: true }));
    } catch (error) {
      throw asFull(error);
    }
    return this.partBytes(id);
  }

  async storePart(id: string): Promise<ReceivedObject> {
    const file = this.partFile(id);
    const isThere = (await stat(file).catch(ifAbsent)) !== undefined;
    return this.place((path) => (isThere ? copyFileOf(file, path) : writeFileOf(Readable.from([]), path)));
  }

  async removePart(id: string): Promise<void> {
    await rm(this.partFile(id), { force: true });
  }

  async parts(): Promise<ReadonlyMap<string, number>> {
    const ids = (await readdir(join(this.directory, 'parts'))).filter(isKey);
    return new Map(await Promise.all(ids.map(async (id) => [id, await this.partBytes(id)] as const)));
  }

  async withFile<T>(key: string, use: (path: string) => Promise<T>): Promise<T> {
    const path = this.objectFile(key);
    await access(path).catch((cause: unknown) => {
      throw notStored(key, cause);
    });
    return use(path);
  }

  async has(key: string): Promise<boolean> {
    return (await stat(this.objectFile(key)).catch(ifAbsent)) !== undefined;
  }

  isHere(key: string): Promise<boolean> {
    return this.has(key);
  }

  async *list(): AsyncGenerator<StoredObject> {
    const objects = join(this.directory, 'objects');
    for (const folder of await readdir(objects)) {
      for (const key of await readdir(join(objects, folder))) {
        const found = isKey(key) && (await stat(join(objects, folder, key)).catch(() => undefined)); // it may go meanwhile
        if (found) yield { key, bytes: found.size, storedAt: found.mtime };
      }
    }
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const stream = createReadStream(this.objectFile(key), range ?? {});
    return new Promise((resolve, reject) => {
      stream.once('open', () => resolve(stream));
      stream.once('error', (cause) => reject(hasCode(cause, 'ENOENT') ? notStored(key, cause) : cause));
    });
  }

  async remove(key: string): Promise<void> {
    await rm(this.objectFile(key), { force: true });
  }

  private place<T extends Omit<ReceivedObject, 'key'>>(write: (path: string) => Promise<T>): Promise<ReceivedObject> {
    return this.incoming.with(async (path) => {
      const facts = await write(path);
      return { key: await this.move(path), ...facts };
    });
  }

  /** Makes an object of a file that is complete; resolves with its key. */
  private async move(file: string): Promise<string> {
    const key = newId();
    const path = this.objectFile(key);
    await syncToDisk(file);
    await mkdir(dirname(path), { recursive: true });
    await rename(file, path);
    await syncToDisk(dirname(path));
    return key;
  }

  private objectFile(key: string): string {
    return join(this.directory, objectPath(key));
  }

  private partFile(id: string): string {
    return join(this.directory, partPath(id));
  }
}

/** Bytes that are there stay. */
const OPEN_OR_MAKE = constants.O_WRONLY | constants.O_CREAT;

const ifAbsent = (error: unknown): undefined => {
  if (!hasCode(error, 'ENOENT')) throw error;
};

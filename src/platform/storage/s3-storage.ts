// Storage in a bucket, laid out as the local folder is; what is read as a file is copied to this machine first, once.
import { type S3Client } from '@aws-sdk/client-s3';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '../../app-error.js';
import { newId } from '../database/id.js';
import { log } from '../log/log.js';
import { requireDisk, withMargin } from './full-disk.js';
import { copyFileOf, factsOf, type FileFacts, IncomingFiles, writeFileOf } from './incoming-files.js';
import { ObjectCopies } from './object-copies.js';
import { S3Bucket } from './s3-bucket.js';
import { S3Parts } from './s3-parts.js';
import { isKey, objectPath } from './storage-key.js';
import { type ByteRange, type ComposedObject, type ReceivedObject, type ReceiveLimits, type Storage, type StoredObject, type WantedRoom } from './storage.js';

export interface S3StorageOptions {
  readonly bucket: string;
  /** Folder of this machine for copies, and for files on their way. */
  readonly directory: string;
  readonly cacheBytes: number;
  /** Bytes of the disk that neither copies nor uploads may take. */
  readonly reserveBytes: number;
  /** How often copies of objects that are gone are looked for. */
  readonly tidyMs?: number;
}

const TIDY_MS = 10 * 60_000;

/** Rejects with `storage.no_bucket`, `storage.refused` or `storage.unreachable`. */
export async function createS3Storage(client: S3Client, { tidyMs = TIDY_MS, ...options }: S3StorageOptions): Promise<Storage> {
  const bucket = new S3Bucket(client, options.bucket);
  await bucket.check();
  const incoming = await IncomingFiles.open(join(options.directory, 'incoming'));
  const copies = await ObjectCopies.open(options.directory, { limitBytes: options.cacheBytes, reserveBytes: options.reserveBytes });
  const storage = new S3Storage(bucket, new S3Parts(bucket), incoming, copies, options);
  setInterval(() => void storage.tidy().catch((error: unknown) => log.debug({ err: error }, 'copies are looked through later')), tidyMs).unref();
  return storage;
}

class S3Storage implements Storage {
  /** Copies on their way to this process. */
  private readonly fetching = new Map<string, Promise<string>>();

  constructor(
    private readonly bucket: S3Bucket,
    private readonly pieces: S3Parts,
    private readonly incoming: IncomingFiles,
    private readonly copies: ObjectCopies,
    private readonly options: S3StorageOptions,
  ) {}

  check(signal: AbortSignal): Promise<void> {
    return this.bucket.check(signal);
  }

  async receive(source: Readable, { readHere = false, ...limits }: ReceiveLimits): Promise<ReceivedObject> {
    return this.incoming.with(async (path) => this.store(path, await writeFileOf(source, path, limits), readHere));
  }

  storeFile(file: string): Promise<ReceivedObject> {
    return this.incoming.with(async (path) => this.store(path, await copyFileOf(file, path), true));
  }

  compose<T>(write: (path: string) => Promise<T | undefined>): Promise<ComposedObject<T> | undefined> {
    return this.incoming.with(async (path) => {
      const made = await write(path);
      return made === undefined ? undefined : { key: (await this.store(path, await factsOf(path), true)).key, made };
    });
  }

  aside<T>(work: (path: string) => Promise<T>): Promise<T> {
    return this.incoming.with(work);
  }

  /** Parts lie in the bucket; copies give way. */
  async requireRoom({ objectBytes }: WantedRoom): Promise<void> {
    await this.copies.makeRoom(withMargin(objectBytes));
    await requireDisk(this.options.directory, objectBytes, this.options.reserveBytes);
  }

  async partBytes(id: string): Promise<number> {
    return this.pieces.bytes(id);
  }

  async writePart(id: string, source: Readable, offset: number): Promise<number> {
    return this.pieces.write(id, source, offset);
  }

  async storePart(id: string): Promise<ReceivedObject> {
    await this.copies.makeRoom(await this.pieces.bytes(id));
    return this.incoming.with(async (path) => this.store(path, await writeFileOf(Readable.from(this.pieces.read(id)), path), true));
  }

  async removePart(id: string): Promise<void> {
    return this.pieces.remove(id);
  }

  parts(): Promise<ReadonlyMap<string, number>> {
    return this.pieces.all();
  }

  async withFile<T>(key: string, use: (path: string) => Promise<T>): Promise<T> {
    const path = await this.borrow(key);
    try {
      return await use(path);
    } finally {
      await this.copies.giveBack(path);
    }
  }

  async has(key: string): Promise<boolean> {
    return this.bucket.has(objectPath(key));
  }

  isHere(key: string): Promise<boolean> {
    return this.copies.has(key);
  }

  async *list(): AsyncGenerator<StoredObject> {
    for await (const { key: path, ...facts } of this.bucket.list('objects/')) {
      const key = path.slice(-36);
      if (isKey(key) && objectPath(key) === path) yield { key, ...facts };
    }
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    return (await this.bucket.get(objectPath(key), range)).body;
  }

  /** Copies on other machines go when these look through theirs. */
  async remove(key: string): Promise<void> {
    await this.bucket.remove([objectPath(key)]);
    await this.copies.drop(key);
  }

  /** Removes copies of objects that are gone. */
  async tidy(): Promise<void> {
    for (const key of await this.copies.keys()) if (!(await this.has(key))) await this.copies.drop(key);
  }

  private async store(path: string, facts: FileFacts, keepsCopy: boolean): Promise<ReceivedObject> {
    const key = newId();
    await this.bucket.putFile(objectPath(key), path, facts);
    if (keepsCopy) await this.keep(key, path, facts.bytes).catch((error: unknown) => log.warn({ err: error, key }, 'no copy of what was stored is kept'));
    return { key, ...facts };
  }

  private async keep(key: string, path: string, bytes: number): Promise<void> {
    await this.copies.makeRoom(bytes);
    await this.copies.keep(key, path);
  }

  private async borrow(key: string): Promise<string> {
    const copy = await this.copies.lend(key);
    if (copy !== undefined) return copy;
    const underWay = this.fetching.get(key);
    if (underWay) {
      await underWay;
      return this.borrow(key);
    }
    const fetching = this.fetch(key).finally(() => this.fetching.delete(key));
    this.fetching.set(key, fetching);
    return fetching;
  }

  /** Rejects with `storage.damaged` where what comes is not what was stored. */
  private fetch(key: string): Promise<string> {
    return this.incoming.with(async (path) => {
      const { body, bytes, sha256 } = await this.bucket.get(objectPath(key));
      await this.copies.makeRoom(bytes).catch((error: unknown) => {
        body.destroy(); // nobody will read it
        throw error;
      });
      const facts = await writeFileOf(body, path);
      if (facts.bytes !== bytes || (sha256 !== undefined && facts.sha256 !== sha256)) {
        throw new AppError('storage.damaged', `The object store sent ${key} otherwise than it was stored.`);
      }
      return this.copies.keepAndLend(key, path);
    });
  }
}

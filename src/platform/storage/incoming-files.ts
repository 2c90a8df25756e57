// Files that are being written, each under a name of its own: gone when the work ends, unless it has moved them to their place.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { constants, copyFile, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '../database/id.js';
import { asFull } from './full-disk.js';
import { type ReceivedObject, type ReceiveLimits } from './storage.js';

const LEFTOVER_MS = 24 * 3600 * 1000;

/** Length and hash of a file. */
export type FileFacts = Omit<ReceivedObject, 'key'>;

export class IncomingFiles {
  private constructor(private readonly directory: string) {}

  /** Makes the folder where it is missing, and clears what killed processes left in it a day ago. */
  static async open(directory: string): Promise<IncomingFiles> {
    await mkdir(directory, { recursive: true });
    const old = Date.now() - LEFTOVER_MS;
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      const found = await stat(path).catch(() => undefined); // another process may clear it too
      if (found && found.mtimeMs < old) await rm(path, { force: true });
    }
    return new IncomingFiles(directory);
  }

  /** Rejects with `storage.full`, or as `work` does. */
  async with<T>(work: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.directory, newId());
    try {
      return await work(path);
    } catch (error) {
      throw asFull(error);
    } finally {
      await rm(path, { force: true });
    }
  }
}

/** Writes the stream to the file, and what it turned out to be. Rejects with `tooLarge()` at the limit, or with the error of the stream. */
export async function writeFileOf(source: Readable, path: string, limits?: Pick<ReceiveLimits, 'maxBytes' | 'tooLarge'>): Promise<FileFacts> {
  const hash = createHash('sha256');
  const meter = new Meter(hash, limits);
  await pipeline(source, meter, createWriteStream(path, { flags: 'wx', mode: 0o640 }));
  return { bytes: meter.bytes, sha256: hash.digest('hex') };
}

/** Copies the file, of shared blocks where the disk has them: who still has it open cannot write into the copy. Resolves with what was copied. */
export async function copyFileOf(source: string, path: string): Promise<FileFacts> {
  await copyFile(source, path, constants.COPYFILE_FICLONE);
  return factsOf(path);
}

export async function factsOf(path: string): Promise<FileFacts> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

/** A file's bytes, or a folder's entries, survive a power cut from here on. */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Counts and hashes what passes, and stops the stream at the limit. */
class Meter extends Transform {
  bytes = 0;

  constructor(
    private readonly hash: Hash,
    private readonly limits: Pick<ReceiveLimits, 'maxBytes' | 'tooLarge'> | undefined,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: Error | null, chunk?: Buffer) => void): void {
    this.bytes += chunk.length;
    if (this.limits && this.bytes > this.limits.maxBytes) return done(this.limits.tooLarge());
    this.hash.update(chunk);
    done(null, chunk);
  }
}

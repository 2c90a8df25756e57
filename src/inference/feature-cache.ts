// What was seen of windows, kept on disk under the content of their video: looked at again, a window is neither decoded nor encoded.
import { type Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How what was seen becomes a file, and again what it was; undefined for a file that is cut or spoilt. */
export interface RecordForm<Seen> {
  readonly toRecord: (seen: Seen) => Uint8Array;
  readonly fromRecord: (record: Uint8Array) => Seen | undefined;
}

export interface FeatureCacheOptions<Seen> {
  readonly form: RecordForm<Seen>;
  readonly folder: string;
  /** What all records may take together, those of other processes included. */
  readonly maxBytes: number;
  /** Told once when records cannot be kept, and again only after they could. */
  readonly onFault?: (error: unknown) => void;
}

/** Where a record lies: the sha-256 of the video, and a name for the window, its sampling and the model. */
export interface RecordKey {
  readonly contentHash: string;
  readonly name: string;
}

/** After an eviction this part of the room is filled; the rest is what processes may write before each looks again. */
const FILLED = 7 / 8;
/** A process looks at the whole folder again when it has written this part of the room. */
const LOOK_AGAIN = 1 / 16;
/** A file half written by a process that is gone. */
const ABANDONED_MS = 10 * 60_000;
const TEMPORARY = '.part';

/**
 * Safe for several processes on one folder: a record appears whole, by renaming, or not at all; use is noted in the file's time, and the
 * least recently used go first. Nothing here ever fails a window.
 */
export class FeatureCache<Seen> {
  private written = Infinity; // bytes since the folder was last looked at: at first nobody knows what is there
  private isFaulty = false;
  private serial = 0;

  constructor(private readonly options: FeatureCacheOptions<Seen>) {}

  /** A record that is cut or spoilt is removed and counts as absent. */
  async get(key: RecordKey): Promise<Seen | undefined> {
    const path = this.pathOf(key);
    try {
      const seen = this.options.form.fromRecord(await readFile(path));
      if (!seen) await rm(path, { force: true });
      // A record that was put out meanwhile, or that may not be touched, is as good.
      else await utimes(path, new Date(), new Date()).catch(() => undefined);
      return seen;
    } catch (error) {
      if (!isMissing(error)) this.fault(error);
      return undefined;
    }
  }

  async put(key: RecordKey, seen: Seen): Promise<void> {
    const record = this.options.form.toRecord(seen);
    if (record.length > this.options.maxBytes * FILLED) return;
    try {
      await this.write(this.pathOf(key), record);
      this.isFaulty = false;
      this.written += record.length;
      if (this.written > this.options.maxBytes * LOOK_AGAIN) await this.evict();
    } catch (error) {
      // Its folder went between two steps: the video is being deleted.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.fault(error);
    }
  }

  private async write(path: string, record: Uint8Array): Promise<void> {
    const temporary = `${path}.${process.pid}.${this.serial++}${TEMPORARY}`;
    await mkdir(dirname(path), { recursive: true });
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(record);
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  private async evict(): Promise<void> {
    const files = await filesBelow(this.options.folder);
    const isAbandoned = ({ path, usedMs }: StoredFile): boolean => path.endsWith(TEMPORARY) && usedMs < Date.now() - ABANDONED_MS;
    let held = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const order = files.sort((a, b) => Number(isAbandoned(b)) - Number(isAbandoned(a)) || a.usedMs - b.usedMs);
    for (const file of order) {
      if (held <= this.options.maxBytes * FILLED && !isAbandoned(file)) break;
      await rm(file.path, { force: true });
      held -= file.bytes;
    }
    this.written = 0;
  }

  private pathOf({ contentHash, name }: RecordKey): string {
    return join(folderOf(this.options.folder, contentHash), name);
  }

  private fault(error: unknown): void {
    if (!this.isFaulty) this.options.onFault?.(error);
    this.isFaulty = true;
  }
}

interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/** What another process removes meanwhile is left out. */
async function filesBelow(folder: string): Promise<StoredFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(noneIfMissing<Dirent>);
  const files: StoredFile[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const facts = await stat(path).catch(() => undefined);
    if (facts) files.push({ path, bytes: facts.size, usedMs: facts.mtimeMs });
  }
  return files;
}

/** What all that was seen of a video takes. */
export async function featureBytesOf(folder: string, contentHash: string): Promise<number> {
  return (await filesBelow(folderOf(folder, contentHash))).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Removes all that was seen of a video; `folder` is the folder of the cache. A process that works on the video may still add to it. */
export async function removeFeaturesOf(folder: string, contentHash: string): Promise<void> {
  await rm(folderOf(folder, contentHash), { recursive: true, force: true, maxRetries: 5 });
}

/** The sha-256 of every video of which something is kept. */
export async function listFeatureHashes(folder: string): Promise<string[]> {
  const names = (path: string): Promise<string[]> => readdir(path).catch(noneIfMissing<string>);
  const groups = await Promise.all((await names(folder)).map((group) => names(join(folder, group))));
  return groups.flat().sort();
}

const folderOf = (folder: string, contentHash: string): string => join(folder, contentHash.slice(0, 2), contentHash);

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

function noneIfMissing<Entry>(error: unknown): Entry[] {
  if (isMissing(error)) return [];
  throw error;
}

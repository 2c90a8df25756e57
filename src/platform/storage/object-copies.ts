// Copies of objects on this machine, for processes that share the folder: lent to whoever reads them, removed when there must be room and nobody does.
import { link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../database/id.js';
import { diskSpace } from './disk-space.js';
import { hasCode } from './full-disk.js';
import { isKey, requireKey } from './storage-key.js';

export interface CopyLimits {
  /** What all copies may take together; the last one stays however large it is. */
  readonly limitBytes: number;
  /** Room on the disk that copies leave. */
  readonly reserveBytes: number;
}

interface Copy {
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
  readonly isLent: boolean;
}

/** A process shows so often that it lives. */
const BEAT_MS = 60_000;
/** What a process has borrowed that has not shown itself for so long is nobody's. */
const DEAD_MS = 10 * BEAT_MS;

/**
 * A copy is lent as a second name of the same file, in a folder of the process that has it: while there is one the file stays, whatever
 * becomes of its first name, and nothing has to be agreed on. `lent/<process>/<id>` beside `copies/<key>`.
 */
export class ObjectCopies {
  private constructor(
    private readonly copies: string,
    private readonly lent: string,
    private readonly own: string,
    private readonly limits: CopyLimits,
  ) {}

  static async open(directory: string, limits: CopyLimits): Promise<ObjectCopies> {
    const [copies, lent] = [join(directory, 'copies'), join(directory, 'lent')];
    const own = join(lent, newId());
    for (const folder of [copies, own]) await mkdir(folder, { recursive: true });
    const opened = new ObjectCopies(copies, lent, own, limits);
    setInterval(() => void utimes(own, new Date(), new Date()).catch(() => undefined), BEAT_MS).unref();
    await opened.takeBack();
    return opened;
  }

  /** A path to read the object at until `giveBack`; undefined where there is no copy. */
  async lend(key: string): Promise<string | undefined> {
    const path = await this.newName();
    try {
      await link(this.copyOf(key), path);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
    await utimes(path, new Date(), new Date()); // of both names: the time of its last use
    return path;
  }

  giveBack(path: string): Promise<void> {
    return rm(path, { force: true });
  }

  /** Makes a whole file the copy of an object: it goes from where it is. */
  async keep(key: string, file: string): Promise<void> {
    await rename(file, this.copyOf(key));
  }

  /** The same, and lends it. */
  async keepAndLend(key: string, file: string): Promise<string> {
    const path = await this.newName();
    await link(file, path); // before it is where another process may want its room
    await this.keep(key, file);
    return path;
  }

  async has(key: string): Promise<boolean> {
    return (await stat(this.copyOf(key)).catch(() => undefined)) !== undefined;
  }

  async drop(key: string): Promise<void> {
    await rm(this.copyOf(key), { force: true });
  }

  async keys(): Promise<string[]> {
    return (await readdir(this.copies)).filter(isKey);
  }

  /** Removes copies that nobody reads, the least recently used first, until so many bytes more are within what all may take. */
  async makeRoom(bytes: number): Promise<void> {
    await this.takeBack();
    const copies = await this.all();
    let taken = copies.reduce((sum, copy) => sum + copy.bytes, 0);
    const { freeBytes } = await diskSpace(this.copies);
    const allowed = Math.min(this.limits.limitBytes, taken + freeBytes - this.limits.reserveBytes) - bytes;
    for (const { path, bytes: size } of copies.filter(({ isLent }) => !isLent).sort((a, b) => a.usedMs - b.usedMs)) {
      if (taken <= allowed) return;
      await rm(path, { force: true });
      taken -= size;
    }
  }

  private async all(): Promise<Copy[]> {
    const copies: Copy[] = [];
    for (const key of await this.keys()) {
      const path = this.copyOf(key);
      const found = await stat(path).catch(() => undefined); // it may go meanwhile
      if (found) copies.push({ path, bytes: found.size, usedMs: found.mtimeMs, isLent: found.nlink > 1 });
    }
    return copies;
  }

  /** Takes back what processes had that have died. */
  private async takeBack(): Promise<void> {
    for (const name of await readdir(this.lent)) {
      const folder = join(this.lent, name);
      const found = await stat(folder).catch(() => undefined);
      if (!found || folder === this.own || Date.now() - found.mtimeMs < DEAD_MS) continue;
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** To lend something by; another process may have taken this one for dead meanwhile. */
  private async newName(): Promise<string> {
    await mkdir(this.own, { recursive: true });
    return join(this.own, newId());
  }

  private copyOf(key: string): string {
    requireKey(key);
    return join(this.copies, key);
  }
}

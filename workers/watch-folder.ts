// The watched folder: files that have stopped growing are taken in, once each, whatever restarts meanwhile.
import { Inject, Injectable } from '@nestjs/common';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG, type Config } from '../src/platform/config/config.js';
import { log } from '../src/platform/log/log.js';
import { type FileVersion, UploadsService } from '../src/uploads/index.js';

interface Sighting extends FileVersion {
  /** When it was first seen like this. */
  readonly since: number;
  taken: boolean;
}

/** Of programs that are not done with a file, and our own notes. */
const PASSED_OVER = /^\.|\.(part|partial|tmp|crdownload|refused\.txt)$/i;

const LOOKS_PER_SETTLING = 4;

@Injectable()
export class WatchFolder {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private sightings = new Map<string, Sighting>();

  constructor(
    private readonly uploads: UploadsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  start(): void {
    const { WATCH_DIR: folder, WATCH_SETTLE_SECONDS: settle } = this.config;
    if (folder === undefined) return;
    const beat = (): void => {
      this.look(folder, Date.now())
        .catch((error: unknown) => log.warn({ err: error, folder }, 'the watched folder cannot be read; the next look tries again'))
        .finally(() => {
          if (!this.stopped) this.timer = setTimeout(beat, (settle * 1000) / LOOKS_PER_SETTLING);
        });
    };
    beat();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async look(folder: string, now: number): Promise<void> {
    const before = this.sightings;
    this.sightings = new Map();
    for (const path of await filesIn(folder)) {
      const found = await stat(path).catch(() => undefined); // it may go meanwhile
      if (!found) continue;
      const version = { path, bytes: found.size, changedMs: found.mtimeMs };
      const last = before.get(path);
      const isSame = last?.bytes === version.bytes && last.changedMs === version.changedMs;
      const sighting = isSame ? last : { ...version, since: now, taken: false };
      this.sightings.set(path, sighting);
      if (!sighting.taken && now - sighting.since >= this.config.WATCH_SETTLE_SECONDS * 1000) await this.take(sighting);
    }
  }

  private async take(sighting: Sighting): Promise<void> {
    const { path, bytes, changedMs } = sighting;
    const isNew = await this.uploads.takeFile(this.config.WATCH_TENANT, { path, bytes, changedMs });
    sighting.taken = true;
    if (isNew) log.info({ path, bytes }, 'a file of the watched folder is taken in');
  }
}

/** Regular files below it; links lead elsewhere. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !PASSED_OVER.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
}

// Uploads that this user has begun and not ended: what a process that was killed had sent, the next one need not send again.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type OpenFile } from './open-file.js';

/** No service keeps an upload for longer without a sign of life. */
const KEPT_DAYS = 30;

const record = z.object({ path: z.string().regex(/^\/v1\/uploads\/[\w-]+$/), pid: z.number().int() });

/** Of this process, by their file: another command for the same file in the same process has one of its own. */
const underWay = new Set<string>();

/** The place of one file, as it is now, at one service; it is held until `release`. */
export class KeptUpload {
  private constructor(private readonly file: string | undefined) {}

  /** Where somebody else uploads the file right now, nothing is kept of this one. */
  static async of(baseUrl: string, { path, bytes, modifiedMs }: OpenFile): Promise<KeptUpload> {
    const name = createHash('sha256').update(JSON.stringify([baseUrl, path, bytes, modifiedMs])).digest('hex');
    const file = join(stateFolder(), `${name}.json`);
    if (underWay.has(file) || isOthers(await read(file))) return new KeptUpload(undefined);
    underWay.add(file);
    return new KeptUpload(file);
  }

  /** Path of the upload at the service; undefined where none is known. */
  async path(): Promise<string | undefined> {
    return this.file === undefined ? undefined : (await read(this.file))?.path;
  }

  /** Where this user can keep nothing the upload goes on all the same. */
  async keep(path: string): Promise<void> {
    if (this.file === undefined) return;
    await mkdir(stateFolder(), { recursive: true, mode: 0o700 }).catch(() => undefined);
    await writeFile(this.file, JSON.stringify({ path, pid: process.pid }), { mode: 0o600 }).catch(() => undefined);
    await removeOld();
  }

  async forget(): Promise<void> {
    if (this.file !== undefined) await rm(this.file, { force: true });
  }

  release(): void {
    if (this.file !== undefined) underWay.delete(this.file);
  }
}

const stateFolder = (): string => join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'secondsight', 'uploads');

/** Undefined for a file that is not there, or that a process was killed while it wrote. */
async function read(file: string): Promise<z.infer<typeof record> | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whether another process that lives has it. */
function isOthers(kept: z.infer<typeof record> | undefined): boolean {
  if (!kept || kept.pid === process.pid) return false;
  try {
    return process.kill(kept.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(stateFolder()).catch(() => [])) {
    const file = join(stateFolder(), name);
    const found = await stat(file).catch(() => undefined);
    if (found && found.mtimeMs < Date.now() - KEPT_DAYS * 86_400_000) await rm(file, { force: true });
  }
}

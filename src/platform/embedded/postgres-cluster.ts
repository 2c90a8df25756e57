// The files of the embedded server: where they lie, and how they are first made.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../app-error.js';
import { prepareBinaries, type RunAs, serverUser } from './postgres-binaries.js';

export interface PostgresCluster {
  readonly postgres: string;
  /** The server's own data directory. */
  readonly data: string;
  readonly user: RunAs;
  readonly password: string;
}

export const SUPERUSER = 'postgres';

const run = promisify(execFile);

/** Opens the cluster that belongs to `dataDir`, made first where there is none. */
export async function openCluster(dataDir: string): Promise<PostgresCluster> {
  const user = serverUser();
  const base = await makeBase(dataDir, user);
  const { initdb, postgres } = await prepareBinaries(base, user);
  const data = join(base, 'data');
  if (!existsSync(data)) await create(initdb, base, user);
  await checkOwner(data, user.uid);
  const password = (await readFile(join(base, 'password'), 'utf8')).trim();
  return { postgres, data, user, password };
}

/** Below `dataDir`, unless the server's user may not go there: then below /var/tmp, in a folder that only we can write to. */
async function makeBase(dataDir: string, user: RunAs): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const base = user.uid === undefined || (await isOpenToAll(dataDir)) ? join(dataDir, 'postgres') : `/var/tmp/secondsight-${hash}`;
  await mkdir(base, { recursive: true, mode: 0o755 });
  await checkOwner(base, undefined);
  return base;
}

/** Whoever could write here could have any program run in our name. */
async function checkOwner(path: string, expected = process.getuid?.()): Promise<void> {
  const { uid, mode } = await stat(path);
  if (expected === undefined || (uid === expected && (mode & 0o022) === 0)) return;
  const advice = 'start as the user who made it, or set DATA_DIR to another folder';
  throw new AppError('postgres.wrong_owner', `${path} belongs to another user or can be written to by others: ${advice}.`);
}

async function isOpenToAll(directory: string): Promise<boolean> {
  for (let path = directory; ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** Made under another name and moved when complete, so that a killed attempt is not taken for a cluster. */
async function create(initdb: string, base: string, user: RunAs): Promise<void> {
  const unfinished = join(base, 'data.unfinished');
  const passwordFile = join(base, 'initial-password');
  const password = randomBytes(24).toString('base64url');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  await writeFile(join(base, 'password'), password, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) {
    for (const path of [unfinished, passwordFile]) await chown(path, user.uid, user.gid);
  }
  const options = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  try {
    await run(initdb, ['-D', unfinished, '-U', SUPERUSER, `--pwfile=${passwordFile}`, ...options], { ...user, cwd: '/' });
  } catch (cause) {
    const reason = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
    throw new AppError('postgres.initdb_failed', `The embedded Postgres could not be set up in ${base}: ${reason}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, join(base, 'data'));
}

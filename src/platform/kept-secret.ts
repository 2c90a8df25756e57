// A secret that this service makes once and keeps below DATA_DIR, for where the configuration gives none.
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../app-error.js';

/** 64 hex digits from `folder/name`, readable to its owner alone. Rejects with `secret.unusable`. */
export async function keptSecret(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  await mkdir(folder, { recursive: true });
  const kept = (await readFile(file, 'utf8').catch(ifAbsent)) ?? (await makeSecret(file));
  if (/^[0-9a-f]{64}\n$/.test(kept)) return kept.trim();
  throw new AppError('secret.unusable', `${file} does not hold what was written there: bring it back from a backup, or remove it, and what it protects is to be made anew.`);
}

/** A link appears whole or not at all, so processes that start at once agree on one. */
async function makeSecret(file: string): Promise<string> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await handle.sync();
    await link(draft, file).catch(ifPresent);
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}

const unless = (expected: string) => (error: unknown): undefined => {
  if (error instanceof Error && 'code' in error && error.code === expected) return undefined;
  throw error;
};
const ifAbsent = unless('ENOENT');
const ifPresent = unless('EEXIST');

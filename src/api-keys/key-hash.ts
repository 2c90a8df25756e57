// What is kept of a key in place of its text: a hash that only says something to whoever has the pepper too.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../app-error.js';
import { type Config } from '../platform/config/config.js';

const FILE = 'api-key-pepper';

/** Hashes under one pepper; `purpose` keeps what is signed for one thing from passing for another. */
export class KeyHasher {
  constructor(private readonly pepper: string) {}

  /** 64 hex digits. */
  hash(purpose: 'key' | 'session', text: string): string {
    return createHmac('sha256', this.pepper).update(`${purpose}\n${text}`).digest('hex');
  }

  /** In the same time whatever differs. */
  matches(purpose: 'key' | 'session', text: string, hash: string): boolean {
    const [given, kept] = [Buffer.from(this.hash(purpose, text)), Buffer.from(hash)];
    return given.length === kept.length && timingSafeEqual(given, kept);
  }
}

/** Under API_KEY_PEPPER, else under one that is made once and kept below DATA_DIR, readable to its owner alone. Rejects with `key.pepper_unusable`. */
export async function createKeyHasher({ API_KEY_PEPPER, DATA_DIR }: Pick<Config, 'API_KEY_PEPPER' | 'DATA_DIR'>): Promise<KeyHasher> {
  return new KeyHasher(API_KEY_PEPPER ?? (await keptPepper(DATA_DIR)));
}

async function keptPepper(folder: string): Promise<string> {
  const file = join(folder, FILE);
  await mkdir(folder, { recursive: true });
  const kept = (await readFile(file, 'utf8').catch(ifAbsent)) ?? (await makePepper(file));
  if (/^[0-9a-f]{64}\n$/.test(kept)) return kept.trim();
  throw new AppError('key.pepper_unusable', `${file} does not hold what was written there: bring it back from a backup, or remove it and make all keys anew.`);
}

/** A link appears whole or not at all, so processes that start at once agree on one. */
async function makePepper(file: string): Promise<string> {
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

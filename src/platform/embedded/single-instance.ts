// At most one service per data folder: who runs it, and where it can be reached.
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { findProcess } from './running-process.js';

const FILE = 'service.json';

const record = z.object({
  pid: z.number().int(),
  identity: z.string(),
  /** Null while it starts. */
  baseUrl: z.string().nullable(),
  databaseUrl: z.string().nullable(),
});

export type RunningService = z.infer<typeof record>;

/** The folder's claim, held by this process. */
export interface Claim {
  /** Lets others find the service. */
  publish(service: Pick<RunningService, 'baseUrl' | 'databaseUrl'>): Promise<void>;
  release(): Promise<void>;
}

/** Claims the folder, or returns undefined while a running service has it. What a killed one left behind is taken over. */
export async function claimFolder(dataDir: string): Promise<Claim | undefined> {
  const file = join(dataDir, FILE);
  const draft = `${file}.${process.pid}`;
  const write = (path: string, service: Pick<RunningService, 'baseUrl' | 'databaseUrl'>): Promise<void> => {
    const identity = findProcess(process.pid)?.identity ?? '';
    return writeFile(path, JSON.stringify({ pid: process.pid, identity, ...service }), { mode: 0o600 });
  };
  await write(draft, { baseUrl: null, databaseUrl: null });
  try {
    while (!(await linkIfAbsent(draft, file))) {
      if (await runningService(dataDir)) return undefined;
      await rm(file, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
  return {
    publish: async (service) => {
      await write(draft, service);
      await rename(draft, file);
    },
    release: () => rm(file, { force: true }),
  };
}

/** The service that runs on the folder now. */
export async function runningService(dataDir: string): Promise<RunningService | undefined> {
  const text = await readFile(join(dataDir, FILE), 'utf8').catch(() => 'null');
  const service = record.safeParse(JSON.parse(text)).data;
  return service && findProcess(service.pid)?.identity === service.identity ? service : undefined;
}

/** A link appears whole or not at all, so nobody reads half a claim. */
async function linkIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

// Starts the built product for a bench: on its own data folder and a free port, stopped and removed at the end.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '../../src/cli/api-client.js';
import { startStack } from '../../src/cli/stack.js';

export interface Product {
  readonly api: ApiClient;
  readonly baseUrl: string;
  readonly databaseUrl: string;
  /** Its data folder. */
  readonly directory: string;
}

/** `env` overrides the configuration. */
export async function withProduct<T>(work: (product: Product) => Promise<T>, env: Readonly<Record<string, string>> = {}): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'secondsight-bench-'));
  try {
    const stack = await startStack({ env: { PORT: '0', DATA_DIR: directory, ...env }, onStep: () => undefined });
    try {
      const { baseUrl, databaseUrl } = stack;
      return await work({ api: new ApiClient(baseUrl, 120), baseUrl, databaseUrl, directory });
    } finally {
      await stack.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A folder that is gone after `work`; `given` is used as it is and stays. */
export async function withFolder<T>(given: string | undefined, work: (folder: string) => Promise<T>): Promise<T> {
  if (given !== undefined) {
    await mkdir(given, { recursive: true });
    return work(given);
  }
  const folder = await mkdtemp(join(tmpdir(), 'secondsight-bench-videos-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

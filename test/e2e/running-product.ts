// Starts the built product as its users do, on its own data folder and free ports.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startStack, type Stack } from '../../src/cli/stack.js';
import { DEMO } from '../medium/bundled-model.js';
import { temporaryFolder } from '../medium/servers.js';

export interface RunningProduct {
  readonly baseUrl: string;
  readonly databaseUrl: string;
  /** The first key, where keys are required. */
  readonly key: string | undefined;
  /** Its data folder. */
  readonly directory: string;
  stop(): Promise<void>;
}

/** `env` overrides the configuration, for instance MODEL_DIR. */
export async function startProduct(env: Record<string, string> = {}, options: { withoutWorker?: boolean } = {}): Promise<RunningProduct> {
  const directory = temporaryFolder();
  const stack: Stack = await startStack({ ...options, env: { PORT: '0', DATA_DIR: directory, ...env }, onStep: () => undefined, onFirstKey: () => undefined });
  return {
    baseUrl: stack.baseUrl,
    databaseUrl: stack.databaseUrl,
    key: stack.key,
    directory,
    async stop() {
      await stack.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** An event of a demo clip, as its maker knows it: seconds from the first frame. */
export interface TrueEvent {
  readonly start_time: number;
  readonly end_time: number;
  readonly query: string;
}

const demo = (name: string): string => join(DEMO, name);

export const demoClip = (name: 'short_30s' | 'long_4min'): string => demo(`${name}.mp4`);

export const trueEvents = async (name: 'short_30s' | 'long_4min'): Promise<TrueEvent[]> =>
  JSON.parse(await readFile(demo(`${name}.json`), 'utf8')) as TrueEvent[];

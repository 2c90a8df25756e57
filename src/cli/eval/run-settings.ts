// What makes a run of an evaluation another one: what is asked, how, and of which checkpoint.
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type RunSettings } from '../../evaluation/index.js';
import { type Config } from '../../platform/config/config.js';

/** Of the options of the command, what an answer depends on. */
interface Asked {
  readonly dataset: string;
  readonly seed: number;
  readonly gt?: string | undefined;
  readonly videos?: string | undefined;
  readonly questions?: number | undefined;
  readonly fps?: number | undefined;
  readonly maxFrames?: number | undefined;
  readonly server?: string | undefined;
  readonly predictions?: string | undefined;
}

/** Whatever an answer depends on. */
export async function settingsOf({ dataset, gt, videos, seed, questions, fps, maxFrames, server, predictions }: Asked, config: Config): Promise<RunSettings> {
  const { WINDOW_SECONDS, WINDOW_OVERLAP_SECONDS, WINDOW_FPS, MOMENT_MAX_WINDOWS, MOMENT_STEPS, ABSOLUTE_TIME, VLLM_URLS, VLLM_MODEL, VLLM_TIMING } = config;
  const model = VLLM_URLS ? { VLLM_URLS: VLLM_URLS.join(), VLLM_MODEL, VLLM_TIMING } : { MODEL_DIR: config.MODEL_DIR, weights: await stateOf(config.MODEL_DIR), WEIGHTS: config.WEIGHTS };
  const asked = { dataset, gt, videos: videos && resolve(videos), seed, questions, fps, max_frames: maxFrames, server, predictions };
  return orNull({ ...asked, ...model, WINDOW_SECONDS, WINDOW_OVERLAP_SECONDS, WINDOW_FPS, MOMENT_MAX_WINDOWS, MOMENT_STEPS: MOMENT_STEPS.join(), ABSOLUTE_TIME });
}

/** Changes when a checkpoint is trained on: sizes and times of its weights. */
async function stateOf(directory: string): Promise<string> {
  const names = await readdir(directory).catch((): string[] => []); // the service tells what is wrong with it
  const states = names.filter((name) => name.endsWith('.safetensors')).sort().map(async (name) => {
    const { size, mtimeMs } = await stat(join(directory, name));
    return `${name} ${size} ${mtimeMs}`;
  });
  return createHash('sha256').update((await Promise.all(states)).join('\n')).digest('hex').slice(0, 16);
}

const orNull = (values: Readonly<Record<string, string | number | boolean | undefined>>): RunSettings =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? null]));

/** One folder for each way of asking. */
export const nameOf = (settings: RunSettings): string =>
  `${String(settings['dataset']).replace(/^.*\//, '')}-${createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 8)}`;

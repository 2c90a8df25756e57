// What a simulation assumes, each with its unit and where the number comes from.
import { parseArgs } from 'node:util';

interface Assumption {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

const assume = (value: number, unit: string, source: string): Assumption => ({ value, unit, source });

/** Every one is an option: `--gpu-tflops 121`. */
export const ASSUMPTIONS = {
  hours: assume(10_000, 'hours of video a day', 'asked for'),
  days: assume(1, 'days of arrivals', 'asked for'),
  gpus: assume(64, 'GPUs', 'asked for'),
  cores: assume(128, 'cores of media workers', 'asked for'),
  tenants: assume(20, 'tenants, the shares by Zipf', 'asked for'),
  seed: assume(1, '', 'asked for'),
  peak: assume(2, 'busiest hour against the mean one', 'an assumption: a day with a night'),
  urgent: assume(0.05, 'share of analyses of priority 0', 'an assumption'),
  'video-hours': assume(1, 'hours of a video, mean', 'an assumption; lengths are 1/4, 1/2, 1 and 9/4 of it'),
  still: assume(0.3, 'share of sections without motion', 'an assumption: the planner looks at them half as densely'),
  busy: assume(0.2, 'share of sections full of motion', 'an assumption'),
  height: assume(720, 'lines of a picture, 16:9', 'an assumption'),
  megabits: assume(4, 'megabits a second of the source', 'an assumption: 720p H.264'),
  'window-tokens': assume(4096, 'video tokens of a window at most', 'a setting of the plan; 20,480 is what the specification allows'),
  'answer-tokens': assume(250, 'tokens of an answer', 'five events of some fifty tokens (workers/analyze-window.processor.ts)'),
  parameters: assume(7.6e9, 'parameters of the language model that a token passes', 'Qwen2.5-VL-7B; 3.1e9 and 72.7e9 for 3B and 72B'),
  'vision-parameters': assume(0.65e9, 'parameters of the vision tower', '32 layers of 1280 wide, 3420 inside (specification 1.1)'),
  'weight-bytes': assume(2, 'bytes of a weight', 'bf16'),
  'gpu-tflops': assume(989, 'TFLOPS of a GPU, bf16 dense', 'data sheet of the NVIDIA H100 SXM'),
  'gpu-terabytes': assume(3.35, 'TB/s of its memory', 'the same'),
  efficiency: assume(0.35, 'of these reached', 'an assumption: measure yours, `npm run bench` prints tokens a second'),
  batch: assume(16, 'answers written at a time', 'an assumption: what a server batches'),
  'gpu-price': assume(2.5, 'currency units an hour of a GPU', 'an assumption: yours'),
  'core-price': assume(0.04, 'currency units an hour of a core', 'an assumption: yours'),
  'scan-cores': assume(0.05, 'core seconds of a scanned second', '0.03 measured: ffmpeg, one thread, 720p at 4 Mbit/s, 2 fps; the rest for signals and thumbnails'),
  'window-cores': assume(1.2, 'core seconds of a decoded window', '0.85 measured: ffmpeg, one thread, 30 s of the same; the rest for it to resize pictures and for patches'),
  'window-rows': assume(21, 'rows that a window writes', 'npm run bench -- queue: rows_written_per_window'),
  'window-postgres': assume(0.01, 'Postgres core seconds of a window', 'npm run bench -- queue: postgres_cpu_ms_per_window'),
  'chunk-rows': assume(300, 'rows that a scanned section writes', 'a fingerprint a second of 240 s, signals, its state'),
  'window-rings': assume(2, 'rings of the queue a window', 'its own and what the sweeper repeats'),
  'ring-ops': assume(12, 'Redis commands a ring', 'add, wait, move to active, complete: npm run bench -- queue'),
  'postgres-rows': assume(7000, 'rows a second that Postgres writes', '1,000,000 segments with their indexes in 143 s on two shared vCPU'),
  'postgres-cores': assume(8, 'cores of Postgres', 'an assumption'),
  'redis-ops': assume(80_000, 'commands a second of one Redis', 'an assumption: one core; redis-benchmark tells yours'),
  'store-gigabits': assume(25, 'gigabits a second of the object store', 'an assumption: one network card'),
} as const satisfies Record<string, Assumption>;

export type SettingName = keyof typeof ASSUMPTIONS;
export type Settings = Readonly<Record<SettingName, number>>;

export const DEFAULTS = Object.fromEntries(Object.entries(ASSUMPTIONS).map(([name, { value }]) => [name, value])) as Settings;

/** Names that can be 0, and those that are counts. */
const MAY_BE_ZERO: readonly SettingName[] = ['seed', 'still', 'busy', 'urgent', 'gpu-price', 'core-price', 'answer-tokens'];
const COUNTS: readonly SettingName[] = ['gpus', 'cores', 'tenants', 'seed'];
const SHARES: readonly SettingName[] = ['still', 'busy', 'urgent', 'efficiency'];

/** Throws an Error that names every option that cannot be. */
export function readSettings(args: readonly string[]): { readonly settings: Settings; readonly json: boolean } {
  const options = Object.fromEntries(Object.keys(ASSUMPTIONS).map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options: { ...options, json: { type: 'boolean', default: false } } });
  const given = values as Readonly<Record<string, string | boolean | undefined>>;
  const settings = { ...DEFAULTS, ...Object.fromEntries(Object.keys(ASSUMPTIONS).flatMap((name) => (given[name] === undefined ? [] : [[name, Number(given[name])]]))) };
  const faults = faultsOf(settings);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { settings, json: given['json'] === true };
}

export function faultsOf(settings: Settings): string[] {
  const faults: string[] = [];
  for (const [name, value] of Object.entries(settings) as [SettingName, number][]) {
    if (!Number.isFinite(value) || value < 0 || (value === 0 && !MAY_BE_ZERO.includes(name))) faults.push(`--${name}: must be a number above 0`);
    else if (COUNTS.includes(name) && !Number.isInteger(value)) faults.push(`--${name}: must be a whole number`);
    else if (SHARES.includes(name) && value > 1) faults.push(`--${name}: must be at most 1`);
  }
  if (settings.peak < 1 || settings.peak > 2) faults.push('--peak: must be from 1 to 2');
  if (settings.still + settings.busy > 1) faults.push('--still and --busy: together at most 1');
  if (settings.hours * settings.days > 1_000_000) faults.push('--hours times --days: at most 1,000,000');
  return faults;
}

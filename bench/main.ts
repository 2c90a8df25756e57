// `npm run bench -- NAME [options]`: runs one bench and prints its figures.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { all } from './all.js';
import { api } from './api/api.js';
import { calibrate } from './calibrate/calibrate.js';
import { decode } from './decode/decode.js';
import { since } from './hour/analysis.js';
import { hour, type HourOptions, rendered } from './hour/hour.js';
import { type Figures, printFigures } from './harness/report.js';
import { overload } from './overload/overload.js';
import { type DecoderBenchOptions, decodeTokens, prefill } from './model/decoder.js';
import { load } from './model/load.js';
import { vision } from './model/vision.js';
import { withFolder } from './harness/product.js';
import { pageList } from './page-list/page-list.js';
import { patches } from './patches/patches.js';
import { queue } from './queue/queue.js';
import { real } from './real/real.js';
import { sampling } from './sampling/sampling.js';
import { partitions } from './search/partitions.js';
import { search } from './search/search.js';
import { wholeHour } from './whole-hour/whole-hour.js';
import { workers } from './workers/workers.js';
import { hourScene } from './hour/hour-scene.js';

const OPTIONS = {
  json: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  clips: { type: 'string' },
  folder: { type: 'string' },
  minutes: { type: 'string' },
  'long-hours': { type: 'string', default: '10' },
  'kill-seconds': { type: 'string', default: '60' },
  uneven: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  skip: { type: 'string', default: '' },
  questions: { type: 'string', default: 'Infinity' },
  'single-pass-frames': { type: 'string', default: '768' },
  real: { type: 'string' },
  rounds: { type: 'string', default: '5' },
  videos: { type: 'string', default: '6' },
  seconds: { type: 'string' },
  senders: { type: 'string', default: '8' },
  threads: { type: 'string', default: '1' },
  tokens: { type: 'string', default: '3000' },
  rows: { type: 'string', default: '100000' },
  marks: { type: 'string', default: '10000' },
  segments: { type: 'string', default: '1000000' },
  tenants: { type: 'string', default: '20' },
  windows: { type: 'string' },
  tasks: { type: 'string', default: '2000' },
  sides: { type: 'string', default: '384' },
  quick: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

const USAGE = `Usage: npm run bench -- NAME [options]; bench/README.md says what each measures.
  hour       [--seed N] [--minutes N] [--uneven] [--questions N] [--long-hours N] [--kill-seconds N]
             [--single-pass-frames N] [--skip memory,kills,single-pass,decode]
  hour       --real DIR [--seed N] [--minutes N]
  decode     [--minutes N] [--rounds N]
  sampling   [--minutes N] [--rounds N]
  patches    [--minutes N] [--rounds N]
  whole-hour [--seed N] [--minutes N]
  calibrate  [--seed N] [--videos N] [--minutes N] [--clips N] [--write]
  overload   [--seconds N] [--senders N]
  vision     [--rounds N] [--threads N]
  prefill    [--rounds N] [--threads N] [--tokens N]
  decode-tokens  the same
  load       [--rounds N]
  all        [--quick]  those four, sampling, patches, whole-hour, api, queue and search, beside what is wanted of them
  page-list  [--rows N] [--marks N] [--rounds N]
  api        [--minutes N] [--rounds N]
  partitions --folder DIR  (that "search --folder DIR" has filled)
  queue      [--windows N] [--tasks N] [--rounds N]
  workers    [--windows N] [--seconds N]
  search     [--segments N] [--tenants N] [--sides N] [--questions N] [--seed N]
  render     --folder DIR [--seed N] [--minutes N] [--uneven]
Every one takes --json, and --folder DIR to keep the videos it makes.
`;

/** Whether everything runs, in a few minutes: its figures mean little. */
const QUICK = ['--rounds=1', '--minutes=1', '--tokens=300', '--segments=20000', '--tenants=4', '--windows=40', '--tasks=100'];

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** Resolves with the exit code. */
export async function main([name, ...rest]: readonly string[]): Promise<number> {
  const defaults = name === 'all' && rest.includes('--quick') ? QUICK : []; // what is given comes after them, and holds
  const { values } = parseArgs({ args: [...defaults, ...rest], options: OPTIONS });
  const bench = name === undefined ? undefined : BENCHES[name];
  if (!bench) {
    process.stderr.write(USAGE);
    return name === undefined ? 0 : 2;
  }
  printFigures(await bench(values), values.json);
  return 0;
}

const BENCHES: Readonly<Record<string, (values: Values) => Promise<Figures>>> = {
  hour: (values) => (values.real === undefined ? hour(hourOptions(values)) : real({ ...hourOptions(values), clips: values.real })),
  decode: ({ minutes = '12', rounds, folder }) => decode({ minutes: Number(minutes), rounds: Number(rounds), folder }),
  sampling: ({ minutes = '2', rounds, folder }) => sampling({ minutes: Number(minutes), rounds: Number(rounds), folder }),
  patches: ({ minutes = '2', rounds, folder }) => patches({ minutes: Number(minutes), rounds: Number(rounds), folder }),
  'whole-hour': ({ seed, minutes = '60', folder }) => wholeHour({ seed: Number(seed), minutes: Number(minutes), folder }),
  calibrate: ({ seed, videos, minutes = '30', clips = '40', folder, write }) =>
    calibrate({ seed: Number(seed), videos: Number(videos), minutes: Number(minutes), clips: Number(clips), folder, write }),
  overload: ({ seconds = '30', senders }) => overload({ seconds: Number(seconds), senders: Number(senders) }),
  vision: (values) => modelBench(values, vision),
  prefill: (values) => modelBench(values, prefill),
  'decode-tokens': (values) => modelBench(values, decodeTokens),
  load: (values) => modelBench(values, load),
  all: async (values) => ({ quick: values.quick, ...(await all((name) => BENCHES[name]!(values))) }),
  'page-list': ({ rows, marks, rounds }) => pageList({ rows: Number(rows), marks: Number(marks), rounds: Number(rounds) }),
  api: ({ minutes = '5', rounds, seed, folder }) => api({ minutes: Number(minutes), rounds: Number(rounds), seed: Number(seed), folder }),
  partitions: ({ folder = '.' }) => partitions(folder),
  queue: ({ windows = '300', tasks, rounds }) => queue({ windows: Number(windows), openTasks: Number(tasks), rounds: Number(rounds) }),
  workers: ({ windows = '20', seconds = '1.5', folder }) => workers({ windows: Number(windows), seconds: Number(seconds), folder }),
  search: ({ segments, tenants, sides, questions, seed, folder }) =>
    search({ segments: Number(segments), tenants: Number(tenants), sides: Number(sides), questions: Math.min(Number(questions), 25), seed: Number(seed), folder }),
  render: async (values) => {
    const options = hourOptions(values);
    const started = performance.now();
    const file = await rendered(hourScene(options), values.folder ?? '.', options);
    return { file, render_seconds: since(started) };
  },
};

function modelBench({ folder, rounds, threads, tokens }: Values, bench: (options: DecoderBenchOptions) => Promise<Figures>): Promise<Figures> {
  return withFolder(folder, (kept) => bench({ folder: kept, rounds: Number(rounds), threads: Number(threads), tokens: Number(tokens) }));
}

function hourOptions({ seed, minutes = '60', uneven, folder, skip, questions, ...values }: Values): HourOptions {
  return {
    ...{ seed: Number(seed), minutes: Number(minutes), uneven, folder, questions: Number(questions), skip: skip.split(',') },
    ...{ longHours: Number(values['long-hours']), killSeconds: Number(values['kill-seconds']) },
    singlePassFrames: Number(values['single-pass-frames']),
  };
}

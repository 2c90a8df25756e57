// `npm run bench -- NAME [options]`: runs one bench and prints its figures.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { card } from './card/card.js';
import { hour } from './hour/hour.js';
import { type Figures, printFigures } from './harness/report.js';

const OPTIONS = {
  json: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  clips: { type: 'string', default: '25' },
  folder: { type: 'string' },
  minutes: { type: 'string', default: '60' },
  'long-hours': { type: 'string', default: '10' },
  'kill-seconds': { type: 'string', default: '60' },
  uneven: { type: 'boolean', default: false },
  skip: { type: 'string', default: '' },
} as const satisfies ParseArgsConfig['options'];

const USAGE = `Usage: npm run bench -- NAME [options]; bench/README.md says what each measures.
  hour       [--seed N] [--minutes N] [--uneven] [--long-hours N] [--kill-seconds N] [--skip memory,kills,single-pass] [--folder DIR]
  card       [--seed N] [--clips N] [--folder DIR]
Every one takes --json.
`;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** Resolves with the exit code. */
export async function main([name, ...rest]: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...rest], options: OPTIONS });
  const bench = name === undefined ? undefined : BENCHES[name];
  if (!bench) {
    process.stderr.write(USAGE);
    return name === undefined ? 0 : 2;
  }
  printFigures(await bench(values), values.json);
  return 0;
}

const BENCHES: Readonly<Record<string, (values: Values) => Promise<Figures>>> = {
  hour: (values) =>
    hour({
      ...{ seed: Number(values.seed), minutes: Number(values.minutes), uneven: values.uneven, folder: values.folder },
      ...{ longHours: Number(values['long-hours']), killSeconds: Number(values['kill-seconds']), skip: values.skip.split(',') },
    }),
  card: ({ seed, clips, folder }) => card({ seed: Number(seed), clips: Number(clips), folder }),
};

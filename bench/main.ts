// `npm run bench -- NAME [options]`: runs one bench and prints its figures.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { card } from './card/card.js';
import { type Figures, printFigures } from './harness/report.js';

const OPTIONS = {
  json: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  clips: { type: 'string', default: '25' },
  folder: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

const USAGE = `Usage: npm run bench -- NAME [options]; bench/README.md says what each measures.
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
  card: ({ seed, clips, folder }) => card({ seed: Number(seed), clips: Number(clips), folder }),
};

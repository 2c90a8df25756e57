// `npm run simulate -- --hours 10000 --gpus 64`: a day of an installation in seconds, with the planner and the order of claims of the product.
import { table } from '../../src/cli/table.js';
import { print, printFigures, tell } from '../harness/report.js';
import { run } from './engine.js';
import { outcomeOf } from './outcome.js';
import { ASSUMPTIONS, readSettings, type SettingName } from './settings.js';
import { arrivals } from './workload.js';

const USAGE = 'Usage: npm run simulate -- [--hours N] [--gpus N] [--days N] [--tenants N] [--seed N] [--json] [any assumption below]\n';

/** Returns the exit code. */
export function main(args: readonly string[]): number {
  if (args.includes('--help')) {
    print(`${USAGE}\n${assumptions()}`);
    return 0;
  }
  let read: ReturnType<typeof readSettings>;
  try {
    read = readSettings(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const { settings, json } = read;
  tell(assumptions(settings));
  const outcome = outcomeOf(run(arrivals(settings), settings), settings);
  const resources = outcome['resources'] as Record<string, string | number>[];
  const shown = ['name', 'unit', 'asked', 'capacity', 'share', 'carries_hours_a_day'];
  print(table(shown, resources.map((resource) => shown.map((column) => String(resource[column])))));
  printFigures({ ...outcome, settings }, json);
  return 0;
}

function assumptions(settings?: Readonly<Record<SettingName, number>>): string {
  const rows = Object.entries(ASSUMPTIONS).map(([name, { value, unit, source }]) => [`--${name}`, String(settings?.[name as SettingName] ?? value), unit, source]);
  return table(['assumption', 'value', 'unit', 'from'], rows);
}

// What a bench prints: sentences on the way on stderr, a table at the end and, when asked, one last line of JSON.
import { table } from '../../src/cli/table.js';

/** Names in snake_case; values are numbers, flags, or lists and records of them. */
export type Figures = Readonly<Record<string, unknown>>;

export const tell = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Plain figures as a table; lists and records are left to the JSON line. */
export function printFigures(figures: Figures, json: boolean): void {
  const plain = Object.entries(figures).filter(([, value]) => typeof value !== 'object');
  print(table(['figure', 'value'], plain.map(([name, value]) => [name, String(value)])));
  if (json) print(JSON.stringify(figures));
}

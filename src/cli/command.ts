// What a command of the command line is: its help, its options and what it does.
import { type ParseArgsConfig } from 'node:util';
import { AppError } from '../app-error.js';

export interface Option {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: boolean;
  readonly short?: string;
  /** Stands for the value in the help, for instance `SECONDS`. */
  readonly value?: string;
  readonly help: string;
}

export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface Command {
  readonly summary: string;
  /** What follows the command's name, for instance `FILE...`. */
  readonly takes: string;
  /** Least and most positional arguments. */
  readonly count: readonly [number, number];
  readonly options: Readonly<Record<string, Option>>;
  /** Paragraphs and examples below the options. */
  readonly notes: string;
  /** Resolves with the exit code. */
  readonly run: (files: readonly string[], values: Values) => Promise<number>;
}

/** The page of `secondsight NAME --help`. */
export function helpOf(name: string, { summary, takes, options, notes }: Command): string {
  const rows = Object.entries({ ...options, help: HELP }).map(([option, { short, value, help }]) => {
    const flag = `${short ? `-${short}, ` : ''}--${option}${value ? ` ${value}` : ''}`;
    return `  ${flag.padEnd(20)} ${help}`;
  });
  const usage = ['secondsight', name, takes, '[options]'].filter(Boolean).join(' ');
  return `${summary}\n\nUsage: ${usage}\n\nOptions:\n${rows.join('\n')}\n\n${notes}\n`;
}

const HELP: Option = { type: 'boolean', short: 'h', help: 'Show this page.' };

/** The options as `parseArgs` of node:util takes them. */
export function parserOptions(command: Command): NonNullable<ParseArgsConfig['options']> {
  const entries = Object.entries({ ...command.options, help: HELP }).map(([name, { type, short, multiple = false }]) => [
    name,
    { type, multiple, ...(short !== undefined && { short }) },
  ]);
  return Object.fromEntries(entries) as NonNullable<ParseArgsConfig['options']>;
}

export const text = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

/** Of an option that may be given several times. */
export function texts(values: Values, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Throws `usage.invalid` for anything but an http or https address. */
export function address(values: Values, name: string): string | undefined {
  const value = text(values, name);
  if (value === undefined || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) return value;
  throw new AppError('usage.invalid', `--${name}: ${value} is no address such as https://host:8080.`);
}

/** Throws `usage.invalid` for anything but a number. */
export function number(values: Values, name: string): number | undefined {
  const value = text(values, name);
  if (value === undefined) return undefined;
  if (value.trim() === '' || !Number.isFinite(Number(value))) throw new AppError('usage.invalid', `--${name}: ${value} is not a number.`);
  return Number(value);
}

/** Throws `usage.invalid` for anything but a whole number from 0 on. */
export function whole(values: Values, name: string): number | undefined {
  const value = number(values, name);
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) throw new AppError('usage.invalid', `--${name}: ${value} is not a whole number from 0 on.`);
  return value;
}

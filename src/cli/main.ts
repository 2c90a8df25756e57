// `secondsight COMMAND`: picks the command, reads its options, turns failures into messages and exit codes.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { AppError } from '../app-error.js';
import { type Command, helpOf, parserOptions, type Values } from './command.js';
import { commands } from './commands.js';
import { printable } from './table.js';

const USAGE_ERROR = 2;

/** Runs the command line given without node and script; resolves with the exit code: 0, 1 for a failure, 2 for misuse. */
export async function main([name = '--help', ...rest]: readonly string[]): Promise<number> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  if (name === '--help' || name === '-h' || name === 'help') return print(overview());
  const command = commands[name];
  if (!command) return misuse(`There is no command ${name}.`, overview());
  try {
    const { values, positionals } = parse(command, rest);
    if (values['help']) return print(helpOf(name, command));
    const [least, most] = command.count;
    if (positionals.length < least || positionals.length > most) return misuse(`${name} takes: ${command.takes || 'nothing'}.`, hint(name));
    return await command.run(positionals, values);
  } catch (error) {
    if (isOfTheSystem(error)) return failure('system.refused', error.message);
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'usage.invalid') return misuse(error.message, hint(name));
    return failure(error.code, error.message);
  }
}

function parse(command: Command, args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: withNumbers(command, args), options: parserOptions(command), allowPositionals: true });
    return { values: values as Values, positionals };
  } catch (cause) {
    throw new AppError('usage.invalid', misuseOf(cause), { cause });
  }
}

/** What is wrong with the options, of what the parser says: it quotes the option first. */
function misuseOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message: string };
  const [, option = ''] = /'(?:-\w, )?(--?[^' ]*)/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no option ${option}. What begins with a hyphen and is no option goes to the end, after --: -- -clip.mp4`;
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return /does not take/.test(message) ? `${option} takes no value.` : `${option} needs a value.`;
  return message;
}

/** `--fps -2` as `--fps=-2`: a number below zero is a value, no option. */
function withNumbers({ options }: Command, args: readonly string[]): string[] {
  return args.flatMap((arg, i) => {
    const isValueOf = (at: number): boolean => /^-[\d.]/.test(args[at] ?? '') && options[/^--(.*)$/.exec(args[at - 1] ?? '')?.[1] ?? '']?.type === 'string';
    if (isValueOf(i)) return [];
    return [isValueOf(i + 1) ? `${arg}=${args[i + 1] ?? ''}` : arg];
  });
}

function overview(): string {
  const list = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(11)} ${summary}`);
  return `Ask a video when something happens.\n\nUsage: secondsight COMMAND [options]\n\n${list.join('\n')}\n\nEach has a page: secondsight COMMAND --help\n`;
}

const hint = (name: string): string => `See: secondsight ${name} --help\n`;

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function misuse(message: string, advice: string): number {
  process.stderr.write(`${printable(message)}\n${advice}`);
  return USAGE_ERROR;
}

function failure(code: string, message: string): number {
  process.stderr.write(`${code}: ${message}\n`);
  return 1;
}

/** What the operating system said no to, a file in place of a folder for instance: the message names call and path. */
const isOfTheSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';

// Turns the log's JSON lines into lines for a person: time, level, message, then `key=value`.
import { z } from 'zod';

const LEVELS: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'WARN', 50: 'ERROR', 60: 'FATAL' };

const event = z.looseObject({ level: z.number(), time: z.string(), msg: z.string().default('') });
const failure = z.looseObject({ message: z.string(), code: z.string().optional(), stack: z.string().optional() });

/** A destination for pino that writes readable lines to `out`. */
export function readableLines(out: { write(text: string): unknown }): { write(line: string): void } {
  return { write: (line) => void out.write(readable(line)) };
}

/** `{"level":30,"time":"…T10:00:01.000Z","port":8080,"msg":"listening"}` -> `10:00:01 info  listening port=8080` */
export function readable(line: string): string {
  const { level, time, msg, err, ...fields } = event.parse(JSON.parse(line));
  const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${time.slice(11, 19)} ${(LEVELS[level] ?? String(level)).padEnd(5)} ${msg}${pairs.join('')}\n${describe(err, msg)}`;
}

function describe(err: unknown, said: string): string {
  const error = failure.safeParse(err);
  if (!error.success) return '';
  const { message, code, stack } = error.data;
  if (code) return message === said ? `         ${code}\n` : `         ${code}: ${message}\n`;
  return `${stack ?? message}\n`;
}

// The log: one line of JSON per event on stderr, or a readable line when a person watches.
import type { LoggerService } from '@nestjs/common';
import { destination, type Logger, pino } from 'pino';
import { logFields } from './log-fields.js';
import { readableLines } from './readable.js';
import { createRedaction } from './redact.js';

/** Lines go to stderr; stdout belongs to the results of commands. LOG_LEVEL and LOG_FORMAT are described in `config.ts`. */
export const log: Logger = pino(
  { level: process.env['LOG_LEVEL'] || 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime, mixin: logFields },
  withoutSecrets(isReadable() ? readableLines(process.stderr) : destination({ dest: 2, sync: true })),
);

function withoutSecrets(out: { write(line: string): unknown }): { write(line: string): void } {
  const redact = createRedaction();
  return { write: (line) => void out.write(redact(line)) };
}

function isReadable(): boolean {
  const format = process.env['LOG_FORMAT'];
  return format === 'text' || (format !== 'json' && process.stderr.isTTY);
}

/** Nest's own messages, in the same log; what it reports of its start is detail there. */
export class NestLog implements LoggerService {
  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest puts the context last, and the stack of an error before it. */
  private write(level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    const fields = { ...(context !== undefined && { context }), ...(stack !== undefined && { stack }) };
    if (message instanceof Error) log[level]({ ...fields, err: message }, message.message);
    else log[level](fields, typeof message === 'string' ? message : JSON.stringify(message));
  }
}

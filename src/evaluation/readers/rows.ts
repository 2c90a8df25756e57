// Reads files of rows and says which line is at fault.
import { readFile } from 'node:fs/promises';
import { type z } from 'zod';
import { AppError } from '../../app-error.js';

/** What is read: a `dataset` or `predictions`, the noun of the codes. */
export type Noun = 'dataset' | 'predictions';

export interface Row<T> {
  readonly value: T;
  /** Where it stands, for messages: `line 7`, or `entry 3 (v_abc)` of a file that is one JSON value. */
  readonly place: string;
}

/** Rejects with `<noun>.file_not_found`. */
export async function readText(noun: Noun, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError(`${noun}.file_not_found`, `${file} cannot be read.`, { cause });
  }
}

/** Throws `<noun>.line_invalid` for the first line that is no JSON or does not fit. Empty lines are passed over. */
export function parseLines<T>(noun: Noun, file: string, text: string, schema: z.ZodType<T>): Row<T>[] {
  return text.split('\n').flatMap((line, k) => {
    if (line.trim() === '') return [];
    const place = `line ${k + 1}`;
    return [{ place, value: fitted(noun, file, place, parseJson(noun, file, place, line), schema) }];
  });
}

/** Throws `<noun>.not_json` with the line at which the text stops being JSON. */
export function parseDocument(noun: Noun, file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const at = Number(/position (\d+)/.exec(String(cause))?.[1] ?? text.length);
    throw new AppError(`${noun}.not_json`, `${file}, line ${text.slice(0, at).split('\n').length}: is not JSON.`, { cause });
  }
}

/** Throws `<noun>.line_invalid`, naming the field. */
export function fitted<T>(noun: Noun, file: string, place: string, value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw invalid(noun, file, place, `${field ? `${field}: ` : ''}${issue?.message ?? 'does not fit'}`);
}

export const invalid = (noun: Noun, file: string, place: string, why: string): AppError =>
  new AppError(`${noun}.line_invalid`, `${file}, ${place}: ${why}.`, { details: { file, place } });

function parseJson(noun: Noun, file: string, place: string, line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new AppError(`${noun}.line_invalid`, `${file}, ${place}: is not JSON.`, { cause, details: { file, place } });
  }
}

// An answer as it left, caught on its way out, and given again.
import type { Response } from 'express';
import { z } from 'zod';
import { isBroken } from '../platform/http/broken-answers.js';

/** Longer ones are not kept. */
const MOST_BYTES = 4 * 1024 ** 2;

/** Belong to one connection or to one moment. */
const NOT_KEPT = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'];

const answer = z.object({ status: z.number().int(), headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])), body: z.string() });

/** `body` is base64. */
export type Answer = z.infer<typeof answer>;

export const writeAnswer = (kept: Answer): Buffer => Buffer.from(JSON.stringify(kept));

export const readAnswer = (bytes: Buffer): Answer => answer.parse(JSON.parse(bytes.toString()));

/** Calls `keep` before the last byte leaves, and lets it leave when that has resolved; with undefined where the answer is not to be kept. */
export function catchAnswer(response: Response, keep: (answer: Answer | undefined) => Promise<void>): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let ended = false;
  const around = new Set([...NOT_KEPT, ...response.getHeaderNames()]); // of every answer, and set anew when it is given again
  const note = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    const piece = typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8') : Buffer.from(chunk);
    bytes += piece.length;
    if (bytes <= MOST_BYTES) chunks.push(piece);
  };
  const [write, end] = [response.write.bind(response) as Out, response.end.bind(response) as Out];
  response.write = ((...piece: unknown[]) => {
    note(piece[0], piece[1]);
    return write(...piece);
  }) as Response['write'];
  response.end = ((...piece: unknown[]) => {
    if (ended) return response;
    ended = true;
    note(piece[0], piece[1]);
    void keep(bytes <= MOST_BYTES && isKept(response) ? answerOf(response, chunks, around) : undefined).finally(() => end(...piece));
    return response;
  }) as Response['end'];
}

type Out = (...piece: unknown[]) => unknown;

/** What was refused, failed or broke off may be tried again; a cookie is for one browser. */
const isKept = (response: Response): boolean => response.statusCode < 300 && !isBroken(response) && !response.hasHeader('set-cookie');

function answerOf(response: Response, chunks: readonly Buffer[], without: ReadonlySet<string>): Answer {
  const headers = Object.entries(response.getHeaders()).flatMap(([name, value]) =>
    value === undefined || without.has(name) ? [] : [[name, Array.isArray(value) ? value.map(String) : String(value)] as const],
  );
  return { status: response.statusCode, headers: Object.fromEntries(headers), body: Buffer.concat(chunks).toString('base64') };
}

export function giveAgain(response: Response, { status, headers, body }: Answer): void {
  for (const [name, value] of Object.entries(headers)) response.set(name, value);
  response.status(status).set('idempotent-replayed', 'true').end(Buffer.from(body, 'base64'));
}

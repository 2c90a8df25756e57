// Bytes as an answer: all of them, or the range that is asked for (RFC 9110, section 14).
import type { Request, Response } from 'express';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The answer has its type and its `etag` already. `open` is asked once, for both ends of a range included; what it rejects with is thrown on. */
export async function sendBytes({ request, response }: { request: Request; response: Response }, bytes: number, open: (range?: Range) => Promise<Readable>): Promise<void> {
  response.set('accept-ranges', 'bytes');
  if (request.fresh) return void response.status(304).end();
  const range = rangeOf(request, response, bytes);
  if (range === 'outside') {
    response.removeHeader('content-type');
    return void response.status(416).set('content-range', `bytes */${bytes}`).end();
  }
  const body = request.method === 'HEAD' ? undefined : await open(range);
  response.set('content-length', String(range ? range.end - range.start + 1 : bytes));
  if (range) response.status(206).set('content-range', `bytes ${range.start}-${range.end}/${bytes}`);
  if (!body) return void response.end();
  await pipeline(body, response).catch((error: unknown) => {
    if (!response.destroyed) throw error; // the client left
  });
}

/** Undefined where all is to be sent: also for a range of another version, and for several at once. */
function rangeOf(request: Request, response: Response, bytes: number): Range | 'outside' | undefined {
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== response.get('etag')) return undefined;
  const ranges = request.range(bytes, { combine: true });
  if (ranges === -1) return 'outside';
  return Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined;
}

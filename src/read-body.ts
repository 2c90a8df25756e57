// Reads JSON bodies, each route's up to its own size; the large ones of known callers alone.
import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { BATCH_BODY_BYTES } from './analysis/index.js';
import { AppError } from './app-error.js';
import { CHAT_BODY_BYTES } from './chat/index.js';
import { requireModestJson } from './platform/http/json-size.js';
import { SEARCH_BODY_BYTES } from './search/index.js';

/** Of routes that name no other: a webhook, a question, a key. */
const SMALL_BODY_BYTES = 100 * 1024;

const readUpTo = (limit: number): RequestHandler => json({ limit, verify: (_request, _response, body, charset) => requireReadable(body, charset) });

/** A search may bring a picture, a conversation several and videos, a batch a thousand items. */
const LARGE = new Map([
  ['/v1/search', readUpTo(SEARCH_BODY_BYTES)],
  ['/v1/chat/completions', readUpTo(CHAT_BODY_BYTES)],
  ['/v1/analyze/batches', readUpTo(BATCH_BODY_BYTES)],
]);

const readSmall = readUpTo(SMALL_BODY_BYTES);

/** Comes after whatever finds out who calls: none of these routes is public, and nothing of their bodies is read for nobody. */
export function readBody(request: Request, response: Response, next: NextFunction): void {
  const readLarge = LARGE.get(pathOf(request));
  if (readLarge && !request.caller) next(request.refusal);
  else (readLarge ?? readSmall)(request, response, (error?: unknown) => next(error instanceof AppError ? new AppError(error.code, error.message) : error)); // the parser makes a 403 of it
}

/** As routes are matched: whatever the case, with or without a slash at the end. */
const pathOf = ({ originalUrl }: Request): string => (originalUrl.split('?')[0] ?? '').replace(/\/$/, '').toLowerCase();

function requireReadable(body: Buffer, charset: string): void {
  if (charset !== 'utf-8') throw new AppError('request.unsupported_media_type', 'Send JSON as UTF-8.');
  requireModestJson(body);
}

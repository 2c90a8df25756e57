// Reads JSON bodies, each route's up to its own size; the large ones of known callers alone.
import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { BATCH_BODY_BYTES } from './analysis/index.js';
import { requireScope } from './api-keys/index.js';
import { AppError } from './app-error.js';
import { CHAT_BODY_BYTES } from './chat/index.js';
import { type Scope } from './platform/http/access.js';
import { requireModestJson } from './platform/http/json-size.js';
import { type WaitingWork } from './quotas/index.js';
import { SEARCH_BODY_BYTES } from './search/index.js';

/** Of routes that name no other: a webhook, a question, a key. */
export const SMALL_BODY_BYTES = 100 * 1024;

/** Who says beforehand that the body is larger is refused before any of it is read. */
function readUpTo(limit: number): RequestHandler {
  const read = json({ limit, strict: false, verify: (_request, _response, body, charset) => requireReadable(body, charset) });
  return (request, response, next) => {
    if (request.is('json') && Number(request.headers['content-length'] ?? 0) > limit) throw bodyTooLarge(limit);
    read(request, response, next);
  };
}

interface LargeBody {
  readonly read: RequestHandler;
  readonly scope: Scope;
  /** What it asks for, where that waits until it is done. */
  readonly work?: WaitingWork;
}

/** A search may bring a picture, a conversation several and videos, a batch a thousand items: of callers who may do that. */
const LARGE = new Map<string, LargeBody>([
  ['/v1/search', { read: readUpTo(SEARCH_BODY_BYTES), scope: 'videos:read' }],
  ['/v1/chat/completions', { read: readUpTo(CHAT_BODY_BYTES), scope: 'videos:read', work: 'question' }],
  ['/v1/analyze/batches', { read: readUpTo(BATCH_BODY_BYTES), scope: 'videos:write', work: 'task' }],
]);

/** What may come with a request besides a small body. */
export const largeBodyOf = (request: Request): LargeBody | undefined => (request.method === 'POST' ? LARGE.get(pathOf(request)) : undefined);

const readSmall = readUpTo(SMALL_BODY_BYTES);

/** Comes after whatever finds out who calls: none of these routes is public, and nothing of their bodies is read for nobody. */
export function readBody(request: Request, response: Response, next: NextFunction): void {
  const large = largeBodyOf(request);
  if (large) requireScope(request, large.scope);
  (large?.read ?? readSmall)(request, response, (error?: unknown) => next(asRefusal(error)));
}

/** The parser makes a 403 of what `verify` throws, and does not say how large a body may be. */
function asRefusal(error: unknown): unknown {
  if (error instanceof AppError) return new AppError(error.code, error.message);
  const { type, limit } = (error ?? {}) as { readonly type?: string; readonly limit?: number };
  return type === 'entity.too.large' ? bodyTooLarge(limit) : error;
}

const bodyTooLarge = (limit = 0): AppError => new AppError('request.body_too_large', `The body is larger than ${limit} bytes, the limit here.`);

/** As routes are matched: whatever the case, with or without a slash at the end. */
const pathOf = ({ originalUrl }: Request): string => (originalUrl.split('?')[0] ?? '').replace(/\/$/, '').toLowerCase();

function requireReadable(body: Buffer, charset: string): void {
  if (charset !== 'utf-8') throw new AppError('request.unsupported_media_type', 'Send JSON as UTF-8.');
  requireModestJson(body);
}

// Fetches a video from elsewhere into a part, and goes on where it broke off as long as the source stays the same.
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../app-error.js';
import { type OutgoingRequest, type OutgoingResponse } from '../platform/http/outgoing-request.js';
import { type Parts } from '../platform/storage/index.js';
import { tooLarge } from '../videos/index.js';
import { type SourceFacts } from './upload-state.js';

/** Where it is fetched from: answers as an HTTP server does, also of a `range` with `if-range`. */
export type Source = (request: OutgoingRequest) => Promise<OutgoingResponse>;

export interface FetchRequest {
  readonly id: string;
  readonly parts: Parts;
  readonly maxBytes: number;
  /** No try begins, and none goes on, after it. */
  readonly deadline: Date;
  /** What the source said of itself when the part was begun. */
  readonly known: SourceFacts;
  /** Before the first byte is written, and again when the source has changed. Rejecting ends the fetch. */
  readonly onFacts: (facts: SourceFacts) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Tries in a row that bring nothing. */
const MOST_VAIN_TRIES = 6;
const FIRST_PAUSE_MS = 500;

/** Types that no video is sent as; everything else is left to the probe. */
const NO_VIDEO = /^(text\/|image\/|application\/(json|xml|xhtml|pdf|vnd\.apple\.mpegurl|x-mpegurl|dash\+xml))/i;

/** The call itself is not answered. */
const NOBODY_THERE = /^(http\.unreachable|address\.unresolvable)$/;

/** What may be otherwise the next time. */
const TRANSIENT = /^(http\.(unreachable|interrupted|timeout)|address\.unresolvable|import\.unavailable)$/;

/**
 * Resolves when the part is whole. Rejects with `import.refused`, `import.not_a_video`, `import.unavailable`, `import.took_too_long`,
 * `http.*`, `address.*`, `video.too_large`, `storage.full`, or with the reason of `signal`; the part stays.
 */
export async function fetchToPart(source: Source, request: FetchRequest): Promise<void> {
  const { id, parts } = request;
  let facts = request.known;
  const learn = async (found: SourceFacts): Promise<void> => {
    await request.onFacts(found);
    facts = found;
  };
  for (let vain = 0; vain < MOST_VAIN_TRIES; ) {
    const before = await parts.partBytes(id);
    const fault = await fetchOnce(source, request, facts, learn).catch((error: unknown) => {
      request.signal.throwIfAborted();
      if (error instanceof AppError && TRANSIENT.test(error.code)) return error;
      throw error;
    });
    const size = await parts.partBytes(id);
    if (fault === undefined && (facts.bytes === undefined || facts.bytes === size)) return;
    vain = size === before ? vain + 1 : 0;
    if (fault && vain > 0 && NOBODY_THERE.test(fault.code)) throw fault; // the pause until the next try is the worker's, who does something else meanwhile
    if (vain === MOST_VAIN_TRIES) throw fault ?? new AppError('import.unavailable', 'The source does not send the rest.');
    await pause(FIRST_PAUSE_MS * 2 ** vain, undefined, { signal: request.signal });
  }
}

/** One request, from where the part ends; or from the beginning, where the source is another by now. */
async function fetchOnce(source: Source, request: FetchRequest, facts: SourceFacts, learn: (facts: SourceFacts) => Promise<void>): Promise<undefined> {
  const { id, parts, maxBytes, deadline, signal } = request;
  const timeoutMs = deadline.getTime() - Date.now();
  if (timeoutMs <= 0) throw new AppError('import.took_too_long', 'The video could not be fetched in the time that is given for it.');
  const offset = await usableBytes(request, facts);
  if (facts.bytes !== undefined && offset === facts.bytes) return;
  const headers: Record<string, string> = offset > 0 && facts.validator !== undefined ? { range: `bytes=${offset}-`, 'if-range': facts.validator } : {};
  const response = await source({ headers, timeoutMs, maxBytes: maxBytes - offset, signal }).catch((error: unknown) => {
    throw asRefusal(error, maxBytes);
  });
  response.body.on('error', () => undefined); // told by the pipeline, or of no interest
  try {
    const goesOn = offset > 0 && response.status === 206 && startOf(response) === offset;
    if (!goesOn && response.status !== 200) return await refuse(response, request, offset);
    if (!goesOn) {
      await parts.removePart(id);
      await learn(factsOf(response));
    }
    await parts.writePart(id, response.body, goesOn ? offset : 0);
  } catch (error) {
    throw asRefusal(error, maxBytes);
  } finally {
    response.body.destroy();
  }
}

/** What of a part can be gone on with: without a mark of the source nobody knows whether it is still the same. */
async function usableBytes({ id, parts }: FetchRequest, { validator }: SourceFacts): Promise<number> {
  if (validator === undefined) await parts.removePart(id);
  return parts.partBytes(id);
}

/** Every answer but the wanted one. */
async function refuse({ status, headers }: OutgoingResponse, { id, parts }: FetchRequest, offset: number): Promise<undefined> {
  if (status === 416 && headers['content-range'] === `bytes */${offset}`) return; // there is no more
  if (status === 206 || status === 416) {
    await parts.removePart(id); // the answer to another question: from the beginning, then
    throw new AppError('import.unavailable', 'The source does not send the range that was asked for.');
  }
  if (status >= 500 || status === 408 || status === 429) throw new AppError('import.unavailable', `The source answers ${status}.`);
  throw new AppError('import.refused', `The source answers ${status}.`);
}

/** Throws `import.not_a_video`. */
function factsOf({ headers }: OutgoingResponse): SourceFacts {
  const type = headers['content-type'] ?? '';
  if (NO_VIDEO.test(type)) throw new AppError('import.not_a_video', `The source sends ${type.split(';')[0]}, which is no video.`);
  const length = headers['content-length'];
  const { etag } = headers;
  const strong = etag !== undefined && !etag.startsWith('W/') ? etag : undefined;
  return { bytes: length === undefined ? undefined : Number(length), validator: strong ?? headers['last-modified'] };
}

const startOf = ({ headers }: OutgoingResponse): number => Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? NaN);

/** What no other try would change. */
function asRefusal(error: unknown, maxBytes: number): unknown {
  if (!(error instanceof AppError)) return error;
  if (error.code === 'http.too_large') return tooLarge(maxBytes, error);
  return error.code === 'http.redirects' ? new AppError('import.refused', error.message, { cause: error }) : error;
}

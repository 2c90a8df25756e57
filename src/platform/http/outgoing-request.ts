// One request to another server, with bounds on time and size: the answer's body is a stream that ends or says why not.
import { type Readable, Transform } from 'node:stream';
import { type Dispatcher, request as send } from 'undici';
import { AppError } from '../../app-error.js';
import { type ErrorStatuses } from './problem.filter.js';

/** What goes wrong with an address that a caller named. */
export const outgoingErrors: ErrorStatuses = {
  'address.refused': 422,
  'address.unresolvable': 422,
  'http.unreachable': 502,
  'http.interrupted': 502,
  'http.status': 502,
  'http.redirects': 502,
  'http.timeout': 504,
  'http.too_large': 422,
};

export interface OutgoingRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For all of it, the body of the answer included. */
  readonly timeoutMs: number;
  /** Longest silence, before the answer and within its body; default 30 s. */
  readonly idleMs?: number;
  /** Of the answer's body. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface OutgoingResponse {
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly status: number;
  /** Names in lower case; of a header that came more than once, the values joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes as they were sent. Fails with `http.too_large`, `http.timeout` or `http.interrupted`; to be read or destroyed. */
  readonly body: Readable;
}

const IDLE_MS = 30_000;

/**
 * Any answer, whatever its status. Rejects with `http.unreachable`, `http.timeout`, `http.too_large`, as the dispatcher's connector does, or
 * with the reason of `signal`.
 */
export async function sendRequest(url: string, options: OutgoingRequest, dispatcher?: Dispatcher): Promise<OutgoingResponse> {
  const { method = 'GET', headers, body, timeoutMs, idleMs = IDLE_MS, maxBytes, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const describe = (otherwise: AppError, cause: unknown): Error => {
    if (signal?.aborted) return signal.reason as Error;
    if (cause instanceof AppError) return cause;
    if (timeout.aborted) return new AppError('http.timeout', `${nameOf(url)} did not answer within ${timeoutMs / 1000} s.`, { cause });
    const silent = cause instanceof Error && 'code' in cause && /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(String(cause.code));
    return silent ? new AppError('http.timeout', `${nameOf(url)} said nothing for too long.`, { cause }) : otherwise;
  };
  try {
    const response = await send(url, {
      method,
      headers: { 'accept-encoding': 'identity', 'user-agent': 'secondsight', ...headers },
      ...(body !== undefined && { body }),
      ...(dispatcher && { dispatcher }),
      headersTimeout: idleMs,
      bodyTimeout: idleMs,
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    });
    const answer = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]));
    const failed = (cause: unknown) => describe(new AppError('http.interrupted', `${nameOf(url)} broke off its answer.`, { cause }), cause);
    const received = bounded(response.body, maxBytes, failed);
    if (method !== 'HEAD' && Number(answer['content-length']) > maxBytes) {
      received.destroy();
      throw tooLarge(maxBytes);
    }
    return { url, status: response.statusCode, headers: answer, body: received };
  } catch (cause) {
    throw describe(new AppError('http.unreachable', `${withPort(url)} cannot be reached: ${reasonOf(cause)}.`, { cause }), cause);
  }
}

function bounded(source: Readable, maxBytes: number, failed: (cause: unknown) => Error): Readable {
  let bytes = 0;
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
  body.on('error', () => undefined); // whoever reads it is told; before that nobody may be there
  body.once('close', () => source.destroy());
  source.on('error', (cause) => body.destroy(failed(cause)));
  return source.pipe(body);
}

function withPort(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refuses the connection',
  ECONNRESET: 'it broke the connection off',
  UND_ERR_SOCKET: 'it broke the connection off',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  ETIMEDOUT: 'the connection timed out',
};

/** Of a connection that did not come about. */
function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return REASONS[code] ?? (/CERT|TLS|SSL|SELF_SIGNED|EPROTO/.test(code) ? 'its certificate or its encryption is not accepted' : 'the connection failed');
}

const tooLarge = (maxBytes: number): AppError => new AppError('http.too_large', `The answer is larger than ${maxBytes} bytes.`);

/** Host and port: the rest of an address may hold what is nobody else's business. */
export const nameOf = (url: string): string => new URL(url).host;

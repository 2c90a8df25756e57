// Sends JSON to an address that the operator configured and reads JSON back: bounded in time and size, no redirect is followed.
import { AppError } from '../../app-error.js';
import { nameOf, sendRequest } from './outgoing-request.js';

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The parsed body of a 2xx answer. Rejects with `http.unreachable`, `http.interrupted`, `http.timeout`, `http.too_large`, `http.not_json`,
 * or with `http.status` and `details.status` for every other status, redirects among them.
 */
export async function postJson(url: string, body: unknown, { headers, timeoutMs, maxBytes, signal }: PostOptions): Promise<unknown> {
  const all = { 'content-type': 'application/json', accept: 'application/json', ...headers };
  const response = await sendRequest(url, { method: 'POST', headers: all, body: JSON.stringify(body), timeoutMs, idleMs: timeoutMs, maxBytes, signal });
  const text = Buffer.concat((await response.body.toArray()) as Buffer[]).toString('utf8');
  if (response.status < 200 || response.status > 299) throw statusError(url, response.status, text);
  return parse(url, text);
}

function statusError(url: string, status: number, text: string): AppError {
  return new AppError('http.status', `${nameOf(url)} answered ${status}: ${text.slice(0, 200)}`, { details: { status } });
}

function parse(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('http.not_json', `${nameOf(url)} answered with something that is not JSON.`, { cause });
  }
}

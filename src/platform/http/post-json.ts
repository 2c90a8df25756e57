// Sends JSON to an address that the operator configured and reads JSON back: bounded in time and size, no redirect is followed.
import { AppError } from '../../app-error.js';

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The parsed body of a 2xx answer. Rejects with `http.unreachable`, `http.timeout`, `http.too_large`, `http.not_json`, or with
 * `http.status` and `details.status` for every other status, redirects among them.
 */
export async function postJson(url: string, body: unknown, { headers, timeoutMs, maxBytes, signal }: PostOptions): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    });
    const text = await readText(response, maxBytes);
    if (!response.ok) throw statusError(url, response, text);
    return parse(url, text);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    if (timeout.aborted) throw new AppError('http.timeout', `${hostOf(url)} did not answer within ${timeoutMs / 1000} s.`, { cause });
    throw new AppError('http.unreachable', `${hostOf(url)} cannot be reached.`, { cause });
  }
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > maxBytes) throw new AppError('http.too_large', `The answer is larger than ${maxBytes} bytes.`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function statusError(url: string, { status }: Response, text: string): AppError {
  return new AppError('http.status', `${hostOf(url)} answered ${status}: ${text.slice(0, 200)}`, { details: { status } });
}

function parse(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('http.not_json', `${hostOf(url)} answered with something that is not JSON.`, { cause });
  }
}

const hostOf = (url: string): string => new URL(url).host;

// Requests to one vLLM server: bounded in time and size, and every fault told by a code that says what may be done about it.
import { type Readable } from 'node:stream';
import { type z } from 'zod';
import { AppError, type ErrorCode } from '../../app-error.js';
import { nameOf, type OutgoingResponse, sendRequest } from '../../platform/http/outgoing-request.js';
import { streamedError } from './protocol.js';

export interface ConnectionSettings {
  /** Without the `/v1` at its end. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** For one request with its answer. */
  readonly timeoutMs: number;
}

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where that of the settings is not shorter. */
  readonly timeoutMs?: number | undefined;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** Longest time that a server may ask to be left alone for. */
const MOST_RETRY_MS = 60_000;

/** Errors have the codes `inference.server_*`, `inference.reply_invalid` and `prompt.refused`; or they are the reason of the signal. */
export class ServerConnection {
  readonly name: string;

  constructor(private readonly settings: ConnectionSettings) {
    this.name = nameOf(settings.url);
  }

  async get<T>(path: string, schema: z.ZodType<T>, options: SendOptions = {}): Promise<T> {
    return this.read(await this.send(path, undefined, options), schema);
  }

  async post<T>(path: string, body: unknown, schema: z.ZodType<T>, options: SendOptions = {}): Promise<T> {
    return this.read(await this.send(path, body, options), schema);
  }

  /** The events of a stream, up to its `[DONE]`; one that ends without is broken off. */
  async *stream<T>(path: string, body: unknown, schema: z.ZodType<T>, options: SendOptions = {}): AsyncGenerator<T, void> {
    const response = await this.send(path, body, options);
    try {
      for await (const data of eventsOf(response.body)) {
        if (data === '[DONE]') return;
        yield this.parse(data, schema);
      }
    } catch (error) {
      throw this.fault(error);
    } finally {
      response.body.destroy();
    }
    throw new AppError('inference.server_unreachable', `${this.name} broke off its answer.`);
  }

  private async send(path: string, body: unknown, { signal, timeoutMs: wanted = Infinity }: SendOptions): Promise<OutgoingResponse> {
    const { url, apiKey } = this.settings;
    const timeoutMs = Math.min(wanted, this.settings.timeoutMs);
    const headers = { accept: 'application/json', ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) };
    const bounds = { timeoutMs, idleMs: timeoutMs, maxBytes: MAX_BYTES, signal };
    try {
      const response =
        body === undefined
          ? await sendRequest(`${url}${path}`, { ...bounds, headers })
          : await sendRequest(`${url}${path}`, { ...bounds, method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) });
      if (response.status === 200) return response;
      throw this.refusal(response, await textOf(response));
    } catch (error) {
      throw this.fault(error);
    }
  }

  private async read<T>(response: OutgoingResponse, schema: z.ZodType<T>): Promise<T> {
    const text = await textOf(response).catch((error: unknown) => {
      throw this.fault(error);
    });
    return this.parse(text, schema);
  }

  private parse<T>(text: string, schema: z.ZodType<T>): T {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new AppError('inference.reply_invalid', `${this.name} answered with something that is not JSON.`, { cause });
    }
    const said = streamedError.safeParse(value);
    if (said.success) throw new AppError('inference.server_failed', `${this.name} failed: ${said.data.error.message.slice(0, 300)}`);
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new AppError('inference.reply_invalid', `${this.name} answered in a form that is not known.`, { cause: parsed.error });
    return parsed.data;
  }

  private refusal({ status, headers }: OutgoingResponse, text: string): AppError {
    const message = `${this.name} answered ${status}: ${text.slice(0, 300)}`;
    return new AppError(codeOfStatus(status), message, { details: { status, retryAfterMs: retryAfterMs(headers['retry-after']) } });
  }

  /** Errors of the connection by the codes of this folder; the reason of an abort stays what it is. */
  private fault(error: unknown): unknown {
    if (!(error instanceof AppError)) return error;
    if (error.code === 'http.timeout') return new AppError('inference.server_timeout', error.message, { cause: error });
    if (error.code === 'http.too_large') return new AppError('inference.reply_invalid', `${this.name}: ${error.message}`, { cause: error });
    return error.code.startsWith('http.') ? new AppError('inference.server_unreachable', error.message, { cause: error }) : error;
  }
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 400 || status === 413 || status === 422) return 'prompt.refused';
  if (status === 408 || status === 429 || status === 503) return 'inference.server_busy';
  return status >= 500 ? 'inference.server_failed' : 'inference.server_misconfigured';
}

/** Seconds or a date; undefined without either. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const wanted = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wanted) ? Math.min(MOST_RETRY_MS, Math.max(0, wanted)) : undefined;
}

const textOf = async ({ body }: OutgoingResponse): Promise<string> => Buffer.concat((await body.toArray()) as Buffer[]).toString('utf8');

/** The data of server-sent events. */
async function* eventsOf(body: Readable): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) yield line.slice('data:'.length).trim();
  }
}

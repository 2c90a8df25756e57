// Requests to a secondsight service, wherever it is: every failure becomes an error that says what to do.
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type ErrorCode } from '../app-error.js';

export interface ApiConnectionOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** An API that is away while something is waited for may come back within this time. */
  readonly patienceSeconds: number;
  readonly key?: string | undefined;
  /** Ends every request and every pause. */
  readonly signal?: AbortSignal | undefined;
}

export const POLL_MS = 500;

/** What every failed request rejects with, the reason of the signal aside. `retryAfterSeconds`: the service asks to come back then. */
const failure = (code: ErrorCode, message: string, details: { cause?: unknown; retryAfterSeconds?: number } = {}): AppError =>
  new AppError(code, message, { cause: details.cause, details: { retryAfterSeconds: details.retryAfterSeconds } });

export class ApiConnection {
  constructor(private readonly options: ApiConnectionOptions) {}

  /** The same connection, ended by another signal or by none. */
  until(signal: AbortSignal | undefined): ApiConnection {
    return new ApiConnection({ ...this.options, signal });
  }

  get baseUrl(): string {
    return this.options.baseUrl;
  }

  /** Rejects with the code of the API's problem, or with `api.unreachable`, `api.redirected`, `api.failed`. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const { baseUrl, key, signal } = this.options;
    const headers = { ...init.headers, ...(key !== undefined && { authorization: `Bearer ${key}` }) };
    const response = await fetch(baseUrl + path, { redirect: 'manual', ...init, headers, ...(signal && { signal }) }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw failure('api.unreachable', `No answer from ${baseUrl}${reasonOf(cause)}. Is a secondsight service running there?`, { cause });
    });
    if (response.ok) return response;
    throw await this.refusal(path, response);
  }

  /** Rejects with `api.not_understood` too. */
  async json<T>(path: string, init?: RequestInit): Promise<T> {
    return this.read(path, await this.request(path, init));
  }

  /** Asks again while the API is away, as it is when it restarts. */
  async patiently(path: string, init?: RequestInit): Promise<Response> {
    for (let waited = 0; ; waited += POLL_MS) {
      try {
        return await this.request(path, init);
      } catch (error) {
        if (!isAway(error) || waited >= this.options.patienceSeconds * 1000) throw error;
        await this.pause(POLL_MS);
      }
    }
  }

  async jsonPatiently<T>(path: string): Promise<T> {
    return this.read(path, await this.patiently(path));
  }

  pause(milliseconds: number): Promise<void> {
    const { signal } = this.options;
    return pause(milliseconds, undefined, { ...(signal && { signal }) });
  }

  private async read<T>(path: string, response: Response): Promise<T> {
    try {
      return (await response.json()) as T;
    } catch (cause) {
      this.options.signal?.throwIfAborted();
      throw failure('api.not_understood', `${this.options.baseUrl}${path} answered with something else than JSON. Is it a secondsight service?`, { cause });
    }
  }

  private async refusal(path: string, response: Response): Promise<AppError> {
    const where = `${this.options.baseUrl}${path}`;
    const location = response.headers.get('location');
    if (response.status < 400) return failure('api.redirected', `${where} sends on to ${location ?? 'nowhere'}: give the address where the service itself is.`);
    const { code, detail } = (await response.json().catch(() => ({}))) as { code?: ErrorCode; detail?: string };
    if (code === undefined) return failure('api.failed', `${where} answered ${response.status} as no secondsight service does.`);
    const retryAfterSeconds = Number(response.headers.get('retry-after') ?? NaN);
    const advice = response.status === 401 ? ' Give one by --key or SECONDSIGHT_API_KEY.' : '';
    return failure(code, `${detail ?? where}${advice}`, Number.isFinite(retryAfterSeconds) ? { retryAfterSeconds } : {});
  }
}

export const isAway = (error: unknown): boolean => error instanceof AppError && error.code === 'api.unreachable';

/** Seconds after which the service takes what it now refused; undefined where it does not say so. */
export function retryAfterOf(error: unknown): number | undefined {
  const seconds = error instanceof AppError ? error.details?.['retryAfterSeconds'] : undefined;
  return typeof seconds === 'number' ? seconds : undefined;
}

/** ` (ECONNREFUSED)`: what the network said. */
function reasonOf(error: unknown): string {
  const { code, message } = ((error as { cause?: unknown }).cause ?? {}) as { code?: unknown; message?: unknown };
  const reason = code ?? message;
  return typeof reason === 'string' ? ` (${reason})` : '';
}

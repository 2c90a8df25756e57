// A small client of the public REST API, as the commands use it.
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type ErrorCode } from '../app-error.js';

export interface VideoJson {
  readonly id: string;
  readonly name: string;
  readonly duration: number;
  readonly decoded_until: number | null;
  readonly width: number;
  readonly height: number;
}

export interface TaskJson {
  readonly id: string;
  readonly status: 'queued' | 'processing' | 'ready' | 'failed' | 'canceled';
  readonly stage: string;
  readonly progress: number;
  readonly windows: { readonly done: number; readonly total: number };
  readonly unparsed: number;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface SpanJson {
  readonly start_time: number;
  readonly end_time: number;
  readonly confidence: number | null;
}

export interface SegmentJson extends SpanJson {
  readonly type: string;
  readonly text: string;
  readonly source: 'model' | 'signal';
}

export interface MomentsJson {
  readonly status: string;
  readonly answer: 'found' | 'not_in_video' | null;
  readonly data: readonly SpanJson[];
  /** The best candidate where none was believed. */
  readonly best_rejected: { readonly start_time: number; readonly end_time: number; readonly confidence: number } | null;
  readonly curve: { readonly start_time: number; readonly step_seconds: number; readonly values: readonly (number | null)[] } | null;
  readonly searched: { readonly unparsed: number } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface ModelJson {
  readonly id: string;
  readonly hash: string;
  readonly limitation: string | null;
}

/** What of a window tells how closely it was looked at. */
export interface WindowJson {
  readonly video_grid_thw: readonly number[] | null;
}

/** How a window is looked at, in place of what the model recommends. */
export interface SamplingJson {
  readonly fps?: number;
  readonly max_frames?: number;
}

export interface AskOptions {
  readonly start_time?: number;
  readonly end_time?: number;
  readonly top_k?: number;
  readonly allow_none?: boolean;
  readonly curve?: boolean;
  readonly sampling?: SamplingJson;
  readonly wait?: number;
}

/** Longest that one answer is waited for in one request; a longer one is asked after again. */
const WAIT_SECONDS = 60;
const POLL_MS = 500;

/** Every call rejects with an AppError that carries the code of the API's problem. */
export class ApiClient {
  /** An API that is away while something is waited for may come back within `patienceSeconds`. */
  constructor(
    readonly baseUrl: string,
    private readonly patienceSeconds = 30,
    private readonly key?: string,
  ) {}

  async upload(file: string): Promise<VideoJson> {
    const form = new FormData();
    form.set('file', await openFile(file), basename(file));
    return this.json('/v1/videos', { method: 'POST', body: form });
  }

  video(id: string): Promise<VideoJson> {
    return this.json(`/v1/videos/${id}`);
  }

  analyze(videoId: string, options: Record<string, unknown> = {}): Promise<TaskJson> {
    return this.post('/v1/analyze/tasks', { video_id: videoId, ...options });
  }

  /**
   * Follows the task until it has finished, through lost connections and restarts of the API. Rejects with `task.not_found` when it
   * is deleted meanwhile, and with `api.unreachable` when the API stays away.
   */
  async follow(task: TaskJson, onChange: (task: TaskJson) => void = () => undefined): Promise<TaskJson> {
    const path = `/v1/analyze/tasks/${task.id}`;
    for (;;) {
      for await (const { type, data } of serverSentEvents(await this.patiently(`${path}/events`))) {
        if (type === 'task') onChange(JSON.parse(data) as TaskJson);
      }
      const now = (await (await this.patiently(path)).json()) as TaskJson;
      if (!isRunning(now)) return now;
      await pause(POLL_MS);
    }
  }

  async windows(taskId: string): Promise<WindowJson[]> {
    return (await this.json<{ data: WindowJson[] }>(`/v1/analyze/tasks/${taskId}/windows`)).data;
  }

  /** Of the analysis `taskId`, else of the current one. */
  async segments(videoId: string, taskId?: string): Promise<SegmentJson[]> {
    const segments: SegmentJson[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = new URLSearchParams({ limit: '1000', ...(taskId && { task_id: taskId }), ...(cursor && { cursor }) });
      const page: { data: SegmentJson[]; next_cursor: string | null } = await this.json(`/v1/videos/${videoId}/segments?${query.toString()}`);
      segments.push(...page.data);
      cursor = page.next_cursor;
    }
    return segments;
  }

  /** Asks and waits for the answer, however long it takes. */
  async ask(videoId: string, query: string, options: AskOptions = {}): Promise<MomentsJson> {
    let answer = await this.post<MomentsJson & { id: string }>(`/v1/videos/${videoId}/moments`, { query, wait: WAIT_SECONDS, ...options });
    while (isRunning(answer)) {
      await pause(POLL_MS);
      answer = (await (await this.patiently(`/v1/videos/${videoId}/moments/${answer.id}`)).json()) as typeof answer;
    }
    if (answer.error) throw new AppError(answer.error.code as ErrorCode, answer.error.message);
    return answer;
  }

  async models(): Promise<ModelJson[]> {
    return (await this.json<{ data: ModelJson[] }>('/v1/models')).data;
  }

  async delete(videoId: string): Promise<void> {
    await this.request(`/v1/videos/${videoId}`, { method: 'DELETE' });
  }

  private post<T>(path: string, body: unknown): Promise<T> {
    return this.json(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  }

  private async json<T>(path: string, init?: RequestInit): Promise<T> {
    return (await (await this.request(path, init)).json()) as T;
  }

  /** Asks again while the API is away, as it is when it restarts. */
  private async patiently(path: string): Promise<Response> {
    for (let waited = 0; ; waited += POLL_MS) {
      try {
        return await this.request(path);
      } catch (error) {
        if (!isAway(error) || waited >= this.patienceSeconds * 1000) throw error;
        await pause(POLL_MS);
      }
    }
  }

  private async request(path: string, init?: RequestInit): Promise<Response> {
    const headers = { ...init?.headers, ...(this.key !== undefined && { authorization: `Bearer ${this.key}` }) };
    const response = await fetch(this.baseUrl + path, { ...init, headers }).catch((cause: unknown) => {
      throw new AppError('api.unreachable', `No answer from ${this.baseUrl}.`, { cause });
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as { code?: ErrorCode; detail?: string };
    throw new AppError(problem.code ?? 'api.failed', problem.detail ?? `${path} answered ${response.status}.`);
  }
}

async function openFile(file: string): Promise<Blob> {
  try {
    if (!(await stat(file)).isFile()) throw new Error('not a file');
    return await openAsBlob(file);
  } catch (cause) {
    throw new AppError('file.not_found', `${file} cannot be read.`, { cause });
  }
}

const isRunning = ({ status }: { readonly status: string }): boolean => status === 'queued' || status === 'processing';

const isAway = (error: unknown): boolean => error instanceof AppError && error.code === 'api.unreachable';

/** Each server-sent event as it arrives; a connection that breaks ends them. */
async function* serverSentEvents(response: Response): AsyncGenerator<{ type: string; data: string }> {
  let text = '';
  for await (const chunk of untilBroken(response.body?.pipeThrough(new TextDecoderStream()) ?? [])) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const field = (name: string): string[] =>
        event.split('\n').flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trimStart()] : []));
      const data = field('data');
      if (data.length > 0) yield { type: field('event')[0] ?? 'message', data: data.join('\n') };
    }
  }
}

async function* untilBroken(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  try {
    yield* chunks;
  } catch {
    return; // whoever reads asks the API how things stand
  }
}

// A small client of the public REST API, as the commands use it.
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
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
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface ModelJson {
  readonly id: string;
  readonly hash: string;
  readonly limitation: string | null;
}

export interface AskOptions {
  readonly start_time?: number;
  readonly end_time?: number;
  readonly top_k?: number;
  readonly wait?: number;
}

/** Longest that one answer is waited for in one request; a longer one is asked after again. */
const WAIT_SECONDS = 60;
const POLL_MS = 500;

/** Every call rejects with an AppError that carries the code of the API's problem. */
export class ApiClient {
  constructor(readonly baseUrl: string) {}

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

  /** Follows the task's events until it has finished. */
  async follow(task: TaskJson, onChange: (task: TaskJson) => void = () => undefined): Promise<TaskJson> {
    const response = await fetch(`${this.baseUrl}/v1/analyze/tasks/${task.id}/events`);
    let last = task;
    for await (const data of serverSentData(response)) {
      last = JSON.parse(data) as TaskJson;
      onChange(last);
    }
    return this.json(`/v1/analyze/tasks/${last.id}`);
  }

  async segments(videoId: string, source?: 'model' | 'signal'): Promise<SegmentJson[]> {
    const segments: SegmentJson[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = new URLSearchParams({ limit: '1000', ...(source && { source }), ...(cursor && { cursor }) });
      const page: { data: SegmentJson[]; next_cursor: string | null } = await this.json(`/v1/videos/${videoId}/segments?${query.toString()}`);
      segments.push(...page.data);
      cursor = page.next_cursor;
    }
    return segments;
  }

  /** Asks and waits for the answer, however long it takes. */
  async ask(videoId: string, query: string, options: AskOptions = {}): Promise<MomentsJson> {
    let answer = await this.post<MomentsJson & { id: string }>(`/v1/videos/${videoId}/moments`, { query, wait: WAIT_SECONDS, ...options });
    while (answer.status === 'queued' || answer.status === 'processing') {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      answer = await this.json(`/v1/videos/${videoId}/moments/${answer.id}`);
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

  private async request(path: string, init?: RequestInit): Promise<Response> {
    const response = await fetch(this.baseUrl + path, init).catch((cause: unknown) => {
      throw new AppError('api.unreachable', `No answer from ${this.baseUrl}.`, { cause });
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as { code?: ErrorCode; detail?: string };
    throw new AppError(problem.code ?? 'api.failed', problem.detail ?? `${path} answered ${response.status}.`);
  }
}

async function openFile(file: string): Promise<Blob> {
  try {
    return await openAsBlob(file);
  } catch (cause) {
    throw new AppError('file.not_found', `${file} cannot be read.`, { cause });
  }
}

/** The `data` of each server-sent event, as it arrives. */
async function* serverSentData(response: Response): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = event.split('\n').filter((line) => line.startsWith('data:'));
      if (data.length > 0) yield data.map((line) => line.slice(5).trimStart()).join('\n');
    }
  }
}

// A small client of the public REST API, as the commands and the MCP tools use it.
import { AppError, type ErrorCode } from '../app-error.js';
import { ApiConnection, POLL_MS } from './api-connection.js';
import { type AskOptions, type ChatJson, type HitJson, isRunning, type ModelJson, type MomentsJson, type PageJson, type SegmentJson, type TaskJson, type UploadedJson, type VideoJson, type WindowJson } from './api-types.js';
import { type OpenFile, openFile, readPiece } from './open-file.js';
import { serverSentEvents } from './server-sent-events.js';
import { PIECE_BYTES, uploadInPieces } from './upload-in-pieces.js';

export type { AskOptions, ModelJson, MomentsJson, SamplingJson, SegmentJson, SpanJson, TaskJson, VideoJson, WindowJson } from './api-types.js';

/** Longest that one answer is waited for in one request; a longer one is asked after again. */
const WAIT_SECONDS = 60;

export type Query = Readonly<Record<string, string | number | undefined>>;

/** Every call rejects with an AppError that carries the code of the API's problem. */
export class ApiClient {
  private readonly api: ApiConnection;

  /** An API that is away while something is waited for may come back within `patienceSeconds`. `signal` ends whatever is waited for. */
  constructor(
    readonly baseUrl: string,
    private readonly patienceSeconds = 30,
    private readonly key?: string,
    signal?: AbortSignal,
  ) {
    this.api = new ApiConnection({ baseUrl, patienceSeconds, key, signal });
  }

  /** The same service, until the signal ends what is waited for. */
  until(signal: AbortSignal): ApiClient {
    return new ApiClient(this.baseUrl, this.patienceSeconds, this.key, signal);
  }

  /** Who calls; `key_id` is null where no key was needed. */
  session(): Promise<{ readonly key_id: string | null }> {
    return this.api.json('/v1/session');
  }

  /** Rejects with `file.not_found` before anything is sent. */
  async upload(path: string): Promise<UploadedJson> {
    const file = await openFile(path);
    try {
      return await this.uploadFile(file);
    } finally {
      await file.handle.close();
    }
  }

  /** A large file goes in pieces, through lost connections and restarts of the API. `onSent`: bytes so far. */
  async uploadFile(file: OpenFile, onSent: (bytes: number) => void = () => undefined): Promise<UploadedJson> {
    if (file.bytes > PIECE_BYTES) {
      const { videoId, duplicate } = await uploadInPieces(this.api, file, onSent);
      return { ...(await this.video(videoId)), duplicate };
    }
    const form = new FormData();
    form.set('file', new Blob([await readPiece(file, 0, file.bytes)]), file.name);
    return this.api.json('/v1/videos', { method: 'POST', body: form });
  }

  video(id: string): Promise<VideoJson> {
    return this.api.json(`/v1/videos/${id}`);
  }

  videos(query: Query): Promise<PageJson<VideoJson>> {
    return this.api.json(`/v1/videos?${queryText(query)}`);
  }

  /** The picture at a second of the video; `seconds`: when it is presented. */
  async frame(videoId: string, query: { readonly t: number; readonly width: number }): Promise<{ jpeg: Uint8Array; seconds: number }> {
    const response = await this.api.request(`/v1/videos/${videoId}/thumbnail?${queryText(query)}`);
    return { jpeg: new Uint8Array(await response.arrayBuffer()), seconds: Number(response.headers.get('x-frame-seconds')) };
  }

  analyze(videoId: string, options: Record<string, unknown> = {}): Promise<TaskJson> {
    return this.post('/v1/analyze/tasks', { video_id: videoId, ...options });
  }

  task(id: string): Promise<TaskJson> {
    return this.api.json(`/v1/analyze/tasks/${id}`);
  }

  async cancelTask(id: string): Promise<void> {
    await this.post(`/v1/analyze/tasks/${id}/cancel`, {});
  }

  /**
   * Follows the task until it has finished, through lost connections and restarts of the API. Rejects with `task.not_found` when it
   * is deleted meanwhile, and with `api.unreachable` when the API stays away.
   */
  async follow(task: TaskJson, onChange: (task: TaskJson) => void = () => undefined): Promise<TaskJson> {
    const path = `/v1/analyze/tasks/${task.id}`;
    for (;;) {
      for await (const { type, data } of serverSentEvents(await this.api.patiently(`${path}/events`))) {
        if (type === 'task') onChange(JSON.parse(data) as TaskJson);
      }
      const now = await this.api.jsonPatiently<TaskJson>(path);
      if (!isRunning(now)) return now;
      await this.api.pause(POLL_MS);
    }
  }

  async windows(taskId: string): Promise<WindowJson[]> {
    return (await this.api.json<{ data: WindowJson[] }>(`/v1/analyze/tasks/${taskId}/windows`)).data;
  }

  segmentPage(videoId: string, query: Query): Promise<PageJson<SegmentJson>> {
    return this.api.json(`/v1/videos/${videoId}/segments?${queryText(query)}`);
  }

  /** Of the analysis `taskId`, else of the current one. */
  async segments(videoId: string, taskId?: string): Promise<SegmentJson[]> {
    const segments: SegmentJson[] = [];
    let cursor: string | undefined;
    do {
      const page: PageJson<SegmentJson> = await this.segmentPage(videoId, { limit: 1000, task_id: taskId, cursor });
      segments.push(...page.data);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return segments;
  }

  /** Asks and waits for the answer, however long it takes. */
  async ask(videoId: string, query: string, options: AskOptions = {}): Promise<MomentsJson> {
    let answer = await this.beginQuestion(videoId, query, { wait: WAIT_SECONDS, ...options });
    while (isRunning(answer)) {
      await this.api.pause(POLL_MS);
      answer = await this.question(videoId, answer.id);
    }
    if (answer.error) throw new AppError(answer.error.code as ErrorCode, answer.error.message);
    return answer;
  }

  /** The question, with its answer where that comes within `options.wait` seconds. */
  beginQuestion(videoId: string, query: string, options: AskOptions): Promise<MomentsJson> {
    return this.post(`/v1/videos/${videoId}/moments`, { query, ...options });
  }

  question(videoId: string, id: string): Promise<MomentsJson> {
    return this.api.jsonPatiently(`/v1/videos/${videoId}/moments/${id}`);
  }

  async cancelQuestion(videoId: string, id: string): Promise<void> {
    await this.post(`/v1/videos/${videoId}/moments/${id}/cancel`, {});
  }

  search(body: Readonly<Record<string, unknown>>): Promise<PageJson<HitJson> & { readonly warnings: readonly { code: string; message: string }[] }> {
    return this.post('/v1/search', body);
  }

  /** A conversation, answered as a whole. */
  chat(body: Readonly<Record<string, unknown>>): Promise<ChatJson> {
    return this.post('/v1/chat/completions', body);
  }

  async models(): Promise<ModelJson[]> {
    return (await this.api.json<{ data: ModelJson[] }>('/v1/models')).data;
  }

  async delete(videoId: string): Promise<void> {
    await this.api.request(`/v1/videos/${videoId}`, { method: 'DELETE' });
  }

  private post<T>(path: string, body: unknown): Promise<T> {
    return this.api.json(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  }
}

/** Of what is given. */
function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.toString();
}

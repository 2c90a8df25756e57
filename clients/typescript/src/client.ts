// The client: every operation by its path, typed by the OpenAPI document, and the few steps that take more than one request.
import createFetch, { type Client } from 'openapi-fetch';
import { errorOf, SecondsightError } from './error.js';
import { patientFetch } from './patient-fetch.js';
import type { components, paths } from './schema.js';
import { sendInPieces, type UploadOptions, type UploadSource } from './upload.js';
import { waitUntil, type WaitOptions } from './wait.js';

type Schemas = components['schemas'];
export type Video = Schemas['Video'];
export type Task = Schemas['Task'];
export type Moments = Schemas['Moments'];
type Upload = Schemas['Upload'];

type JsonOf<P extends keyof paths, M extends 'get' | 'post'> = paths[P] extends Record<M, { requestBody?: { content: { 'application/json': infer B } } }> ? B : never;
type TaskRequest = JsonOf<'/v1/analyze/tasks', 'post'>;
type Question = JsonOf<'/v1/videos/{id}/moments', 'post'>;

interface Page {
  readonly data: readonly unknown[];
  readonly next_cursor: string | null;
}

type PageOf<P extends keyof paths> = paths[P] extends { get: { responses: { 200: { content: { 'application/json': infer A } } } } } ? (A extends Page ? A : never) : never;
/** Paths that are read page by page. */
export type ListPath = { [P in keyof paths]: [PageOf<P>] extends [never] ? never : P }[keyof paths];
export type RowOf<P extends ListPath> = PageOf<P> extends { data: readonly (infer R)[] } ? R : never;

export interface ListOptions {
  /** Of the path, as `{ id }`. */
  readonly path?: Readonly<Record<string, string>>;
  /** Filters, and `limit`: how many a request brings. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly signal?: AbortSignal;
}

export interface SecondsightOptions {
  /** As `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** Not needed where the service asks for none. */
  readonly apiKey?: string;
  /** How often one request is sent while the service is away or asks for patience; default 5. */
  readonly attempts?: number;
  readonly fetch?: typeof fetch;
}

const hasEnded = ({ status }: { readonly status: string }): boolean => status !== 'queued' && status !== 'processing' && status !== 'receiving';

export class Secondsight {
  /** Every operation, by method and path: `http.GET('/v1/videos/{id}', { params: { path: { id } } })`. Rejects with SecondsightError. */
  readonly http: Client<paths>;
  private readonly baseUrl: string;
  private readonly headers: Record<string, string>;

  constructor({ baseUrl, apiKey, attempts = 5, fetch: send = fetch }: SecondsightOptions) {
    this.baseUrl = baseUrl.replace(/\/+$/, '');
    this.headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    this.http = createFetch<paths>({ baseUrl: this.baseUrl, headers: this.headers, fetch: patientFetch(send, attempts) });
    this.http.use({
      onRequest({ request }) {
        if (request.method === 'POST' && !request.headers.has('idempotency-key')) request.headers.set('idempotency-key', crypto.randomUUID());
        return request;
      },
      async onResponse({ response }) {
        if (!response.ok) throw await errorOf(response);
      },
    });
  }

  /** Sends a video by tus and waits until it can be analysed; the same bytes become the same video. Rejects with the code of a refusal. */
  async upload(source: UploadSource, options: UploadOptions = {}): Promise<Video> {
    const target = { endpoint: `${this.baseUrl}/v1/uploads`, headers: this.headers };
    const url = await sendInPieces(source, target, options);
    return this.videoOf(url.split('/').at(-1) ?? '', options.signal);
  }

  /** Has the service fetch a video, and waits for it. */
  async import(url: string, { name, signal }: { readonly name?: string; readonly signal?: AbortSignal } = {}): Promise<Video> {
    const body = { url, ...(name !== undefined && { name }) };
    const { data } = await this.http.POST('/v1/videos', { body, ...(signal && { signal }) });
    return this.videoOf((data as Upload).id, signal);
  }

  async analyze(task: TaskRequest): Promise<Task> {
    return answerOf(await this.http.POST('/v1/analyze/tasks', { body: task }));
  }

  /** The task at its end: ready, failed or canceled. */
  waitForTask(id: string, options: WaitOptions<Task> = {}): Promise<Task> {
    const params = { path: { id } };
    return waitUntil(async () => answerOf(await this.http.GET('/v1/analyze/tasks/{id}', { params, ...signalOf(options) })), hasEnded, options);
  }

  /** Asks when something happens and waits for the answer: `answer` is found or not_in_video. */
  async ask(videoId: string, question: Question, options: WaitOptions<Moments> = {}): Promise<Moments> {
    const params = { path: { id: videoId } };
    const asked: Moments = answerOf(await this.http.POST('/v1/videos/{id}/moments', { params, body: question, ...signalOf(options) }));
    return hasEnded(asked) ? asked : this.waitForQuestion(videoId, asked.id, options);
  }

  waitForQuestion(videoId: string, questionId: string, options: WaitOptions<Moments> = {}): Promise<Moments> {
    const params = { path: { id: videoId, questionId } };
    const read = async () => answerOf(await this.http.GET('/v1/videos/{id}/moments/{questionId}', { params, ...signalOf(options) })) as Moments; // no file was asked for
    return waitUntil(read, hasEnded, options);
  }

  /** Every row of a list, page by page, as they are asked for: `for await (const segment of api.each('/v1/videos/{id}/segments', { path: { id } }))`. */
  async *each<P extends ListPath>(path: P, { path: parameters = {}, query = {}, signal }: ListOptions = {}): AsyncGenerator<RowOf<P>> {
    const read = this.http.GET as unknown as (path: string, options: object) => Promise<{ data?: Page }>;
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: Page = answerOf(await read(path, { params: { path: parameters, query: { ...query, cursor } }, ...(signal && { signal }) }));
      yield* page.data as readonly RowOf<P>[];
      cursor = page.next_cursor;
    }
  }

  private async videoOf(uploadId: string, signal?: AbortSignal): Promise<Video> {
    const params = { path: { id: uploadId } };
    const options = signal ? { signal } : {};
    const { video_id: id, error, status } = await waitUntil(async () => answerOf(await this.http.GET('/v1/uploads/{id}', { params, ...options })), hasEnded, options);
    if (id === null) throw new SecondsightError(error?.code ?? 'client.upload_failed', error?.message ?? `The upload is ${status}.`);
    return answerOf(await this.http.GET('/v1/videos/{id}', { params: { path: { id } }, ...options }));
  }
}

const signalOf = ({ signal }: { readonly signal?: AbortSignal }) => (signal ? { signal } : {});

/** What is no success has been thrown before. */
function answerOf<T>({ data }: { readonly data?: T }): T {
  if (data === undefined) throw new SecondsightError('client.unexpected_answer', 'The service answered without a body.');
  return data;
}

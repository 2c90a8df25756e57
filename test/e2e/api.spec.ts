// The API at its edges, while no worker can take a job: refused uploads, lists, streams and the end of the process.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApiClient, type TaskJson, type VideoJson } from '../../src/cli/api-client.js';
import { media } from '../medium/media.js';
import { temporaryFolder } from '../medium/servers.js';
import { startCheckedProduct } from './checked-product.js';
import { anotherCopy } from './clip-copies.js';
import { demoClip, type RunningProduct } from './running-product.js';

const folder = temporaryFolder();
const BREAKS_FFPROBE = 'this file brings ffprobe down';

let product: RunningProduct;
let api: ApiClient;
let clip: Buffer;

beforeAll(async () => {
  clip = await readFile(demoClip('short_30s'));
  mkdirSync(join(folder, 'no-model'));
  const FFPROBE_PATH = join(folder, 'ffprobe');
  await writeFile(FFPROBE_PATH, fragile((await media.binaries()).ffprobe.path), { mode: 0o755 });
  const env = { DATA_DIR: folder, MODEL_DIR: join(folder, 'no-model'), UPLOAD_MAX_BYTES: '500000', FFPROBE_PATH };
  product = await startCheckedProduct(env, { withoutWorker: true });
  api = new ApiClient(product.baseUrl);
});
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The real ffprobe, which a certain file brings down. */
const fragile = (ffprobe: string): string => `#!/bin/sh
for last; do :; done
grep -qs '${BREAKS_FFPROBE}' "\${last#file:}" && kill -SEGV $$
exec '${ffprobe}' "$@"
`;

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(product.baseUrl + path, init);

const json = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T;

const post = (path: string, body: unknown): Promise<Response> =>
  get(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

const upload = (files: readonly Buffer[], headers: Record<string, string> = {}): Promise<Response> => {
  const form = new FormData();
  for (const bytes of files) form.append('file', new Blob([bytes]), 'clip.mp4');
  return get('/v1/videos', { method: 'POST', body: form, headers });
};

interface Problem {
  readonly status: number;
  readonly code: string;
}

async function problem(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return (await response.json()) as Problem;
}

const filesBelow = (path: string): string[] =>
  readdirSync(join(folder, path), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name).sort();

/** What has arrived whole. */
const objects = (): string[] => filesBelow('storage/objects');

/** Whatever lies in the storage: objects, and uploads that have not ended. */
const stored = (): string[] => filesBelow('storage');

const videoIds = async (): Promise<string[]> => (await json<{ data: VideoJson[] }>('/v1/videos?limit=1000')).data.map(({ id }) => id);

describe('an upload', () => {
  const box = (type: string, bytes: number): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes + 8]), Buffer.from(type), Buffer.alloc(bytes)]);

  it.each([
    ['that is too large', async () => [await readFile(demoClip('long_4min'))], 413, 'video.too_large'],
    ['of two videos', () => [clip, clip], 400, 'upload.too_many_files'],
    ['without its table of contents', () => [Buffer.concat([clip.subarray(0, clip.readUInt32BE(0)), box('mdat', 100)])], 422, 'video.unreadable'],
    ['that brings ffprobe down', () => [Buffer.concat([clip, Buffer.from(BREAKS_FFPROBE)])], 422, 'video.unreadable'],
  ] as const)('%s is refused the same way every time, tells nothing of this machine, and is not kept', async (_what, make, status, code) => {
    const before = [await videoIds(), stored()];
    const first = await problem(await upload(await make()));
    expect(first).toMatchObject({ status, code });
    expect(Object.keys(first).sort()).toEqual(['code', 'detail', 'status', 'title', 'type']);
    expect(JSON.stringify(first)).not.toContain(folder);
    expect(await problem(await upload(await make()))).toEqual(first);
    expect([await videoIds(), stored()]).toEqual(before);
  });

  it('that breaks off after the file and before the end of the form is not kept', async () => {
    const before = [await videoIds(), stored()];
    const sending = request(`${product.baseUrl}/v1/videos`, { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' } });
    sending.on('error', () => undefined);
    sending.write('--b\r\ncontent-disposition: form-data; name="file"; filename="clip.mp4"\r\n\r\n');
    sending.write(clip);
    sending.write('\r\n--b\r\ncontent-disposition: form-data; name="note"\r\n\r\n');
    await vi.waitFor(() => expect(objects()).toHaveLength(before[1]!.length + 1), 10_000);
    sending.destroy();
    await vi.waitFor(() => expect(stored()).toEqual(before[1]), 10_000);
    expect(await videoIds()).toEqual(before[0]);
  });

  it('is taken from a page of this service and refused from one of another site', async () => {
    for (const origin of ['http://elsewhere.example', 'http://127.0.0.1:1', 'null']) {
      expect(await problem(await upload([clip], { origin })), origin).toMatchObject({ status: 403, code: 'request.cross_site' });
    }
    expect((await get('/v1/videos', { headers: { origin: 'http://elsewhere.example' } })).status).toBe(200);
    const own = await upload([clip], { origin: product.baseUrl });
    expect(own.status).toBe(201);
    await api.delete(((await own.json()) as VideoJson).id);
  });

  it('whose bytes have gone is said to be gone', async () => {
    const before = stored();
    const { id } = await api.upload(anotherCopy(demoClip('short_30s')));
    const key = stored().find((name) => !before.includes(name)) ?? '';
    rmSync(join(folder, 'storage/objects', key.slice(-2), key));
    for (const path of ['content', 'thumbnail?t=1']) {
      expect(await problem(await get(`/v1/videos/${id}/${path}`)), path).toMatchObject({ status: 410, code: 'video.content_missing' });
    }
    await api.delete(id);
  });
});

describe('a list', () => {
  it('is read page by page, newest first, without loss or repetition', async () => {
    const videos: VideoJson[] = [];
    for (let k = 0; k < 3; k++) videos.unshift(await api.upload(anotherCopy(demoClip('short_30s'))));
    const tasks: TaskJson[] = [];
    for (const video of [videos[0]!, videos[1]!, videos[0]!, videos[0]!]) tasks.unshift(await api.analyze(video.id));
    const ofFirst = tasks.filter((task) => (task as TaskJson & { video_id: string }).video_id === videos[0]!.id);
    const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);
    expect(await pages('/v1/videos?limit=2')).toEqual([ids(videos.slice(0, 2)), ids(videos.slice(2))]);
    expect(await pages('/v1/analyze/tasks?limit=2')).toEqual([ids(tasks.slice(0, 2)), ids(tasks.slice(2))]);
    expect(await pages(`/v1/analyze/tasks?limit=2&video_id=${videos[0]!.id}`)).toEqual([ids(ofFirst.slice(0, 2)), ids(ofFirst.slice(2))]);
    for (const video of videos) await api.delete(video.id);
  });

  async function pages(path: string): Promise<string[][]> {
    const seen: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { data: { id: string }[]; next_cursor: string | null } = await json(`${path}${cursor && `&cursor=${cursor}`}`);
      seen.push(page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    return seen;
  }
});

it('pixels that no frame could have are refused before anything is queued', async () => {
  const { id } = await api.upload(anotherCopy(demoClip('short_30s')));
  for (const [path, body] of [['/v1/analyze/tasks', { video_id: id }], [`/v1/videos/${id}/moments`, { query: 'a circle' }]] as const) {
    const refused = await problem(await post(path, { ...body, sampling: { max_pixels: 50_000 } }));
    expect(refused).toMatchObject({ status: 400, code: 'request.invalid', errors: [{ path: 'sampling.max_pixels' }] });
  }
  await api.delete(id);
});

describe('a stream of events', () => {
  const follow = (task: TaskJson, signal?: AbortSignal): Promise<Response> => get(`/v1/analyze/tasks/${task.id}/events`, signal ? { signal } : {});

  it('goes on when another reader leaves, and ends with the task', async () => {
    const video = await api.upload(anotherCopy(demoClip('short_30s')));
    const task = await api.analyze(video.id);
    const leaving = new AbortController();
    const [staying, gone] = await Promise.all([follow(task), follow(task, leaving.signal)]);
    await gone.body!.getReader().read();
    leaving.abort();
    await get(`/v1/analyze/tasks/${task.id}/cancel`, { method: 'POST' });
    expect(await staying.text()).toMatch(/event: task\n(id: .*\n)?data: \{[^\n]*"status":"canceled"[^\n]*\}\n\n$/);
    await api.delete(video.id);
  });

  it('ends when the task is deleted, without an event that says otherwise', async () => {
    const video = await api.upload(anotherCopy(demoClip('short_30s')));
    const events = await follow(await api.analyze(video.id));
    await api.delete(video.id);
    expect((await events.text()).match(/^event: .*$/gm)).toEqual(expect.not.arrayContaining(['event: error']));
  });

  it('ends in order when the service stops, and whoever waits for an answer is told to come back', async () => {
    const video = await api.upload(anotherCopy(demoClip('short_30s')));
    const events = await follow(await api.analyze(video.id));
    const answer = post(`/v1/videos/${video.id}/moments`, { query: 'a circle moves', wait: 120 });
    await vi.waitFor(async () => expect(await questions()).toBe(1), 10_000);
    await product.stop();
    expect(await events.text()).toContain('"status":"queued"');
    expect((await answer).status).toBe(202);
  });

  async function questions(): Promise<number> {
    const client = new pg.Client({ connectionString: product.databaseUrl });
    await client.connect();
    try {
      return (await client.query('SELECT 1 FROM moment_queries')).rowCount ?? 0;
    } finally {
      await client.end();
    }
  }
});

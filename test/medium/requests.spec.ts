// What is wrong with a request is said in words that help to mend it, over the API on a real database.
import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/database/id.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { type Api, startApi } from './api.js';
import { startPostgres, temporaryFolder, type TestServer } from './servers.js';

interface Answer {
  readonly status: number;
  readonly body: { readonly code?: string; readonly detail?: string; readonly errors?: readonly { path: string; message: string }[]; readonly data?: readonly { id: string }[]; readonly [name: string]: unknown };
}

let postgres: TestServer;
let api: Api;
let key: string;
let client: pg.Client;
const folder = temporaryFolder();

beforeAll(async () => {
  postgres = await startPostgres();
  await migrate(postgres.url);
  api = await startApi({ DATABASE_URL: postgres.url, DATA_DIR: folder });
  key = (await api.key('a')).text;
  client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await api?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function send(method: string, path: string, body?: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) };
  const response = await fetch(api.baseUrl + path, { method, headers, ...(body !== undefined && { body }) });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

const post = (path: string, body: unknown): Promise<Answer> => send('POST', path, JSON.stringify(body));

/** Of 30 seconds. */
async function storeVideo(name = 'a.mp4'): Promise<string> {
  const id = newId();
  await client.query(
    `INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, frame_rate, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
     VALUES ($1, 'a', $2, 1, $3, $4, 'mp4', 'h264', 2, 2, 25, 1, 25, 0, 0, 30, false)`,
    [id, name, id.replaceAll('-', '').repeat(2), newId()],
  );
  return id;
}

describe('a query', () => {
  it.each([
    ['/v1/videos?limt=3', 'limt', /is no query parameter of this route; it takes limit, cursor/],
    ['/v1/models?limit=3', 'limit', /it takes none/],
    ['/v1/videos?limit=3&limit=4', 'limit', /more than once/],
    [`/v1/analyze/tasks/${newId()}/compare`, 'with', /is required/],
  ])('of %s is refused at %s', async (address, path, message) => {
    const { status, body } = await send('GET', address);
    expect([status, body.code]).toEqual([400, 'request.invalid']);
    expect(body.errors).toEqual([{ path, message: expect.stringMatching(message) as string }]);
  });

  it('of what is no part of the API may hold anything', async () => {
    expect((await fetch(`${api.baseUrl}/health/live?probe=1`)).status).toBe(200);
  });
});

describe('a fault', () => {
  it.each([
    ['an id in the path', () => send('GET', '/v1/videos/12'), 400, /^id: /],
    ['a sheet of sprites', async () => send('GET', `/v1/videos/${await storeVideo()}/sprites/x`), 400, /^sheet: must be the number of a sheet/],
    ['a body of null', () => send('POST', '/v1/webhooks', 'null'), 400, /^must be an object$/],
    ['a field that is missing', () => post('/v1/webhooks', {}), 400, /^url: is required$/],
    ['a port that cannot be', () => post('/v1/videos', { url: 'http://example.org:99999/x' }), 400, /^url: is no address: its host or its port cannot be$/],
    ['a body without a place', () => post('/v1/videos', { name: 'a.mp4' }), 400, /^must be a form with a file, or JSON with url, or with bucket and key$/],
    ['a body that is too large', () => post('/v1/webhooks', { description: 'x'.repeat(200_000) }), 413, /larger than 102400 bytes/],
  ])('in %s is named', async (_what, ask, status, detail) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toMatch(detail);
  });

  it('in a list of clips is told with the clip', async () => {
    const [video, gone] = [await storeVideo(), newId()];
    const clips = [{ video_id: video, start_time: 0, end_time: 1 }, { video_id: gone, start_time: 2, end_time: 3, text: 'the goal' }];
    for (const path of ['/v1/clips/export', '/v1/cuts']) {
      const { status, body } = await post(path, { clips, ...(path.endsWith('export') && { format: 'edl' }) });
      expect([status, body.code]).toEqual([404, 'video.not_found']);
      expect(body.detail).toBe(`clips.1 (the goal): There is no video ${gone}.`);
      expect(body.errors).toMatchObject([{ path: 'clips.1.video_id' }]);
    }
  });

  it('of a second webhook that would tell the same is a conflict, whatever the order of its events', async () => {
    const url = 'https://example.org/hooks';
    expect((await post('/v1/webhooks', { url, events: ['task.ready', 'task.failed'] })).status).toBe(201);
    expect(await post('/v1/webhooks', { url, events: ['task.failed', 'task.ready'] })).toMatchObject({ status: 409, body: { code: 'webhook.exists' } });
    expect((await post('/v1/webhooks', { url, events: ['video.ready'] })).status).toBe(201);
  });
});

describe('a list', () => {
  it('of the latest tasks has one of each video, page by page', async () => {
    const newest: string[] = [];
    for (const video of [await storeVideo(), await storeVideo()]) {
      const ids = [newId(), newId()];
      for (const id of ids) await client.query(`INSERT INTO tasks (id, video_id, start_time, end_time, request) VALUES ($1, $2, 0, 30, '{"sampling": {}}')`, [id, video]);
      newest.unshift(ids[1]!);
    }
    expect((await send('GET', '/v1/analyze/tasks')).body.data).toHaveLength(4);
    expect((await send('GET', '/v1/analyze/tasks?latest=true')).body.data?.map(({ id }) => id)).toEqual(newest);
    const { body } = await send('GET', '/v1/analyze/tasks?latest=true&limit=1');
    const { body: rest } = await send('GET', `/v1/analyze/tasks?latest=true&limit=1&cursor=${body['next_cursor'] as string}`);
    expect([body, rest].flatMap(({ data }) => data?.map(({ id }) => id))).toEqual(newest);
    expect(rest['next_cursor']).toBeNull();
  });

  it('of clips is told as JSON, with the names of their videos', async () => {
    const clip = { video_id: await storeVideo('match.mp4'), start_time: 1, end_time: 2.5 };
    const { status, body } = await post('/v1/clips/export', { clips: [clip], format: 'json', name: 'Goals' });
    expect({ status, body }).toEqual({ status: 200, body: { name: 'Goals', clips: [{ ...clip, video_name: 'match.mp4' }] } });
  });
});

describe('what is not as it was asked for', () => {
  it('of a range is told by the task and by the cut', async () => {
    const video = await storeVideo();
    const task = await post('/v1/analyze/tasks', { video_id: video, start_time: 10, end_time: 40 });
    expect(task).toMatchObject({ status: 201, body: { end_time: 30, warnings: [{ code: 'range.clipped', message: 'end_time 40 is beyond the end of the video, 30 s; it ends there.' }] } });
    const cut = await post('/v1/cuts', { clips: [{ video_id: video, start_time: 10, end_time: 20 }, { video_id: video, start_time: 20, end_time: 31 }] });
    expect(cut).toMatchObject({ status: 202, body: { warnings: [{ code: 'range.clipped', message: expect.stringMatching(/^clips\.1: end_time 31 /) as string }] } });
  });

  it('of captions is counted by the track', async () => {
    const form = new FormData();
    form.set('file', new Blob(['WEBVTT\n\n00:01.000 --> 00:02.000\nin\n\n00:29.000 --> 00:33.000\nhalf\n\n00:31.000 --> 00:32.000\nout\n\n00:59:00.000 --> 00:59:01.000\nfar\n']), 'a.vtt');
    const response = await fetch(`${api.baseUrl}/v1/videos/${await storeVideo()}/tracks`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: form });
    expect(await response.json()).toMatchObject({ cues: 2, broken: 0, outside: 2 });
  });
});

describe('an address that leads nowhere', () => {
  const visit = (path: string, accept: string) => fetch(api.baseUrl + path, { headers: { accept, authorization: `Bearer ${key}` } });
  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

  it('is a problem for a program, whatever it takes below the API', async () => {
    for (const [path, accept] of [['/nowhere', '*/*'], ['/nowhere', 'application/json'], ['/v1/nowhere', BROWSER], ['/health/nowhere', BROWSER]] as const) {
      const response = await visit(path, accept);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 404, expect.stringContaining('application/problem+json')]);
    }
  });

  it('is the page for somebody with a browser', async () => {
    const response = await visit('/nowhere/at-all', BROWSER);
    expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([404, expect.stringMatching(/^text\/(html|plain)$/)]);
  });
});

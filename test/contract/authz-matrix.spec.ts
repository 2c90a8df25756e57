// Who may do what: every route of the OpenAPI document, tried without a key, with wrong ones, with the keys of another tenant, and with the right one.
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../medium/servers.js';
import { paddedClip } from '../e2e/clip-copies.js';
import { demoClip, startProduct, type RunningProduct } from '../e2e/running-product.js';

const SCOPES = ['videos:read', 'videos:write', 'webhooks:manage'] as const;

/** What a tenant has. */
interface Objects {
  video: string;
  task: string;
  question: string;
  batch: string;
  chat: string;
  track: string;
  key: string;
  webhook: string;
  delivery: string;
  alert: string;
  preset: string;
  upload: string;
  cut: string;
  halted: string; // an upload that is there to be ended
}

interface Row {
  readonly scope: (typeof SCOPES)[number] | 'admin' | 'public';
  /** Of an object that is there, asked for by its tenant with this scope alone. */
  readonly status: number;
  /** Path, with the objects it names. */
  readonly path: (of: Objects) => string;
  readonly body?: (of: Objects) => FormData | object;
  readonly headers?: Readonly<Record<string, string>>;
  /** What another tenant is told: that there is no such object, or a list without it; `manages`: keys are of no tenant. */
  readonly foreign: 'not found' | 'not listed' | 'names nothing' | 'manages';
}

const form = (name: string, text: string | Buffer): FormData => {
  const data = new FormData();
  data.set('file', new Blob([text]), name);
  return data;
};
const CAPTIONS = 'WEBVTT\n\n00:01.000 --> 00:02.000\na zebra crosses\n';
const GOAL = [{ name: 'goal', description: 'The ball crosses the line.' }];
let clip: Buffer;

interface Found {
  readonly data: readonly { readonly video_id: string }[];
  readonly grounded: { readonly videos: readonly unknown[] } | null;
}

const read = { scope: 'videos:read', status: 200, foreign: 'not found' } as const;
const write = { scope: 'videos:write', status: 200, foreign: 'not found' } as const;
const tell = { scope: 'webhooks:manage', status: 200, foreign: 'not found' } as const;
const manage = { scope: 'admin', status: 200, foreign: 'manages' } as const;
const tus = { ...write, headers: { 'tus-resumable': '1.0.0' } };
const open = { scope: 'public', status: 200, foreign: 'names nothing' } as const;

const ROWS: Readonly<Record<string, Row>> = {
  'GET /health/live': { ...open, path: () => '/health/live' },
  'GET /health/ready': { ...open, path: () => '/health/ready' },
  'GET /v1/session': { ...open, path: () => '/v1/session' },
  'POST /v1/session': { ...open, path: () => '/v1/session', body: () => ({ key: product.key }) },
  'DELETE /v1/session': { ...open, status: 204, path: () => '/v1/session' },
  'GET /v1/api-keys': { ...manage, path: () => '/v1/api-keys' },
  'POST /v1/api-keys': { ...manage, status: 201, path: () => '/v1/api-keys', body: () => ({ name: 'one more', scopes: ['videos:read'] }) },
  'GET /v1/api-keys/{id}': { ...manage, path: ({ key }) => `/v1/api-keys/${key}` },
  'PATCH /v1/api-keys/{id}': { ...manage, path: ({ key }) => `/v1/api-keys/${key}`, body: () => ({ name: 'other' }) },
  'DELETE /v1/api-keys/{id}': { ...manage, status: 204, path: ({ key }) => `/v1/api-keys/${key}` },
  'GET /metrics': { ...manage, path: () => '/metrics' },
  'GET /v1/metrics/history': { ...manage, path: () => '/v1/metrics/history?minutes=5' },
  'GET /v1/audit': { ...manage, path: () => '/v1/audit?limit=5' },
  'GET /v1/workers': { ...manage, path: () => '/v1/workers' },
  'GET /v1/storage': { ...manage, path: () => '/v1/storage' },
  'GET /v1/tenants/{tenant}/retention': { ...manage, path: () => '/v1/tenants/a/retention' },
  'PUT /v1/tenants/{tenant}/retention': { ...manage, path: () => '/v1/tenants/a/retention', body: () => ({ content_days: 30, video_days: null }) },
  'DELETE /v1/tenants/{tenant}/retention': { ...manage, status: 204, path: () => '/v1/tenants/a/retention' },
  'GET /v1/models': { ...read, foreign: 'names nothing', path: () => '/v1/models' },
  'POST /v1/videos': { ...write, status: 201, foreign: 'names nothing', path: () => '/v1/videos', body: () => form('clip.mp4', paddedClip(demoClip('short_30s'))) },
  'POST /v1/uploads': { ...tus, status: 201, foreign: 'names nothing', path: () => '/v1/uploads', headers: { ...tus.headers, 'upload-length': '4' } },
  'OPTIONS /v1/uploads': { ...open, status: 204, path: () => '/v1/uploads' },
  'OPTIONS /v1/uploads/{id}': { ...open, status: 204, path: ({ upload }) => `/v1/uploads/${upload}` },
  'GET /v1/uploads': { ...read, foreign: 'not listed', path: () => '/v1/uploads' },
  'GET /v1/uploads/{id}': { ...read, path: ({ upload }) => `/v1/uploads/${upload}` },
  'HEAD /v1/uploads/{id}': { ...tus, path: ({ upload }) => `/v1/uploads/${upload}` },
  'PATCH /v1/uploads/{id}': { ...tus, status: 204, path: ({ upload }) => `/v1/uploads/${upload}`, headers: { ...tus.headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' } },
  'POST /v1/uploads/{id}/cancel': { ...write, path: ({ halted }) => `/v1/uploads/${halted}/cancel` },
  'DELETE /v1/uploads/{id}': { ...tus, status: 204, path: ({ upload }) => `/v1/uploads/${upload}` },
  'POST /v1/clips/export': { ...read, path: () => '/v1/clips/export', body: ({ video }) => ({ clips: [{ video_id: video, start_time: 1, end_time: 2 }], format: 'edl' }) },
  'POST /v1/cuts': { ...write, status: 202, path: () => '/v1/cuts', body: ({ video }) => ({ clips: [{ video_id: video, start_time: 1, end_time: 2 }] }) },
  'GET /v1/cuts': { ...read, foreign: 'not listed', path: () => '/v1/cuts' },
  'GET /v1/cuts/{id}': { ...read, path: ({ cut }) => `/v1/cuts/${cut}` },
  'GET /v1/cuts/{id}/content': { ...read, path: ({ cut }) => `/v1/cuts/${cut}/content` },
  'POST /v1/cuts/{id}/cancel': { ...write, status: 409, path: ({ cut }) => `/v1/cuts/${cut}/cancel` },
  'DELETE /v1/cuts/{id}': { ...write, status: 204, path: ({ cut }) => `/v1/cuts/${cut}` },
  'GET /v1/videos/{id}/frames': { ...read, path: ({ video }) => `/v1/videos/${video}/frames?t=1` },
  'POST /v1/videos/{id}/proxy': { ...write, status: 202, path: ({ video }) => `/v1/videos/${video}/proxy` },
  'GET /v1/videos/{id}/proxy': { ...read, path: ({ video }) => `/v1/videos/${video}/proxy` },
  'GET /v1/videos/{id}/proxy/content': { ...read, path: ({ video }) => `/v1/videos/${video}/proxy/content` },
  'GET /v1/videos/{id}/feedback': { ...read, path: ({ video }) => `/v1/videos/${video}/feedback` },
  'POST /v1/videos/{id}/feedback': { ...write, status: 404, path: ({ video }) => `/v1/videos/${video}/feedback`, body: ({ question }) => ({ question_id: question, verdict: 'right' }) },
  'GET /v1/videos': { ...read, foreign: 'not listed', path: () => '/v1/videos' },
  'GET /v1/videos/{id}': { ...read, path: ({ video }) => `/v1/videos/${video}` },
  'GET /v1/videos/{id}/content': { ...read, path: ({ video }) => `/v1/videos/${video}/content` },
  'GET /v1/videos/{id}/thumbnail': { ...read, path: ({ video }) => `/v1/videos/${video}/thumbnail?t=1` },
  'GET /v1/videos/{id}/scan': { ...read, path: ({ video }) => `/v1/videos/${video}/scan` },
  'GET /v1/videos/{id}/curves': { ...read, path: ({ video }) => `/v1/videos/${video}/curves` },
  'GET /v1/videos/{id}/sprites.vtt': { ...read, path: ({ video }) => `/v1/videos/${video}/sprites.vtt` },
  'GET /v1/videos/{id}/sprites/{sheet}': { ...read, path: ({ video }) => `/v1/videos/${video}/sprites/0.jpg` },
  'GET /v1/videos/{id}/tracks': { ...read, path: ({ video }) => `/v1/videos/${video}/tracks` },
  'POST /v1/videos/{id}/tracks': { ...write, status: 201, path: ({ video }) => `/v1/videos/${video}/tracks`, body: () => form('a.vtt', CAPTIONS) },
  'GET /v1/videos/{id}/segments': { ...read, path: ({ video }) => `/v1/videos/${video}/segments?format=srt` },
  'GET /v1/videos/{id}/segments/outline': { ...read, path: ({ video }) => `/v1/videos/${video}/segments/outline` },
  'GET /v1/videos/{id}/segments/marks': { ...read, path: ({ video }) => `/v1/videos/${video}/segments/marks?end_time=9` },
  'POST /v1/videos/{id}/moments': { ...read, status: 202, path: ({ video }) => `/v1/videos/${video}/moments`, body: () => ({ query: 'a zebra', wait: 0 }) },
  'GET /v1/videos/{id}/moments/{questionId}': { ...read, path: ({ video, question }) => `/v1/videos/${video}/moments/${question}` },
  'POST /v1/videos/{id}/moments/{questionId}/cancel': { ...read, path: ({ video, question }) => `/v1/videos/${video}/moments/${question}/cancel` },
  'POST /v1/analyze/tasks': { ...write, status: 201, path: () => '/v1/analyze/tasks', body: ({ video }) => ({ video_id: video }) },
  'GET /v1/analyze/tasks': { ...read, foreign: 'not listed', path: ({ video }) => `/v1/analyze/tasks?video_id=${video}` },
  'GET /v1/analyze/tasks/{id}': { ...read, path: ({ task }) => `/v1/analyze/tasks/${task}` },
  'GET /v1/analyze/tasks/{id}/windows': { ...read, path: ({ task }) => `/v1/analyze/tasks/${task}/windows` },
  'GET /v1/analyze/tasks/{id}/compare': { ...read, path: ({ task }) => `/v1/analyze/tasks/${task}/compare?with=${task}` },
  'GET /v1/analyze/tasks/{id}/events': { ...read, path: ({ task }) => `/v1/analyze/tasks/${task}/events` },
  'POST /v1/analyze/tasks/{id}/cancel': { ...write, path: ({ task }) => `/v1/analyze/tasks/${task}/cancel` },
  'POST /v1/analyze/batches': { ...write, status: 201, foreign: 'names nothing', path: () => '/v1/analyze/batches', body: ({ video }) => ({ items: [{ video_id: video }] }) },
  'GET /v1/analyze/batches': { ...read, foreign: 'not listed', path: () => '/v1/analyze/batches' },
  'GET /v1/analyze/batches/{id}': { ...read, path: ({ batch }) => `/v1/analyze/batches/${batch}` },
  'POST /v1/analyze/batches/{id}/cancel': { ...write, path: ({ batch }) => `/v1/analyze/batches/${batch}/cancel` },
  'GET /v1/models/{id}': { ...read, status: 503, foreign: 'names nothing', path: () => '/v1/models/m' },
  'POST /v1/chat/completions': { ...read, status: 503, foreign: 'names nothing', path: () => '/v1/chat/completions', body: () => ({ model: 'm', messages: [{ role: 'user', content: 'a' }] }) },
  'GET /v1/chat/completions/{id}': { ...read, path: ({ chat }) => `/v1/chat/completions/chatcmpl-${chat}` },
  'POST /v1/search': { ...read, foreign: 'not listed', path: () => '/v1/search', body: ({ video }) => ({ query: 'zebra', filter: { video_ids: [video] } }) },
  'POST /v1/webhooks': { ...tell, status: 201, foreign: 'names nothing', path: () => '/v1/webhooks', body: () => ({ url: `https://receiver.invalid/${randomUUID()}` }) },
  'GET /v1/webhooks': { ...tell, foreign: 'not listed', path: () => '/v1/webhooks' },
  'GET /v1/webhooks/{id}': { ...tell, path: ({ webhook }) => `/v1/webhooks/${webhook}` },
  'PATCH /v1/webhooks/{id}': { ...tell, path: ({ webhook }) => `/v1/webhooks/${webhook}`, body: () => ({ description: 'ours' }) },
  'POST /v1/webhooks/{id}/rotate-secret': { ...tell, path: ({ webhook }) => `/v1/webhooks/${webhook}/rotate-secret` },
  'POST /v1/webhooks/{id}/ping': { ...tell, status: 202, path: ({ webhook }) => `/v1/webhooks/${webhook}/ping` },
  'GET /v1/webhooks/{id}/deliveries': { ...tell, path: ({ webhook }) => `/v1/webhooks/${webhook}/deliveries` },
  'GET /v1/webhooks/{id}/deliveries/{deliveryId}': { ...tell, path: ({ webhook, delivery }) => `/v1/webhooks/${webhook}/deliveries/${delivery}` },
  'POST /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver': { ...tell, status: 202, path: ({ webhook, delivery }) => `/v1/webhooks/${webhook}/deliveries/${delivery}/redeliver` },
  'POST /v1/webhooks/{id}/redeliver': { ...tell, status: 202, path: ({ webhook }) => `/v1/webhooks/${webhook}/redeliver` },
  'DELETE /v1/webhooks/{id}': { ...tell, status: 204, path: ({ webhook }) => `/v1/webhooks/${webhook}` },
  'POST /v1/presets': { ...write, status: 201, foreign: 'names nothing', path: () => '/v1/presets', body: () => ({ name: 'goals', segment_definitions: GOAL }) },
  'GET /v1/presets': { ...read, foreign: 'not listed', path: () => '/v1/presets' },
  'GET /v1/presets/{id}': { ...read, path: ({ preset }) => `/v1/presets/${preset}` },
  'PATCH /v1/presets/{id}': { ...write, path: ({ preset }) => `/v1/presets/${preset}`, body: () => ({ segment_definitions: GOAL }) },
  'DELETE /v1/presets/{id}': { ...write, status: 204, path: ({ preset }) => `/v1/presets/${preset}` },
  'POST /v1/alerts': { ...tell, status: 201, foreign: 'names nothing', path: () => '/v1/alerts', body: () => ({ query: 'a zebra' }) },
  'GET /v1/alerts': { ...tell, foreign: 'not listed', path: () => '/v1/alerts' },
  'GET /v1/alerts/{id}': { ...tell, path: ({ alert }) => `/v1/alerts/${alert}` },
  'PATCH /v1/alerts/{id}': { ...tell, path: ({ alert }) => `/v1/alerts/${alert}`, body: () => ({ min_confidence: 0.5 }) },
  'GET /v1/alerts/{id}/matches': { ...tell, path: ({ alert }) => `/v1/alerts/${alert}/matches` },
  'DELETE /v1/alerts/{id}': { ...tell, status: 204, path: ({ alert }) => `/v1/alerts/${alert}` },
  'DELETE /v1/videos/{id}/tracks/{trackId}': { ...write, status: 204, path: ({ video, track }) => `/v1/videos/${video}/tracks/${track}` },
  'DELETE /v1/videos/{id}': { ...write, status: 204, path: ({ video }) => `/v1/videos/${video}` },
};
const ROUTES = Object.keys(ROWS);

const folder = temporaryFolder();
let product: RunningProduct;
let document: { paths: Record<string, Record<string, { 'x-scope'?: string; security?: object[] }>> };
let theirs: Objects; // what tenant a has
const keys: Record<string, string> = {}; // of tenant a with one scope each; `foreign`: of tenant b with every right

async function call(route: string, key: string | undefined, of: Objects = theirs): Promise<Response> {
  const { path, body, headers } = row(route);
  return send(route.split(' ')[0]!, path(of), key, body?.(of), headers);
}

const row = (route: string): Row => ROWS[route]!;

function send(method: string, path: string, key: string | undefined, body?: FormData | object, more: Readonly<Record<string, string>> = {}): Promise<Response> {
  const isJson = body !== undefined && !(body instanceof FormData);
  const headers = { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...(isJson && { 'content-type': 'application/json' }), ...more };
  return fetch(product.baseUrl + path, { method, headers, ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }) });
}

async function made<T = { id: string }>(path: string, key: string, body: FormData | object): Promise<T> {
  const response = await send('POST', path, key, body);
  expect(response.status, await response.clone().text()).toBeLessThan(300);
  return (await response.json()) as T;
}

/** No model serves here: an answer as a worker leaves it. */
async function answeredChat(): Promise<string> {
  const id = randomUUID();
  const database = new pg.Client({ connectionString: product.databaseUrl });
  await database.connect();
  const request = { question: { tools: [], media: [] }, wishes: {} };
  const answer = { pieces: [], media: [], finishReason: 'stop', promptTokens: 1, modelHash: '' };
  const values = [id, JSON.stringify(request), JSON.stringify(answer)];
  await database.query(`INSERT INTO chat_completions (id, tenant_id, model, request, answer, status, deadline, finished_at) VALUES ($1, 'a', 'm', $2, $3, 'ready', now(), now())`, values);
  await database.end();
  return id;
}

const newKey = async (tenant_id: string, scopes: readonly string[], expires_at: string | null = null): Promise<{ id: string; key: string }> =>
  made('/v1/api-keys', product.key!, { name: 'test', tenant_id, scopes, expires_at });

/** Status and code; of what has no body, as the answer to HEAD, the status alone. */
async function problem(response: Response): Promise<[number, string?]> {
  const text = await response.text();
  return text === '' ? [response.status] : [response.status, (JSON.parse(text) as { code: string }).code];
}

/** What `problem` makes of a refusal of this route. */
const refusal = (route: string, status: number, code: string): [number, string?] => (route.startsWith('HEAD ') ? [status] : [status, code]);

beforeAll(async () => {
  clip = await readFile(demoClip('short_30s'));
  mkdirSync(join(folder, 'no-model'));
  product = await startProduct({ DATA_DIR: folder, MODEL_DIR: join(folder, 'no-model'), AUTH: 'required' }, { withoutWorker: true });
  document = (await (await fetch(`${product.baseUrl}/openapi.json`)).json()) as typeof document;
  for (const scope of SCOPES) keys[scope] = (await newKey('a', [scope])).key;
  keys['admin'] = (await newKey('a', ['admin'])).key;
  keys['foreign'] = (await newKey('b', [...SCOPES, 'admin'])).key;
  const video = (await made('/v1/videos', keys['videos:write']!, form('clip.mp4', clip))).id;
  const track = (await made(`/v1/videos/${video}/tracks`, keys['videos:write']!, form('a.vtt', CAPTIONS))).id;
  const task = (await made('/v1/analyze/tasks', keys['videos:write']!, { video_id: video })).id;
  const question = (await made(`/v1/videos/${video}/moments`, keys['videos:read']!, { query: 'a zebra', wait: 0 })).id;
  const batch = (await made('/v1/analyze/batches', keys['videos:write']!, { items: [{ video_id: video }] })).id;
  const webhook = (await made('/v1/webhooks', keys['webhooks:manage']!, { url: 'https://receiver.invalid/' })).id;
  const delivery = (await made(`/v1/webhooks/${webhook}/ping`, keys['webhooks:manage']!, {})).id;
  const alert = (await made('/v1/alerts', keys['webhooks:manage']!, { query: 'a zebra' })).id;
  const cut = (await made('/v1/cuts', keys['videos:write']!, { clips: [{ video_id: video, start_time: 1, end_time: 2 }] })).id;
  const preset = (await made('/v1/presets', keys['videos:write']!, { name: 'ours', segment_definitions: GOAL })).id;
  const upload = async () => (await send('POST', '/v1/uploads', keys['videos:write'], undefined, { ...tus.headers, 'upload-length': '4' })).headers.get('location')!.split('/').at(-1)!;
  theirs = { ...{ upload: await upload(), halted: await upload(), webhook, delivery, alert, preset, video, track, task, question, batch, cut }, chat: await answeredChat(), key: (await newKey('a', ['videos:read'])).id };
  await made(`/v1/videos/${video}/proxy`, keys['videos:write']!, {});
  for (const path of [`/v1/videos/${video}/scan`, `/v1/videos/${video}/proxy`, `/v1/cuts/${cut}`]) {
    await vi.waitFor(async () => expect(await (await send('GET', path, keys['videos:read'])).json()).toMatchObject({ status: 'ready' }), { timeout: 60_000, interval: 200 });
  }
});
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('every route has a row, and says itself which scope it needs', () => {
  const documented = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  expect(documented.sort()).toEqual([...ROUTES].sort());
  for (const route of ROUTES) {
    const [method = '', path = ''] = route.split(' ');
    const { 'x-scope': scope, security } = document.paths[path]![method.toLowerCase()]!;
    expect([route, scope, security]).toEqual([route, row(route).scope, scope === 'public' ? [{}] : [{ bearer: [] }]]);
  }
});

const GUARDED = ROUTES.filter((route) => row(route).scope !== 'public');

describe.each(GUARDED)('%s', (route) => {
  it('asks for a key, and takes only one of its own', async () => {
    const missing = await call(route, undefined);
    expect(missing.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(await problem(missing)).toEqual(refusal(route, 401, 'key.missing'));
    const altered = keys['admin']!.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    for (const wrong of ['wrong', '', altered]) expect(await problem(await call(route, wrong)), wrong).toEqual(refusal(route, 401, 'key.invalid'));
  });

  it('is closed to a key without its scope', async () => {
    const { scope } = row(route);
    for (const other of SCOPES.filter((name) => name !== scope)) expect(await problem(await call(route, keys[other])), other).toEqual(refusal(route, 403, 'key.scope_missing'));
  });
});

describe('a key of another tenant, with every right in its own', () => {
  const about = (kind: Row['foreign']): string[] => ROUTES.filter((route) => row(route).foreign === kind);

  it.each(about('not found'))('is told by %s what is told of an object that never was', async (route) => {
    const unknown = Object.fromEntries(Object.keys(theirs).map((noun) => [noun, randomUUID()])) as unknown as Objects;
    const [foreign, never] = await Promise.all([call(route, keys['foreign']), call(route, keys['foreign'], unknown)]);
    expect([foreign.status, never.status]).toEqual([404, 404]);
    const named = Object.entries(unknown).map(([noun, id]: [string, string]) => [id, theirs[noun as keyof Objects]] as const);
    const expected = named.reduce((text, [id, their]) => text.replaceAll(id, their), await never.text());
    expect(await foreign.text()).toBe(expected);
  });

  it.each(about('not listed'))('finds nothing of it by %s', async (route) => {
    expect(((await (await call(route, keys[row(route).scope])).json()) as { data: unknown[] }).data).not.toEqual([]);
    expect(await (await call(route, keys['foreign'])).json()).toMatchObject({ data: [] });
  });

  it('finds nothing by a search of everything, by words or by a picture', async () => {
    const thumbnail = await call('GET /v1/videos/{id}/thumbnail', keys['videos:read']);
    const image = Buffer.from(await thumbnail.arrayBuffer()).toString('base64');
    for (const body of [{ query: 'zebra', ground: true, wait: 0 }, { query: 'zebrra' }, { image }]) {
      const found = async (key: string | undefined): Promise<Found> => (await (await send('POST', '/v1/search', key, body)).json()) as Found;
      const [own, foreign] = await Promise.all([found(keys['videos:read']), found(keys['foreign'])]);
      expect(new Set(own.data.map(({ video_id }) => video_id)), JSON.stringify(body).slice(0, 40)).toEqual(new Set([theirs.video]));
      expect([foreign.data, foreign.grounded?.videos ?? []]).toEqual([[], []]);
    }
  });
});

describe('the right key', () => {
  it.each(ROUTES)('opens %s', async (route) => {
    const { scope, status } = row(route);
    const response = await call(route, keys[scope === 'public' ? 'videos:read' : scope]);
    expect(response.status).toBe(status);
    await response.body?.cancel();
  });
});

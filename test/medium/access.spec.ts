// Keys, sessions, repeated requests, quotas and overload: the API on a real database, two processes' worth of it where that matters.
import { readFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { migrate } from '../../src/platform/database/migrate.js';
import { paddedClip } from '../e2e/clip-copies.js';
import { demoClip } from '../e2e/running-product.js';
import { type Api, startApi } from './api.js';
import { startPostgres, temporaryFolder, type TestServer } from './servers.js';

let postgres: TestServer;
let db: pg.Client;
let folder: string;
let clip: Buffer;
let api: Api; // without limits

beforeAll(async () => {
  postgres = await startPostgres();
  await migrate(postgres.url);
  db = new pg.Client({ connectionString: postgres.url });
  await db.connect();
  folder = temporaryFolder();
  clip = await readFile(demoClip('short_30s'));
  api = await start();
});
afterAll(async () => {
  await api?.stop();
  await db?.end();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => db.query('DELETE FROM videos'));

const start = (env: Record<string, string> = {}): Promise<Api> => startApi({ DATABASE_URL: postgres.url, DATA_DIR: folder, ...env });

/** One more process, until the end of the test. */
async function another(env: Record<string, string> = {}): Promise<Api> {
  const other = await start(env);
  onTestFinished(() => other.stop());
  return other;
}

interface Sent {
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly method?: string;
}

function send(path: string, { key, headers, json, form, method }: Sent, to: Api = api): Promise<Response> {
  const given = json !== undefined || form !== undefined;
  return fetch(to.baseUrl + path, {
    method: method ?? (given ? 'POST' : 'GET'),
    headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(given && { body: form ?? JSON.stringify(json) }),
  });
}

const formOf = (bytes: Buffer, name = 'clip.mp4'): FormData => {
  const form = new FormData();
  form.set('file', new Blob([bytes]), name);
  return form;
};

const told = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as { code: string }).code];

const idIn = async (response: Response): Promise<string> => ((await response.json()) as { id: string }).id;

const upload = async (key: string, to: Api = api): Promise<string> => idIn(await send('/v1/videos', { key, form: formOf(clip) }, to));

const count = async (table: string): Promise<number> => (await db.query(`SELECT 1 FROM ${table}`)).rowCount ?? 0;

describe('a key', () => {
  it('that is revoked opens nothing from the next request on, in any process, and ends the streams it has open', async () => {
    const other = await another();
    const { id, text } = await api.key('t');
    const video = await upload(text);
    const task = await idIn(await send('/v1/analyze/tasks', { key: text, json: { video_id: video } }));
    const stream = await send(`/v1/analyze/tasks/${task}/events`, { key: text }, other);
    const reader = stream.body!.getReader();
    await reader.read();
    const admin = (await api.key('elsewhere')).text;
    expect((await send(`/v1/api-keys/${id}`, { key: admin, method: 'DELETE' })).status).toBe(204);
    for (const process of [api, other]) expect(await told(await send('/v1/videos', { key: text }, process))).toEqual([401, 'key.revoked']);
    await expect((async () => { while (!(await reader.read()).done); })()).rejects.toThrow();
    expect(await (await send(`/v1/api-keys/${id}`, { key: admin })).json()).toMatchObject({ status: 'revoked' });
  });

  it('that expires, or whose revocation nobody heard of, ends the streams it has open within a minute', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const other = await another();
    const open = await Promise.all(
      ['expires', 'is revoked', 'holds'].map(async () => {
        const { id, text } = await api.key('t');
        const task = await idIn(await send('/v1/analyze/tasks', { key: text, json: { video_id: await upload(text) } }));
        const reader = (await send(`/v1/analyze/tasks/${task}/events`, { key: text }, other)).body!.getReader();
        await reader.read();
        return { id, text, task, toEnd: async () => { while (!(await reader.read()).done); } };
      }),
    );
    const [expired, revoked, valid] = open as [(typeof open)[0], (typeof open)[0], (typeof open)[0]];
    await db.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [expired.id]);
    await db.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [revoked.id]);
    vi.advanceTimersByTime(60_000);
    for (const { toEnd } of [expired, revoked]) await expect(toEnd()).rejects.toThrow();
    expect((await send(`/v1/analyze/tasks/${valid.task}/cancel`, { key: valid.text, method: 'POST' })).status).toBe(200);
    await valid.toEnd();
  });

  it('ends when it says, unless that is changed', async () => {
    const admin = (await api.key('t')).text;
    const past = new Date(Date.now() - 1000).toISOString();
    const make = (expires_at: string) => send('/v1/api-keys', { key: admin, json: { name: 'short', scopes: ['videos:read'], expires_at } });
    expect(await told(await make(past))).toEqual([400, 'request.invalid']);
    const { id, key } = (await (await make(new Date(Date.now() + 3600_000).toISOString())).json()) as { id: string; key: string };
    expect((await send('/v1/videos', { key })).status).toBe(200);
    await db.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [id]);
    expect(await told(await send('/v1/videos', { key }))).toEqual([401, 'key.expired']);
    await send(`/v1/api-keys/${id}`, { key: admin, method: 'PATCH', json: { expires_at: null } });
    expect((await send('/v1/videos', { key })).status).toBe(200);
  });

  it('is nowhere in the database, and its last use is written once a minute', async () => {
    const { id, text } = await api.key('t');
    const row = async () => (await db.query<{ last_used_at: Date | null }>('SELECT * FROM api_keys WHERE id = $1', [id])).rows[0]!;
    expect(JSON.stringify(await row())).not.toContain(text.split('_')[3]);
    expect((await row()).last_used_at).toBeNull();
    await send('/v1/videos', { key: text });
    await vi.waitFor(async () => expect((await row()).last_used_at).not.toBeNull());
    const first = (await row()).last_used_at;
    await send('/v1/videos', { key: text });
    await send('/v1/videos', { key: text });
    expect((await row()).last_used_at).toEqual(first);
    await db.query(`UPDATE api_keys SET last_used_at = last_used_at - interval '61 seconds' WHERE id = $1`, [id]);
    await send('/v1/videos', { key: text });
    await vi.waitFor(async () => expect((await row()).last_used_at!.getTime()).toBeGreaterThanOrEqual(first!.getTime()));
  });

  it('under another pepper opens nothing', async () => {
    const { text } = await api.key('t');
    const other = await another({ API_KEY_PEPPER: 'p'.repeat(32) });
    expect(await told(await send('/v1/videos', { key: text }, other))).toEqual([401, 'key.invalid']);
  });
});

describe('a session', () => {
  it('stands for its key in a browser of this origin, and ends with the key', async () => {
    const { id, text } = await api.key('t', ['videos:read']);
    const opened = await send('/v1/session', { json: { key: text } });
    expect(await opened.json()).toEqual({ object: 'session', tenant_id: 't', key_id: id, scopes: ['videos:read'] });
    const set = opened.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(text);
    const cookie = set.split(';')[0]!;
    expect((await send('/v1/session', { headers: { cookie } })).status).toBe(200);
    expect((await send('/v1/videos', { headers: { cookie: `other=1; ${cookie}` } })).status).toBe(200);
    expect(await told(await send('/v1/api-keys', { headers: { cookie } }))).toEqual([403, 'key.scope_missing']);
    expect(await told(await send('/v1/videos', { key: cookie.split('=')[1]! }))).toEqual([401, 'key.invalid']);
    expect(await told(await send('/v1/videos', { headers: { cookie: cookie.replace(/.$/, (last) => (last === '0' ? '1' : '0')) } }))).toEqual([401, 'key.missing']);
    const closed = await send('/v1/session', { method: 'DELETE', headers: { cookie } });
    expect(closed.headers.get('set-cookie')).toMatch(/^secondsight_session=;.*Expires=Thu, 01 Jan 1970/);
    await db.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [id]);
    expect(await told(await send('/v1/videos', { headers: { cookie } }))).toEqual([401, 'key.revoked']);
  });

  it('is of no use to a page of another origin, even of one that may call with a key', async () => {
    const listed = await another({ CORS_ORIGINS: 'https://app.example' });
    const { text } = await listed.key('t');
    const cookie = (await send('/v1/session', { json: { key: text } }, listed)).headers.get('set-cookie')!.split(';')[0]!;
    const json = { query: 'x' };
    const from = (origin: string) => ({ origin });
    expect((await send('/v1/search', { headers: { cookie }, json }, listed)).status).toBe(200);
    expect(await told(await send('/v1/search', { headers: { cookie, ...from('https://app.example') }, json }, listed))).toEqual([401, 'key.missing']);
    const allowed = await send('/v1/search', { key: text, headers: from('https://app.example'), json }, listed);
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([200, 'https://app.example']);
    const refused = await send('/v1/search', { key: text, headers: from('https://evil.example'), json }, listed);
    expect([refused.headers.get('access-control-allow-origin'), ...(await told(refused))]).toEqual([null, 403, 'request.cross_site']);
    expect((await send('/v1/videos', { key: text, headers: from('https://app.example') })).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a service that asks for no key', () => {
  const ask = (to: Api, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      httpRequest(`${to.baseUrl}/v1/videos`, { headers }, (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject).end();
    });

  it('answers this machine alone: not a proxy, not a name that somebody else gave to it', async () => {
    const local = await another({ AUTH: 'auto' });
    for (const host of ['127.0.0.1:1', 'localhost', '[::1]:8080']) expect(await ask(local, { host }), host).toBe(200);
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1']) expect(await ask(local, { host }), host).toBe(401);
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip']) expect(await ask(local, { host: 'localhost', [name]: '127.0.0.1' }), name).toBe(401);
    expect(await told(await send('/v1/videos', { key: 'ss_wrong' }, local))).toEqual([401, 'key.invalid']);
    expect((await send('/v1/videos', { key: 'none' }, local)).status).toBe(200);
    const { text } = await local.key('other');
    const video = await upload(text, local);
    expect((await send(`/v1/videos/${video}`, {}, local)).status).toBe(404);
    expect((await send(`/v1/videos/${video}`, { key: text }, local)).status).toBe(200);
  });

  it('answers under every name where that was asked for', async () => {
    expect(await ask(await another({ AUTH: 'off' }), { host: 'app.example', 'x-forwarded-for': '1.2.3.4' })).toBe(200);
  });
});

describe('a POST with an Idempotency-Key', () => {
  const once = (key: string) => ({ 'idempotency-key': key });

  it('is done once, and answered again as before', async () => {
    const { text: key } = await api.key('t');
    const video = await upload(key);
    const ask = (json: object, name = 'a') => send('/v1/analyze/tasks', { key, json, headers: once(name) });
    const [first, again] = [await ask({ video_id: video }), await ask({ video_id: video })];
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect([again.status, again.headers.get('idempotent-replayed'), again.headers.get('content-type')]).toEqual([201, 'true', first.headers.get('content-type')]);
    expect(await again.text()).toBe(await first.text());
    const elsewhere = await another({ RATE_LIMIT_PER_MINUTE: '9' });
    const limited = await send('/v1/analyze/tasks', { key, json: { video_id: video }, headers: once('a') }, elsewhere);
    expect([limited.headers.get('idempotent-replayed'), limited.headers.get('ratelimit-remaining')]).toEqual(['true', '8']);
    expect(await count('tasks')).toBe(1);
    expect(await told(await ask({ video_id: video, prompt: 'other' }))).toEqual([409, 'idempotency.key_reused']);
    expect(await told(await send('/v1/search', { key, json: { video_id: video }, headers: once('a') }))).toEqual([409, 'idempotency.key_reused']);
    expect((await ask({ video_id: video }, 'b')).headers.get('idempotent-replayed')).toBeNull();
    const other = (await api.key('t')).text;
    expect((await send('/v1/analyze/tasks', { key: other, json: { video_id: video }, headers: once('a') })).headers.get('idempotent-replayed')).toBeNull();
    expect(await count('tasks')).toBe(3);
    expect(await told(await ask({ video_id: video }, 'x'.repeat(256)))).toEqual([400, 'idempotency.key_invalid']);
  });

  it('may bring a file: it is stored once, whatever the boundary, and another file is refused', async () => {
    const { text: key } = await api.key('t');
    const put = (bytes: Buffer, name?: string) => send('/v1/videos', { key, form: formOf(bytes, name), headers: once('file') });
    const [first, again] = [await put(clip), await put(clip)];
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 201, 'true']);
    expect(await again.json()).toEqual(await first.json());
    expect(await count('videos')).toBe(1);
    const altered = Buffer.from(clip);
    altered[altered.length - 1]! ^= 1;
    expect(await told(await put(altered))).toEqual([409, 'idempotency.key_reused']);
    expect(await told(await put(clip, 'renamed.mp4'))).toEqual([409, 'idempotency.key_reused']);
  });

  it('that is refused may be sent again', async () => {
    const { text: key } = await api.key('t');
    const put = (bytes: Buffer) => send('/v1/videos', { key, form: formOf(bytes), headers: once('mended') });
    expect((await put(Buffer.from('no video'))).status).toBe(422);
    expect((await put(clip)).status).toBe(201);
  });

  it('is told to come back while it is being answered, and taken over from a process that died', async () => {
    const { id, text: key } = await api.key('t');
    const video = await upload(key);
    const ask = () => send(`/v1/videos/${video}/moments`, { key, json: { query: 'a circle', wait: 2 }, headers: once('slow') });
    const first = ask();
    await vi.waitFor(async () => expect(await count('moment_queries')).toBe(1), { timeout: 10_000 });
    const early = await ask();
    expect(early.headers.get('retry-after')).toBe('1');
    expect(await told(early)).toEqual([409, 'idempotency.in_progress']);
    expect((await first).status).toBe(202);
    expect((await ask()).headers.get('idempotent-replayed')).toBe('true');
    await db.query(`UPDATE idempotency_keys SET answer = NULL, locked_until = now() - interval '1 second' WHERE caller = $1`, [id]);
    expect((await ask()).headers.get('idempotent-replayed')).toBeNull();
    expect(await count('moment_queries')).toBe(2);
  });

  it('keeps a secret that it answered with where the database cannot read it, and for a day', async () => {
    const { id, text: key } = await api.key('t');
    const make = () => send('/v1/api-keys', { key, json: { name: 'made', scopes: ['videos:read'] }, headers: once('key') });
    const made = (await (await make()).json()) as { key: string };
    expect(await (await make()).json()).toEqual(made);
    const rows = await db.query<{ answer: Buffer }>('SELECT answer FROM idempotency_keys WHERE caller = $1', [id]);
    expect(rows.rows[0]!.answer.includes(made.key)).toBe(false);
    await db.query(`UPDATE idempotency_keys SET created_at = created_at - interval '24 hours' WHERE caller = $1`, [id]);
    expect(((await (await make()).json()) as { key: string }).key).not.toBe(made.key);
  });
});

describe('a large body', () => {
  /** What is told to whoever announces 45 MB and sends one byte of them. */
  const toldEarly = (path: string, headers: Record<string, string> = {}): Promise<[number, string]> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(api.baseUrl + path, { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': 45_000_000, ...headers } });
      request.on('error', reject).on('response', (response) => {
        const answer = response.toArray().then((chunks) => JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as { code: string });
        answer.then(({ code }) => resolve([response.statusCode ?? 0, code]), reject).finally(() => request.destroy());
      });
      request.write('[');
    });

  it.each(['/v1/chat/completions', '/V1/Chat/Completions/?a=b', '/v1/search', '/v1/analyze/batches'])('sent to %s is not read for nobody', async (path) => {
    expect(await toldEarly(path)).toEqual([401, 'key.missing']);
    expect(await toldEarly(path, { authorization: 'Bearer ss_wrong' })).toEqual([401, 'key.invalid']);
  });

  it('is not read for a key that has called too often', async () => {
    const limited = await another({ RATE_LIMIT_PER_MINUTE: '1' });
    const { text: key } = await limited.key('t');
    await send('/v1/videos', { key }, limited);
    expect(await told(await send('/v1/chat/completions', { key, json: {} }, limited))).toEqual([429, 'quota.requests']);
  });

  it('is refused before it is parsed where it holds too many values, or they are nested too deep', async () => {
    const { text: key } = await api.key('t');
    const post = (path: string, body: string, charset = 'utf-8') =>
      fetch(api.baseUrl + path, { method: 'POST', body, headers: { authorization: `Bearer ${key}`, 'content-type': `application/json; charset=${charset}`, 'idempotency-key': 'large' } });
    for (const path of ['/v1/chat/completions', '/v1/search', '/v1/analyze/batches']) {
      expect(await told(await post(path, `[${'[],'.repeat(300_000)}[]]`)), path).toEqual([413, 'request.too_many_values']);
      expect(await told(await post(path, `[${'[],'.repeat(300_000)}`)), path).toEqual([413, 'request.too_many_values']);
    }
    expect(await told(await post('/v1/session', '['.repeat(40_000) + ']'.repeat(40_000)))).toEqual([400, 'request.nested_too_deep']);
    expect(await told(await post('/v1/search', '{}', 'utf-16le'))).toEqual([415, 'request.unsupported_media_type']);
    expect(await told(await post('/v1/search', '{"query":'))).toEqual([400, 'request.malformed']);
    expect(await told(await post('/v1/search', JSON.stringify({ image: '[,'.repeat(2_000_000) })))).not.toEqual([413, 'request.too_many_values']);
  });
});

describe('what is wrong with a request', () => {
  it('is told in plain words, each with its field', async () => {
    const { text: key } = await api.key('t');
    const faults = async (path: string, json?: unknown): Promise<unknown> => {
      const { errors } = (await (await send(path, { key, json })).json()) as { errors: { path: string; message: string }[] };
      return errors.map(({ path: field, message }) => `${field}: ${message}`);
    };
    expect(await faults('/v1/search', { query: 3, limit: 0, filter: { min_confidence: 2 } })).toEqual(['query: must be a string', 'filter.min_confidence: must be 1 or less', 'limit: must be 1 or more']);
    expect(await faults('/v1/analyze/batches', { items: [] })).toEqual(['items: must have at least 1 item']);
    expect(await faults('/v1/videos/one')).toEqual(['id: must be a UUID']);
    expect(await faults('/v1/videos?limit=many')).toEqual(['limit: must be a number']);
  });

  it('is told too where it expects what nobody knows', async () => {
    const { text } = await api.key('t');
    const answer = await new Promise<unknown>((resolve, reject) => {
      const request = httpRequest(`${api.baseUrl}/v1/videos`, { headers: { authorization: `Bearer ${text}`, expect: 'banana' } }, (response) => {
        response.toArray().then((chunks) => resolve([response.statusCode, response.headers['content-type'], (JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as { code: string }).code]), reject);
      });
      request.on('error', reject).end();
    });
    expect(answer).toEqual([417, 'application/problem+json', 'request.expectation_failed']);
  });
});

describe('the name of a file in a form', () => {
  it('loses what forms escape, and its control characters', async () => {
    const { text: key } = await api.key('t');
    const video = await idIn(await send('/v1/videos', { key, form: formOf(clip, 'a "b"\r\n 100%25.mp4') }));
    expect(await (await send(`/v1/videos/${video}`, { key })).json()).toMatchObject({ name: 'a "b" 100%25.mp4' });
  });
});

describe('limits', () => {
  it('of requests count for a key in every process, and say when to come back', async () => {
    const env = { RATE_LIMIT_PER_MINUTE: '3' };
    const [one, two] = [await another(env), await another(env)];
    const { text: key } = await one.key('t');
    const answers = [];
    for (const process of [one, two, one, two]) answers.push(await send('/v1/videos', { key }, process));
    expect(answers.map(({ status, headers }) => [status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')])).toEqual([
      [200, '3', '2'],
      [200, '3', '1'],
      [200, '3', '0'],
      [429, '3', '0'],
    ]);
    expect(answers[3]!.headers.get('retry-after')).toBe('20');
    expect(await told(answers[3]!)).toEqual([429, 'quota.requests']);
    expect((await send('/v1/videos', { key: (await one.key('t')).text }, one)).status).toBe(200);
    await db.query(`UPDATE rate_buckets SET updated_at = updated_at - interval '21 seconds'`);
    expect((await send('/v1/videos', { key }, one)).status).toBe(200);
  });

  it('of a tenant are its own, and hold for two that come at once', async () => {
    const limited = await another({ QUOTA_STORED_BYTES: String(2 * clip.length + 100), QUOTA_CONCURRENT_TASKS: '1' });
    const [{ text: key }, { text: other }] = [await limited.key('a'), await limited.key('b')];
    const put = (of: string) => send('/v1/videos', { key: of, form: formOf(paddedClip(demoClip('short_30s'))) }, limited);
    const statuses = (await Promise.all([put(key), put(key), put(key)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 201, 403]);
    expect(await told(await put(key))).toEqual([403, 'quota.stored_bytes']);
    expect((await put(other)).status).toBe(201);
    const [{ id: video }] = ((await (await send('/v1/videos', { key }, limited)).json()) as { data: [{ id: string }] }).data;
    const analyze = () => send('/v1/analyze/tasks', { key, json: { video_id: video } }, limited);
    const both = await Promise.all([analyze(), analyze()]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 429]);
    const refused = await analyze();
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await told(refused)).toEqual([429, 'quota.concurrent_tasks']);
    expect(await told(await send('/v1/videos', { key, form: formOf(clip) }, await another({ QUOTA_VIDEO_HOURS: '0.01' })))).toEqual([403, 'quota.video_hours']);
  });

  it('of the whole service refuse new work early, and nothing else', async () => {
    const { text: key } = await api.key('a');
    const video = await upload(key);
    const json = { video_id: video };
    expect((await send('/v1/analyze/tasks', { key, json })).status).toBe(201);
    const busy = await another({ OVERLOAD_TASKS: '1', OVERLOAD_SCANS: '1' });
    for (const [sent, code] of [[{ json }, 'overload.tasks_waiting'], [{ form: formOf(clip) }, 'overload.scans_waiting']] as const) {
      const refused = await send('json' in sent ? '/v1/analyze/tasks' : '/v1/videos', { key, ...sent }, busy);
      expect(refused.headers.get('retry-after')).toBe('30');
      expect(await told(refused)).toEqual([503, code]);
    }
    expect((await send(`/v1/videos/${video}`, { key }, busy)).status).toBe(200);
    expect(await told(await send('/v1/analyze/tasks', { key, json }, await another({ OVERLOAD_FREE_BYTES: String(Number.MAX_SAFE_INTEGER) })))).toEqual([503, 'overload.disk_full']);
  });

  it('of the whole service refuse a question, a conversation and a search early too', async () => {
    const { text: key } = await api.key('a');
    const video = await upload(key);
    const busy = await another({ OVERLOAD_QUESTIONS: '1', OVERLOAD_SEARCHES: '1' });
    const question = { key, json: { query: 'a zebra', wait: 0 } };
    expect((await send(`/v1/videos/${video}/moments`, question, busy)).status).toBe(202);
    const asks = [[`/v1/videos/${video}/moments`, question], ['/v1/chat/completions', { key, json: { model: 'm', messages: [{ role: 'user', content: 'a' }] } }], ['/v1/search', { key, json: { query: 'a zebra', ground: true, wait: 0 } }]] as const;
    for (const [path, sent] of asks) {
      const refused = await send(path, sent, busy);
      expect(refused.headers.get('retry-after'), path).toBe('30');
      expect(await told(refused), path).toEqual([503, 'overload.questions_waiting']);
    }
    await db.query('DELETE FROM moment_queries');
    const search = { key, json: { query: 'a zebra', ground: true, wait: 60 } };
    const running = send('/v1/search', search, busy);
    await vi.waitFor(async () => expect(await count('moment_queries')).toBe(1));
    const one = await send('/v1/search', { key, json: { query: 'a zebra' } }, busy);
    expect([one.headers.get('retry-after'), await told(one)]).toEqual(['1', [503, 'overload.searches_running']]);
    const [{ id }] = (await db.query<{ id: string }>('SELECT id FROM moment_queries')).rows as [{ id: string }];
    await send(`/v1/videos/${video}/moments/${id}/cancel`, { key, method: 'POST' }, busy);
    expect((await running).status).toBe(200);
    expect((await send('/v1/search', { key, json: { query: 'a zebra' } }, busy)).status).toBe(200);
  });

  it('of the whole service refuse a conversation and a batch before anything of their bodies is there', async () => {
    const { text: key } = await api.key('a');
    const video = await upload(key);
    expect((await send('/v1/analyze/tasks', { key, json: { video_id: video } })).status).toBe(201);
    expect((await send(`/v1/videos/${video}/moments`, { key, json: { query: 'a zebra', wait: 0 } })).status).toBe(202);
    const busy = await another({ OVERLOAD_QUESTIONS: '1', OVERLOAD_TASKS: '1' });
    const BYTES = 5_000_000;
    const begin = (path: string) => httpRequest(busy.baseUrl + path, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': BYTES } });
    const answered = (sending: ReturnType<typeof begin>): Promise<unknown[]> =>
      new Promise((resolve, reject) => {
        sending.on('error', reject).on('response', (response) => {
          const { statusCode, headers } = response;
          response.toArray().then((chunks) => resolve([statusCode, headers['retry-after'], headers.connection, (JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as { code: string }).code]), reject);
        });
      });
    for (const [path, code] of [['/v1/chat/completions', 'overload.questions_waiting'], ['/v1/analyze/batches', 'overload.tasks_waiting']] as const) {
      const nothing = begin(path);
      nothing.flushHeaders();
      expect(await answered(nothing), path).toEqual([503, '30', 'close', code]);
      nothing.destroy();
      const all = begin(path);
      all.end(Buffer.alloc(BYTES, ' '));
      expect(await answered(all), path).toEqual([503, '30', 'close', code]);
    }
    expect(await told(await send('/v1/chat/completions', { key: `${key}x`, json: ' '.repeat(BYTES) }, busy))).toEqual([401, 'key.invalid']);
  });

  it('count what comes with a conversation, for as long as it is kept', async () => {
    const { text: key } = await api.key('a');
    await db.query(`INSERT INTO workers (id, status, model, seen_at) VALUES ('w', 'ready', '{"name": "m", "hash": "", "notesHash": "", "parameters": 1, "limitation": null}', now())`);
    onTestFinished(async () => void (await db.query('DELETE FROM workers')));
    const tight = await another({ QUOTA_STORED_BYTES: '1000', CHAT_MEDIA_BYTES: '900', CHAT_TIMEOUT_SECONDS: '0.1' });
    const ask = async (...bytes: number[]) => {
      const content = bytes.map((each) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${Buffer.alloc(each).toString('base64')}` } }));
      return told(await send('/v1/chat/completions', { key, json: { model: 'm', messages: [{ role: 'user', content }] } }, tight));
    };
    expect(await ask(500, 401)).toEqual([413, 'chat.medium_too_large']);
    expect(await ask(300, 300)).toEqual([504, 'chat.timeout']); // taken, and nobody is there to answer
    expect(await ask(401)).toEqual([403, 'quota.stored_bytes']);
    await db.query('DELETE FROM chat_completions');
    expect(await ask(401)).toEqual([504, 'chat.timeout']);
  });
});

describe('a request that cannot be done', () => {
  it('by a wrong method says which ones its path takes', async () => {
    const { text: key } = await api.key('t');
    for (const [method, path, allowed] of [['DELETE', '/v1/videos', 'GET, HEAD, POST'], ['PUT', `/v1/videos/${crypto.randomUUID()}`, 'DELETE, GET, HEAD'], ['POST', '/health/live', 'GET, HEAD']] as const) {
      const refused = await send(path, { key, method });
      expect([path, refused.headers.get('allow'), await told(refused)]).toEqual([path, allowed, [405, 'request.method_not_allowed']]);
    }
    expect(await told(await send('/v1/nothing', { key, method: 'POST' }))).toEqual([404, 'request.route_not_found']);
  });

  it('with a key that may not is refused before its body has come', async () => {
    const { text: key } = await api.key('t', ['webhooks:manage']);
    for (const path of ['/v1/chat/completions', '/v1/search', '/v1/analyze/batches']) {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': '4000000' };
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const sending = httpRequest(api.baseUrl + path, { method: 'POST', headers }, (response) => {
          resolve(response.statusCode);
          sending.destroy();
        });
        sending.on('error', reject);
        sending.write('{"model":'); // and no more
      });
      expect(status, path).toBe(403);
    }
  });

  it('as its form has more fields than any is read of is refused, the same way again', async () => {
    const { text: key } = await api.key('t');
    const video = await upload(key);
    const form = (fields: number): FormData => {
      const data = formOf(Buffer.from('WEBVTT\n\n00:01.000 --> 00:02.000\na zebra\n'), 'a.vtt');
      for (let k = 0; k < fields; k++) data.append(`field${k}`, 'a');
      return data;
    };
    const add = async (fields: number) => send(`/v1/videos/${video}/tracks`, { key, headers: { 'idempotency-key': `fields ${fields}`.replace(' ', '-') }, form: form(fields) });
    for (const _time of [1, 2]) expect(await told(await add(1000))).toEqual([400, 'upload.malformed']);
    expect([(await add(3)).status, (await add(3)).headers.get('idempotent-replayed')]).toEqual([201, 'true']);
  });
});

it('a batch brings a webhook of its own, which is told of its end', async () => {
  const { text: key } = await api.key('t');
  const json = { items: [{ video_id: crypto.randomUUID() }], webhook: { url: 'https://receiver.invalid/' } };
  const batch = (await (await send('/v1/analyze/batches', { key, json })).json()) as { id: string; status: string; webhook_id: string };
  expect(batch).toMatchObject({ status: 'completed', webhook_id: expect.any(String) as string });
  const log = (await (await send(`/v1/webhooks/${batch.webhook_id}/deliveries`, { key })).json()) as { data: { type: string }[] };
  expect(log.data.map(({ type }) => type)).toEqual(['batch.completed']);
  expect(await told(await send('/v1/analyze/batches', { key, json: { ...json, webhook: { url: 'http://127.0.0.1/' } } }))).toEqual([422, 'address.refused']);
});

it('what can be kept is kept by its caller alone, and asked for again by its ETag', async () => {
  const { text: key } = await api.key('t');
  const video = await upload(key);
  for (const path of ['', '/content', '/thumbnail?t=1', '/segments', '/sprites.vtt', '/scan']) {
    const first = await send(`/v1/videos/${video}${path}`, { key });
    await first.arrayBuffer();
    const etag = first.headers.get('etag') ?? '';
    expect([path, first.status, first.headers.get('cache-control'), first.headers.get('vary')]).toEqual([path, 200, 'private, no-cache', expect.stringMatching(/Authorization, Cookie/)]);
    const again = await send(`/v1/videos/${video}${path}`, { key, headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } }); // else fetch asks for no cache at all
    expect([path, again.status, await again.text()]).toEqual([path, 304, '']);
  }
  const missing = await send(`/v1/videos/${video}/sprites/0.jpg`, { key });
  expect([missing.status, missing.headers.get('cache-control'), missing.headers.get('x-content-type-options')]).toEqual([404, 'no-store', 'nosniff']);
});

describe('a caller who asks before it sends a body', () => {
  const EXPECTING = { expect: '100-continue', 'content-type': 'application/json' };

  /** Status and code of the answer, and whether the caller was told to go on; it sends `body` only then, else what it announces never comes. */
  const ask = (to: Api, path: string, headers: Record<string, string | number>, body = ''): Promise<{ status: number | undefined; code: string; wentOn: boolean; connection: string | undefined }> =>
    new Promise((resolve, reject) => {
      let wentOn = false;
      const asking = httpRequest(to.baseUrl + path, { method: 'POST', agent: new Agent({ keepAlive: true }), headers: { ...EXPECTING, ...headers } });
      asking.on('continue', () => {
        wentOn = true;
        asking.end(body);
      });
      asking.on('error', reject).on('response', (response) => {
        const { statusCode: status, headers: { connection } } = response;
        response.toArray().then((chunks) => resolve({ status, code: (JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as { code: string }).code, wentOn, connection }), reject).finally(() => asking.destroy());
      });
      asking.flushHeaders();
    });

  /** All that a caller reads who waits for nothing, and looks at the answer when it has sent everything. */
  async function sendEagerly(to: Api, path: string, headers: Record<string, string | number>, body: Buffer): Promise<string> {
    const { hostname, port } = new URL(to.baseUrl);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const lines = Object.entries({ host: hostname, ...EXPECTING, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.write(body, () => resolve());
    });
    return Buffer.concat((await socket.toArray()) as Buffer[]).toString();
  }

  const FORM = { 'content-type': 'multipart/form-data; boundary=x' };

  it('is refused without having sent it, and reads that if it sends it all the same: by its key, its rights, its size, the room there is and what waits', async () => {
    const { text: key } = await api.key('a');
    const authorization = `Bearer ${key}`;
    const video = await upload(key);
    expect((await send('/v1/analyze/tasks', { key, json: { video_id: video } })).status).toBe(201);
    const reader = `Bearer ${(await api.key('a', ['videos:read'])).text}`;
    const [tight, full, busy] = [await another({ UPLOAD_MAX_BYTES: '1000' }), await another({ STORAGE_RESERVE_BYTES: String(Number.MAX_SAFE_INTEGER) }), await another({ OVERLOAD_TASKS: '1' })];
    const asked = [
      [api, '/v1/videos', { ...FORM, authorization: `${authorization}x` }, 401, 'key.invalid'],
      [api, '/v1/videos', { ...FORM, authorization: reader }, 403, 'key.scope_missing'],
      [tight, '/v1/videos', { ...FORM, authorization }, 413, 'video.too_large'],
      [full, '/v1/videos', { ...FORM, authorization }, 507, 'storage.full'],
      [api, '/v1/videos', { authorization }, 413, 'request.body_too_large'],
      [busy, '/v1/analyze/batches', { authorization }, 503, 'overload.tasks_waiting'],
    ] as const;
    const body = Buffer.alloc(50_000_000);
    for (const [to, path, headers, status, code] of asked) {
      const announced = { ...headers, 'content-length': body.length };
      expect(await ask(to, path, announced), code).toEqual({ status, code, wentOn: false, connection: 'close' });
      expect(await sendEagerly(to, path, announced, body)).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*"code":"${code}"`));
    }
  });

  it('is told to go on where its body is wanted, and answered as any other', async () => {
    const authorization = `Bearer ${(await api.key('a')).text}`;
    const body = JSON.stringify({ query: '' });
    expect(await ask(api, '/v1/search', { authorization, 'content-length': body.length }, body)).toEqual({ status: 400, code: 'request.invalid', wentOn: true, connection: 'keep-alive' });
    const form = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.mp4"\r\n\r\nno video\r\n--x--\r\n';
    expect(await ask(api, '/v1/videos', { ...FORM, authorization, 'content-length': form.length }, form)).toMatchObject({ status: 422, code: 'video.not_a_video', wentOn: true });
  });
});

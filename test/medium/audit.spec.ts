// The audit on a real database: every change of an operator leaves who, what, when and from where, and no change that failed does.
import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetOldEvents } from '../../src/audit/index.js';
import { newId } from '../../src/platform/database/id.js';
import { type Api, startApi } from './api.js';
import { temporaryFolder } from './servers.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

interface Event {
  readonly id: string;
  readonly action: string;
  readonly request_id: string;
  readonly [name: string]: unknown;
}

let server: StartedDatabase;
let api: Api;
let admin: { id: string; text: string };
const folder = temporaryFolder();

beforeAll(async () => {
  server = await startDatabase();
  api = await startApi({ DATABASE_URL: server.url, DATA_DIR: folder, OUTGOING_ALLOW: '127.0.0.1' });
  admin = await api.key('a');
});
afterAll(async () => {
  await api?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => server.db.query('DELETE FROM audit_events'));

async function send<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; requestId: string | null; body: T }> {
  const response = await fetch(api.baseUrl + path, {
    method,
    headers: { authorization: `Bearer ${admin.text}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, requestId: response.headers.get('x-request-id'), body: (text === '' ? {} : JSON.parse(text)) as T };
}

const audit = async (query = ''): Promise<Event[]> => (await send<{ data: Event[] }>('GET', `/v1/audit${query}`)).body.data;

describe('the audit', () => {
  it('says who changed what, from where, in which request, and no secret', async () => {
    const { body: key, requestId } = await send<{ id: string; key: string }>('POST', '/v1/api-keys', { name: 'cutting room', tenant_id: 'b', scopes: ['videos:read'] }, { 'x-forwarded-for': '192.0.2.7' });
    const url = 'http://127.0.0.1:9/secret-path?token=hush';
    const { body: webhook } = await send<{ id: string; secret: string }>('POST', '/v1/webhooks', { url });
    await send('POST', `/v1/webhooks/${webhook.id}/rotate-secret`, {});
    await send('DELETE', `/v1/webhooks/${webhook.id}`);
    await send('PUT', '/v1/tenants/b/retention', { content_days: 30, video_days: null });
    await send('DELETE', `/v1/api-keys/${key.id}`);
    await send('DELETE', `/v1/api-keys/${key.id}`); // it was revoked before
    const events = await audit();
    expect(events.map(({ action }) => action).reverse()).toEqual(['key.created', 'webhook.created', 'webhook.secret_rotated', 'webhook.deleted', 'retention.changed', 'key.revoked']);
    expect(events.at(-1)).toMatchObject({
      ...{ actor: 'key', key: { id: admin.id, name: 'test' }, tenant_id: 'b', subject: { type: 'api_key', id: key.id }, request_id: requestId },
      ...{ details: { name: 'cutting room', scopes: ['videos:read'] }, forwarded_for: '192.0.2.7', address: expect.stringContaining('127.0.0.1') as string },
    });
    const text = JSON.stringify(events);
    for (const secret of [key.key, webhook.secret, 'hush', 'secret-path']) expect(text).not.toContain(secret);
  });

  it('notes a cut that is begun, canceled and deleted, each once', async () => {
    const video = newId();
    await server.db.query(
      `INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
       VALUES ($1, 'a', 'clip.mp4', 1000, $2, $2, 'mp4', 'h264', 640, 360, 1, 25, 0, 0, 100, false)`,
      [video, video.replaceAll('-', '').repeat(2)],
    );
    const { body: cut } = await send<{ id: string }>('POST', '/v1/cuts', { name: 'reel', clips: [{ video_id: video, start_time: 1, end_time: 2 }] });
    for (const [method, path] of [['POST', '/cancel'], ['POST', '/cancel'], ['DELETE', ''], ['DELETE', '']] as const) await send(method, `/v1/cuts/${cut.id}${path}`);
    const events = await audit(`?subject_id=${cut.id}`);
    expect(events.map(({ action }) => action)).toEqual(['cut.deleted', 'cut.canceled', 'cut.created']);
    expect(events[0]).toMatchObject({ subject: { type: 'cut' }, tenant_id: 'a', details: { name: 'reel' } });
  });

  it('notes nothing of what was refused, and changes nothing that it could not note', async () => {
    expect((await send('POST', '/v1/api-keys', { name: '', scopes: [] })).status).toBe(400);
    expect((await send('DELETE', '/v1/webhooks/01a20e77-8bcf-7000-9c3d-2357279da036')).status).toBe(404);
    expect(await audit()).toEqual([]);
    const database = new pg.Client({ connectionString: server.url });
    await database.connect();
    await database.query(`ALTER TABLE audit_events ADD CONSTRAINT broken CHECK (action <> 'preset.created')`);
    const preset = { name: 'lost', segment_definitions: [{ name: 'goal', description: 'a goal' }] };
    expect((await send('POST', '/v1/presets', preset)).status).toBe(500);
    expect((await send<{ data: unknown[] }>('GET', '/v1/presets')).body.data).toEqual([]);
    await database.query('ALTER TABLE audit_events DROP CONSTRAINT broken');
    await database.end();
  });

  it('is read page by page, by what was done, by whom, to what, and when', async () => {
    for (const tenant of ['b', 'c', 'd']) await send('PUT', `/v1/tenants/${tenant}/retention`, { content_days: null, video_days: 9 });
    await send('DELETE', '/v1/tenants/c/retention');
    const first = await send<{ data: Event[]; next_cursor: string }>('GET', '/v1/audit?action=retention.changed&limit=2');
    const second = await send<{ data: Event[]; next_cursor: null }>('GET', `/v1/audit?action=retention.changed&limit=2&cursor=${first.body.next_cursor}`);
    expect([...first.body.data, ...second.body.data].map((event) => event['tenant_id'])).toEqual(['d', 'c', 'b']);
    expect(second.body.next_cursor).toBeNull();
    expect((await audit('?subject_id=c')).map(({ action }) => action)).toEqual(['retention.removed', 'retention.changed']);
    expect(await audit(`?key_id=${admin.id}&tenant_id=b`)).toHaveLength(1);
    expect(await audit('?key_id=01a20e77-8bcf-7000-9c3d-2357279da036')).toEqual([]);
    expect(await audit('?until=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await audit('?since=2020-01-01T00:00:00Z')).toHaveLength(4);
    expect((await send('GET', '/v1/audit?action=nothing')).status).toBe(400);
    expect((await send('GET', '/v1/audit?cursor=nothing')).status).toBe(400);
  });

  it('forgets what is too old', async () => {
    for (const tenant of ['b', 'c']) await send('PUT', `/v1/tenants/${tenant}/retention`, { content_days: null, video_days: 9 });
    await server.db.query(`UPDATE audit_events SET created_at = now() - interval '40 days' WHERE tenant_id = 'b'`);
    await forgetOldEvents(server.db.manager, 30);
    expect((await audit()).map((event) => event['tenant_id'])).toEqual(['c']);
  });
});

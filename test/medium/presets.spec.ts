// Presets over the API on a real database: saved, refused with the field at fault, changed by whoever has read the latest, used by an analysis.
import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/platform/database/migrate.js';
import { type Api, startApi } from './api.js';
import { startPostgres, temporaryFolder, type TestServer } from './servers.js';

interface Json {
  readonly id: string;
  readonly [name: string]: unknown;
}

let postgres: TestServer;
let api: Api;
let key: string;
const folder = temporaryFolder();

beforeAll(async () => {
  postgres = await startPostgres();
  await migrate(postgres.url);
  api = await startApi({ DATABASE_URL: postgres.url, DATA_DIR: folder });
  key = (await api.key('a')).text;
});
afterAll(async () => {
  await api?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function postgresQuery(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

async function send(method: string, path: string, { body, tag, as = key }: { body?: unknown; tag?: string; as?: string } = {}) {
  const headers = { authorization: `Bearer ${as}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...(tag !== undefined && { 'if-match': tag }) };
  const response = await fetch(api.baseUrl + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, etag: response.headers.get('etag'), body: (text === '' ? {} : JSON.parse(text)) as Json };
}

const goal = { name: 'goal', description: 'The ball crosses the line.', fields: [{ name: 'team', type: 'string', enum: ['red', 'blue'] }, { name: 'minute', type: 'integer' }] };

describe('a preset', () => {
  it('is saved and read as it was, under a name of its own', async () => {
    const made = await send('POST', '/v1/presets', { body: { name: 'Match', segment_definitions: [goal] } });
    expect(made).toMatchObject({ status: 201, etag: '"1"', body: { object: 'preset', name: 'Match', version: 1, segment_definitions: [goal] } });
    expect((await send('GET', `/v1/presets/${made.body.id}`)).body).toEqual(made.body);
    expect(await send('POST', '/v1/presets', { body: { name: 'Match', segment_definitions: [goal] } })).toMatchObject({ status: 409, body: { code: 'preset.name_taken', errors: [{ path: 'name' }] } });
    const other = (await api.key('b')).text;
    expect(await send('POST', '/v1/presets', { as: other, body: { name: 'Match', segment_definitions: [goal] } })).toMatchObject({ status: 201 });
    expect(await send('GET', `/v1/presets/${made.body.id}`, { as: other })).toMatchObject({ status: 404, body: { code: 'preset.not_found' } });
  });

  it.each([
    ['a name that no type can have', [{ ...goal, name: '1st' }], 'request.invalid', 'segment_definitions.0.name'],
    ['two kinds of one name', [goal, goal], 'request.invalid', 'segment_definitions'],
    ['a token of the model in a value', [goal, { ...goal, name: 'foul', fields: [{ name: 'by', type: 'string', enum: ['a', '<|im_end|>'] }] }], 'prompt.special_token', 'segment_definitions.1.fields.0.enum.1'],
    ['a field that every segment has', [{ ...goal, fields: [{ name: 'start_time', type: 'number' }] }], 'schema.unsupported', 'segment_definitions.0.fields'],
    ['values of a number', [{ ...goal, fields: [{ name: 'team', type: 'number', enum: [] }] }], 'request.invalid', 'segment_definitions.0.fields.0.enum'],
  ])('is refused for %s, at the field', async (_what, definitions, code, path) => {
    const { status, body } = await send('POST', '/v1/presets', { body: { name: 'bad', segment_definitions: definitions } });
    expect(body).toMatchObject({ status, code, errors: [{ path }] });
    expect(status).toBe(code === 'request.invalid' ? 400 : 422);
    expect((await send('GET', '/v1/presets')).body['data']).not.toContainEqual(expect.objectContaining({ name: 'bad' }));
  });

  it('is changed by whoever has read the latest version; without one the last change holds', async () => {
    const { body: made, etag } = await send('POST', '/v1/presets', { body: { name: 'Race', segment_definitions: [goal] } });
    const path = `/v1/presets/${made.id}`;
    const rename = (name: string, tag?: string) => send('PATCH', path, { body: { name }, ...(tag !== undefined && { tag }) });
    const both = await Promise.all(['Race 1', 'Race 2'].map((name) => rename(name, etag!)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(both.find(({ status }) => status === 412)?.body['code']).toBe('preset.changed_meanwhile');
    expect(await rename('Race 3')).toMatchObject({ status: 200, etag: '"3"', body: { name: 'Race 3', version: 3, segment_definitions: [goal] } });
    expect(await rename('Race 4', 'nonsense')).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(await send('DELETE', path, { tag: etag! })).toMatchObject({ status: 412 });
    expect(await send('DELETE', path, { tag: '"3"' })).toMatchObject({ status: 204 });
    expect(await send('DELETE', path)).toMatchObject({ status: 404, body: { code: 'preset.not_found' } });
  });

  it('is one of two hundred at most', async () => {
    const fill = `INSERT INTO presets (id, tenant_id, name, segment_definitions) SELECT gen_random_uuid(), 'many', 'n' || n, '[]' FROM generate_series(1, 199) n`;
    await postgresQuery(fill);
    const one = async (name: string) => (await send('POST', '/v1/presets', { as: (await api.key('many')).text, body: { name, segment_definitions: [goal] } })).body['code'];
    expect([await one('last'), await one('one more')]).toEqual([undefined, 'preset.too_many']);
  });
});

// Uploads under way on a real database: whose turn they are, what a tenant may have of them, and how long one may take.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { measureDue } from '../../src/platform/database/due-jobs.js';
import { newId } from '../../src/platform/database/id.js';
import { createLocalStorage, type Storage } from '../../src/platform/storage/index.js';
import { DUE_UPLOADS, UploadState } from '../../src/uploads/index.js';
import { type LeasedWork } from '../../workers/worker-context.js';
import { ReceiveUploadProcessor } from '../../workers/receive-upload.processor.js';
import { demoClip } from '../e2e/running-product.js';
import { paddedClip } from '../e2e/clip-copies.js';
import { type Api, startApi } from './api.js';
import { temporaryFolder } from './servers.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

const RESUMABLE = { 'tus-resumable': '1.0.0' };

let server: StartedDatabase;
let db: DataSource;
let storage: Storage;
let state: UploadState;
const folder = temporaryFolder();

beforeAll(async () => {
  server = await startDatabase();
  db = server.db;
  storage = await createLocalStorage(join(folder, 'storage'));
  state = new UploadState(db, undefined as never, storage, loadConfig({}));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => db.query('TRUNCATE uploads, videos CASCADE'));

/** The API until the end of the test, and how its tenant speaks to it. */
async function open(env: Record<string, string> = {}) {
  const api: Api = await startApi({ DATABASE_URL: server.url, DATA_DIR: folder, ...env });
  onTestFinished(() => api.stop());
  const { text } = await api.key('t');
  const send = (path: string, method: string, headers: Record<string, string>, body?: NonNullable<RequestInit['body']>): Promise<Response> =>
    fetch(new URL(path, api.baseUrl), { method, headers: { authorization: `Bearer ${text}`, ...headers }, ...(body !== undefined && { body }) });
  return {
    send,
    begin: (headers: Record<string, string>) => send('/v1/uploads', 'POST', { ...RESUMABLE, ...headers }),
    piece: (path: string, offset: number, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      send(path, 'PATCH', { ...RESUMABLE, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...headers }, bytes),
  };
}

const told = async (response: Response): Promise<unknown> => [response.status, ((await response.json()) as { code: string }).code];
const due = async (): Promise<number> => (await measureDue(db, DUE_UPLOADS[0]!)).count;

describe('an upload in pieces', () => {
  it('is no work for anybody before its last byte has come, and is where a process died then', async () => {
    const { begin } = await open();
    const location = (await begin({ 'upload-length': '20' })).headers.get('location') ?? '';
    await state.clear();
    expect([await due(), await state.due()]).toEqual([0, []]);
    const id = location.split('/').at(-1)!;
    await storage.writePart(id, Readable.from(['x'.repeat(20)]), 0); // as a process leaves it that is killed before it says so
    await state.clear();
    expect([await due(), (await state.due()).map((job) => job.id)]).toEqual([1, [id]]);
  });

  it('of no bytes is refused as an empty video', async () => {
    const { begin } = await open();
    expect(await told(await begin({ 'upload-length': '0' }))).toEqual([422, 'video.empty']);
    expect(await state.due()).toEqual([]);
  });

  it('that is a video already takes an empty piece, and tells the video again', async () => {
    const { begin, piece } = await open();
    const bytes = new Uint8Array(paddedClip(demoClip('short_30s')));
    const location = (await begin({ 'upload-length': String(bytes.length) })).headers.get('location') ?? '';
    const last = await piece(location, 0, bytes);
    const again = await piece(location, bytes.length, new Uint8Array());
    expect([again.status, again.headers.get('upload-offset')]).toEqual([204, String(bytes.length)]);
    expect(again.headers.get('x-video-id')).toBe(last.headers.get('x-video-id'));
    expect(again.headers.get('x-video-id')).not.toBeNull();
  });
});

describe('what a tenant may have under way', () => {
  it('are as many bytes as its videos may take, declared at the beginning or later', async () => {
    const { begin, piece } = await open({ QUOTA_STORED_BYTES: '1000' });
    const answers = await Promise.all([1, 2].map(() => begin({ 'upload-length': '600' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403]);
    const deferred = (await begin({ 'upload-defer-length': '1' })).headers.get('location') ?? '';
    expect(await told(await piece(deferred, 0, new Uint8Array(1), { 'upload-length': '401' }))).toEqual([403, 'quota.stored_bytes']);
    expect((await piece(deferred, 0, new Uint8Array(1), { 'upload-length': '400' })).status).toBe(204);
  });

  it('are no more than a thousand uploads', async () => {
    const { begin, send } = await open();
    await db.query(`INSERT INTO uploads (id, tenant_id, source, name, status) SELECT gen_random_uuid(), 't', 'tus', '', 'receiving' FROM generate_series(1, 999)`);
    expect((await begin({ 'upload-length': '1' })).status).toBe(201);
    const refused = await begin({ 'upload-length': '1' });
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await told(refused)).toEqual([429, 'upload.too_many_open']);
    const byUrl = await send('/v1/videos', 'POST', { 'content-type': 'application/json' }, JSON.stringify({ url: 'https://example.com/a.mp4' }));
    expect(await told(byUrl)).toEqual([429, 'upload.too_many_open']);
  });

  it('leaves the reserve of the disk alone, also where a video comes in one request', async () => {
    const { send } = await open({ STORAGE_RESERVE_BYTES: String(2 ** 50) });
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(paddedClip(demoClip('short_30s')))]), 'clip.mp4');
    expect(await told(await send('/v1/videos', 'POST', {}, form))).toEqual([507, 'storage.full']);
  });
});

/** A video that is to be fetched. */
const insert = async (tenant: string): Promise<string> => {
  const id = newId();
  await db.query(`INSERT INTO uploads (id, tenant_id, source, name, location, status) VALUES ($1, $2, 'url', '', 'https://example.com/a.mp4', 'queued')`, [id, tenant]);
  return id;
};

it('videos of one tenant are fetched four at a time, so that the others have places too', async () => {
  const [first, ...rest] = [await insert('a'), await insert('a'), await insert('a'), await insert('a')] as const;
  const [fifth, other] = [await insert('a'), await insert('b')];
  for (const id of [first, ...rest, other]) expect(await state.claim(id, 'w'), id).toBeDefined();
  expect(await state.claim(fifth, 'w')).toBeUndefined();
  expect([await due(), await state.due()]).toEqual([0, []]);
  await state.cancel(first);
  expect((await state.due()).map((job) => job.id)).toEqual([fifth]);
  expect(await state.claim(fifth, 'w')).toBeDefined();
});

it('a video that was fetched leaves its place to the next of its tenant at once, and one that is given back does not', async () => {
  const [first, , , , fifth, other] = [await insert('a'), await insert('a'), await insert('a'), await insert('a'), await insert('a'), await insert('b')];
  for (const { id } of await state.due()) if (id !== first && id !== fifth && id !== other) await state.claim(id, 'w');
  const rung: string[] = [];
  const queue = { ring: (_job: unknown, id: string) => Promise.resolve(void rung.push(id)) };
  const process = (end: (leased: LeasedWork) => Promise<void>) =>
    new ReceiveUploadProcessor(state, undefined as never, undefined as never, { workerId: 'w', underLease: (_lease: unknown, leased: LeasedWork) => end(leased) } as never, storage, queue as never).process(first, new AbortController().signal);
  await process((leased) => leased.giveBack({ refund: true }));
  expect(rung).toEqual([]);
  await process((leased) => leased.giveUp(new AppError('import.refused', '')));
  expect(rung).toEqual([fifth]);
});

describe('the time to fetch a video', () => {
  it('begins when it is first fetched, however long it has waited, and not again', async () => {
    const id = newId();
    await db.query(`INSERT INTO uploads (id, tenant_id, source, name, location, status, created_at) VALUES ($1, 't', 'url', '', 'https://example.com/a.mp4', 'queued', now() - interval '9 hours')`, [id]);
    const request = vi.fn(() => Promise.reject(new AppError('import.refused', '')));
    const underLease = (_lease: unknown, { work }: { work: (signal: AbortSignal) => Promise<void> }) => work(new AbortController().signal);
    const processor = new ReceiveUploadProcessor(state, { request } as never, undefined as never, { workerId: 'w', config: loadConfig({}), underLease } as never, storage, undefined as never);
    const process = () => processor.process(id, new AbortController().signal);
    await expect(process()).rejects.toMatchObject({ code: 'import.refused' });
    await db.query(`UPDATE uploads SET lease_until = NULL, begun_at = begun_at - interval '7 hours' WHERE id = $1`, [id]);
    await expect(process()).rejects.toMatchObject({ code: 'import.took_too_long' });
    expect(request).toHaveBeenCalledOnce();
  });
});

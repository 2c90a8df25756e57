// Resumable uploads: a client that nobody here wrote, over a line that breaks and to a server that is killed; and the letter of tus 1.0.
import { createHash } from 'node:crypto';
import * as tus from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { paddedClip } from '../e2e/clip-copies.js';
import { demoClip } from '../e2e/running-product.js';
import { BreakableProduct, PATIENCE } from '../faults/breakable-product.js';
import { seededRandom } from '../faults/seeded-random.js';
import { CuttingProxy } from './cutting-proxy.js';

const CLIP = demoClip('short_30s');
const CHUNK = 128 * 1024;
const SEED = 20_261_124;
const CUTS = 50;

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let product: BreakableProduct;
beforeAll(async () => {
  product = await BreakableProduct.start({ worker: undefined, env: { UPLOAD_MAX_BYTES: String(64 * 1024 ** 2) } });
});
afterAll(() => product?.stop());

interface Sent {
  readonly url: string;
  readonly videoId: string;
}

/** Sends it with tus-js-client to the end. */
function send(endpoint: string, bytes: Buffer, options: Partial<tus.UploadOptions> = {}): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const upload: tus.Upload = new tus.Upload(bytes, {
      endpoint: `${endpoint}/v1/uploads`,
      chunkSize: CHUNK,
      retryDelays: Array.from({ length: 200 }, () => 10),
      metadata: { filename: 'far/../away.mp4', filetype: 'video/mp4' },
      onError: reject,
      onSuccess: ({ lastResponse }) => resolve({ url: upload.url ?? '', videoId: lastResponse.getHeader('X-Video-Id') ?? '' }),
      ...options,
    });
    upload.start();
  });
}

const get = async (path: string): Promise<Record<string, unknown>> => (await (await fetch(`${product.baseUrl}${path}`)).json()) as Record<string, unknown>;

describe('a resumable upload', () => {
  it('survives a line that breaks 50 times, and sends no more than a chunk again each time', async () => {
    const bytes = paddedClip(CLIP, 8 * 1024 ** 2);
    const random = seededRandom(SEED);
    const cutAt = Array.from({ length: CUTS }, () => Math.floor(random.next() * bytes.length)).sort((a, b) => a - b);
    const proxy = await CuttingProxy.start(Number(new URL(product.baseUrl).port), cutAt);
    const requests = vi.fn();
    const { videoId, url } = await send(`http://127.0.0.1:${proxy.port}`, bytes, { onBeforeRequest: requests });
    proxy.stop();
    expect(proxy.cuts).toBe(CUTS);
    expect(proxy.passed - requests.mock.calls.length * 1024).toBeLessThan(bytes.length + CUTS * CHUNK); // a kilobyte of headers each
    expect(await get(`/v1/videos/${videoId}`)).toMatchObject({ sha256: sha256(bytes), bytes: bytes.length, name: 'away.mp4' });
    expect(await get(new URL(url).pathname)).toMatchObject({ status: 'ready', video_id: videoId, received_bytes: bytes.length, duplicate: false });
  });

  it('loses nothing that was acknowledged when the server is killed', async () => {
    const bytes = paddedClip(CLIP, 4 * 1024 ** 2);
    let acknowledged = 0;
    const kills = [0.2, 0.5, 0.8].map((share) => share * bytes.length);
    const { videoId } = await send(product.baseUrl, bytes, {
      retryDelays: Array.from({ length: 600 }, () => 100),
      onChunkComplete: (_chunk, accepted) => {
        expect(accepted).toBeGreaterThanOrEqual(acknowledged);
        acknowledged = accepted;
        if (accepted > (kills[0] ?? Infinity)) {
          kills.shift();
          product.api.signal('SIGKILL');
        }
      },
    });
    expect(product.api.restarts).toBe(3);
    expect(await get(`/v1/videos/${videoId}`)).toMatchObject({ sha256: sha256(bytes) });
  });
});

describe('the letter of tus 1.0', () => {
  const RESUMABLE = { 'tus-resumable': '1.0.0' };
  const PIECE = { ...RESUMABLE, 'content-type': 'application/offset+octet-stream' };
  const at = (url: string): string => new URL(url, product.baseUrl).href;
  const begin = async (headers: Record<string, string>, body?: Buffer): Promise<Response> =>
    fetch(at('/v1/uploads'), { method: 'POST', headers: { ...(body ? PIECE : RESUMABLE), ...headers }, ...(body && { body: new Uint8Array(body) }) });
  const locationOf = async (headers: Record<string, string>): Promise<string> => at((await begin(headers)).headers.get('location') ?? '');
  const piece = (url: string, offset: number, body: Buffer, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { method: 'PATCH', headers: { ...PIECE, 'upload-offset': String(offset), ...headers }, body: new Uint8Array(body) });
  const head = (url: string): Promise<Response> => fetch(url, { method: 'HEAD', headers: RESUMABLE });
  const offsetOf = async (url: string): Promise<string | null> => (await head(url)).headers.get('upload-offset');
  const refused = async (answer: Promise<Response>): Promise<unknown> => {
    const response = await answer;
    return [response.status, ((await response.json()) as { code: string }).code];
  };

  it('says what it can do', async () => {
    const { status, headers } = await fetch(at('/v1/uploads'), { method: 'OPTIONS' });
    expect(status).toBe(204);
    expect(headers.get('tus-version')).toBe('1.0.0');
    expect(headers.get('tus-extension')?.split(',').sort()).toEqual(['checksum', 'creation', 'creation-defer-length', 'creation-with-upload', 'expiration', 'termination']);
    expect(headers.get('tus-max-size')).toBe(String(64 * 1024 ** 2));
    expect(headers.get('tus-checksum-algorithm')).toContain('sha1');
  });

  it('takes the first piece with the creation, and tells when what is left expires', async () => {
    const created = await begin({ 'upload-length': '100' }, Buffer.alloc(30));
    expect([created.status, created.headers.get('upload-offset')]).toEqual([201, '30']);
    expect(Date.parse(created.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now());
    const asked = await head(at(created.headers.get('location') ?? ''));
    expect(Object.fromEntries(['upload-offset', 'upload-length', 'cache-control', 'tus-resumable'].map((name) => [name, asked.headers.get(name)]))).toEqual({
      ...{ 'upload-offset': '30', 'upload-length': '100' },
      ...{ 'cache-control': 'no-store', 'tus-resumable': '1.0.0' },
    });
  });

  it('holds to offsets, types, versions and lengths, and changes nothing when they are wrong', async () => {
    const url = await locationOf({ 'upload-length': '100' });
    expect((await piece(url, 0, Buffer.alloc(40))).status).toBe(204);
    expect(await refused(piece(url, 10, Buffer.alloc(10)))).toEqual([409, 'upload.offset_conflict']);
    expect(await refused(piece(url, 40, Buffer.alloc(10), { 'content-type': 'application/octet-stream' }))).toEqual([415, 'request.unsupported_media_type']);
    expect(await refused(piece(url, 40, Buffer.from('{}'), { 'content-type': 'application/json' }))).toEqual([415, 'upload.wrong_type']);
    expect(await refused(piece(url, 40, Buffer.alloc(10), { 'tus-resumable': '0.2.2' }))).toEqual([412, 'upload.wrong_version']);
    expect(await refused(piece(url, 40, Buffer.alloc(61)))).toEqual([413, 'upload.too_many_bytes']);
    expect(await refused(begin({ 'upload-length': String(64 * 1024 ** 2 + 1) }))).toEqual([413, 'video.too_large']);
    expect(await refused(begin({}))).toEqual([400, 'upload.invalid_header']);
    expect(await refused(begin({ 'upload-length': '-1' }))).toEqual([400, 'upload.invalid_header']);
    expect(await refused(begin({ 'upload-length': '5', 'upload-metadata': 'filename not-base64!' }))).toEqual([400, 'upload.invalid_header']);
    expect(await refused(piece(at('/v1/uploads/00000000-0000-7000-8000-000000000000'), 0, Buffer.alloc(1)))).toEqual([404, 'upload.not_found']);
    expect((await head(at('/v1/uploads/..%2f..%2fetc%2fpasswd'))).status).toBe(404);
    expect(await offsetOf(url)).toBe('40');
  });

  it('counts no piece whose checksum is wrong', async () => {
    const url = await locationOf({ 'upload-length': '100' });
    const body = Buffer.from('ten bytes.');
    const sum = (algorithm: string, of: Buffer) => ({ 'upload-checksum': `${algorithm} ${createHash(algorithm).update(of).digest('base64')}` });
    expect(await refused(piece(url, 0, body, sum('sha1', Buffer.from('others'))))).toEqual([460, 'upload.checksum_mismatch']);
    expect(await offsetOf(url)).toBe('0');
    expect(await refused(piece(url, 0, body, { 'upload-checksum': 'crc32 AAAA' }))).toEqual([400, 'upload.invalid_header']);
    expect((await piece(url, 0, body, sum('sha1', body))).headers.get('upload-offset')).toBe('10');
    expect((await piece(url, 10, body, sum('sha256', body))).headers.get('upload-offset')).toBe('20');
  });

  it('learns the length later, ends on demand and when nobody goes on', async () => {
    const url = await locationOf({ 'upload-defer-length': '1' });
    expect((await piece(url, 0, Buffer.alloc(10))).status).toBe(204);
    expect((await head(url)).headers.get('upload-defer-length')).toBe('1');
    expect((await piece(url, 10, Buffer.alloc(10), { 'upload-length': '100' })).status).toBe(204);
    expect((await head(url)).headers.get('upload-length')).toBe('100');
    expect((await fetch(url, { method: 'DELETE', headers: RESUMABLE })).status).toBe(204);
    expect((await head(url)).status).toBe(404);
    const forgotten = await locationOf({ 'upload-length': '100' });
    await product.rows(`UPDATE uploads SET updated_at = now() - interval '4 days' WHERE id = $1`, [new URL(forgotten).pathname.split('/').at(-1)]);
    expect((await head(forgotten)).status).toBe(410);
  });

  it('ends with a refusal for what is no video, and keeps nothing of it', async () => {
    const url = await locationOf({ 'upload-length': '20' });
    expect(await refused(piece(url, 0, Buffer.from('this is not a video.')))).toEqual([422, 'video.not_a_video']);
    expect(await get(new URL(url).pathname)).toMatchObject({ status: 'failed', received_bytes: 0, error: { code: 'video.not_a_video' } });
    expect((await head(url)).status).toBe(410);
  });
});

describe('the same bytes', () => {
  const form = (bytes: Buffer): FormData => {
    const data = new FormData();
    data.set('file', new Blob([new Uint8Array(bytes)]), 'again.mp4');
    return data;
  };
  const post = async (bytes: Buffer): Promise<{ status: number; id: string; duplicate: boolean; name: string }> => {
    const response = await fetch(`${product.baseUrl}/v1/videos`, { method: 'POST', body: form(bytes) });
    return { ...((await response.json()) as { id: string; duplicate: boolean; name: string }), status: response.status };
  };

  it('are one video, whichever way they come, and it is said', async () => {
    const bytes = paddedClip(CLIP, 256 * 1024);
    const first = await post(bytes);
    expect(first).toMatchObject({ status: 201, duplicate: false });
    expect(await post(bytes)).toMatchObject({ status: 200, duplicate: true, id: first.id });
    const { url, videoId } = await send(product.baseUrl, bytes);
    expect(videoId).toBe(first.id);
    expect(await get(new URL(url).pathname)).toMatchObject({ status: 'ready', duplicate: true, video_id: first.id });
    await fetch(`${product.baseUrl}/v1/videos/${first.id}`, { method: 'DELETE' });
    expect(await post(bytes)).toMatchObject({ status: 201, duplicate: false });
  });

  it('are one video when they come at the same time', async () => {
    const bytes = paddedClip(CLIP, 256 * 1024);
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(bytes)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status, duplicate }) => status === 200 && duplicate)).toHaveLength(3);
  });
});

describe('a server that is killed after the last piece', () => {
  it('leaves the rest to a worker', async () => {
    const bytes = paddedClip(CLIP, 2 * 1024 ** 2);
    const created = await fetch(`${product.baseUrl}/v1/uploads`, { method: 'POST', headers: { 'tus-resumable': '1.0.0', 'upload-length': String(bytes.length) } });
    const url = new URL(created.headers.get('location') ?? '', product.baseUrl);
    const headers = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    const sending = fetch(url, { method: 'PATCH', headers, body: new Uint8Array(bytes) }).catch(() => undefined);
    await product.untilRows(`SELECT 1 FROM uploads WHERE id = $1 AND status = 'processing'`, [url.pathname.split('/').at(-1)]);
    product.api.signal('SIGKILL');
    await sending;
    await product.addWorker({ WORKER_ROLES: 'media' });
    await vi.waitFor(async () => expect(await get(url.pathname)).toMatchObject({ status: 'ready' }), PATIENCE);
    const { video_id: videoId } = await get(url.pathname);
    expect(await get(`/v1/videos/${String(videoId)}`)).toMatchObject({ sha256: sha256(bytes) });
  });
});

// An installation over an object store whose api runs on two machines: uploads that are gone on with at the other one, videos from buckets by key, gc.
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PROJECT_ROOT } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { freePort } from '../../src/platform/embedded/free-port.js';
import { anotherCopy, paddedClip } from '../e2e/clip-copies.js';
import { demoClip, trueEvents } from '../e2e/running-product.js';
import { BreakableProduct, PATIENCE } from '../faults/breakable-product.js';
import { ProductProcess } from '../faults/product-process.js';
import { keysIn, type ObjectStore, s3rver } from '../medium/object-store.js';

const CLIP = demoClip('short_30s');
const MEGABYTE = 1024 ** 2;
const RESUMABLE = { 'tus-resumable': '1.0.0' };
const digest = (algorithm: string, bytes: Uint8Array, encoding: 'hex' | 'base64'): string => createHash(algorithm).update(bytes).digest(encoding);

let store: ObjectStore;
let [bucket, films]: [string, string] = ['', ''];
let product: BreakableProduct;
let other: ProductProcess;
let [here, there]: [string, string] = ['', ''];

beforeAll(async () => {
  store = await s3rver.start();
  [bucket, films] = [await store.bucket(), await store.bucket()];
  const env = { ...store.env, S3_BUCKET: bucket, IMPORT_BUCKETS: `${films}/in/,${films}/of/{tenant}/`, WORKER_ROLES: 'media', UPLOAD_MAX_BYTES: String(16 * MEGABYTE) };
  product = await BreakableProduct.start({ env });
  const port = String(await freePort('127.0.0.1'));
  other = new ProductProcess({ module: 'src/main.js', env: { ...product.env, DATA_DIR: join(product.directory, 'other'), PORT: port } });
  await other.hears('listening');
  [here, there] = [product.baseUrl, `http://127.0.0.1:${port}`];
});
afterAll(async () => {
  await other?.stop();
  await product?.stop();
  await store?.stop();
});

const json = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;
const objects = async (): Promise<string[]> => (await keysIn(store.client, bucket)).map((key) => key.slice(-36)).sort();

const ownerless = async (): Promise<string[]> => {
  const [stored, rows] = [await objects(), await product.rows<{ key: string }>('SELECT key FROM stored_objects')];
  return stored.filter((key) => !rows.some((row) => row.key === key));
};

describe('a resumable upload', () => {
  const at = (api: string, location: string): string => new URL(location, api).href;
  const piece = (url: string, offset: number, bytes: Buffer, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { method: 'PATCH', headers: { ...RESUMABLE, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...headers }, body: new Uint8Array(bytes) });
  const begin = async (bytes: number): Promise<string> =>
    (await fetch(`${here}/v1/uploads`, { method: 'POST', headers: { ...RESUMABLE, 'upload-length': String(bytes) } })).headers.get('location') ?? '';
  const arrived = async (url: string): Promise<number> => Number((await fetch(url, { method: 'HEAD', headers: RESUMABLE })).headers.get('upload-offset'));

  it('is gone on with at another machine, whatever becomes of the first, and every byte that was acknowledged is there', async () => {
    const bytes = paddedClip(CLIP, 10 * MEGABYTE);
    const location = await begin(bytes.length);
    const first = bytes.subarray(0, 9 * MEGABYTE);
    expect((await piece(at(here, location), 0, first.subarray(0, MEGABYTE))).status).toBe(204);
    const wrong = await piece(at(here, location), MEGABYTE, first.subarray(MEGABYTE), { 'upload-checksum': `sha1 ${digest('sha1', Buffer.from('other'), 'base64')}` });
    expect([wrong.status, await arrived(at(there, location))]).toEqual([460, MEGABYTE]);
    const right = await piece(at(here, location), MEGABYTE, first.subarray(MEGABYTE), { 'upload-checksum': `sha1 ${digest('sha1', first.subarray(MEGABYTE), 'base64')}` });
    expect([right.status, right.headers.get('upload-offset')]).toEqual([204, String(first.length)]);
    await product.api.kill();
    expect(await arrived(at(there, location))).toBe(first.length);
    const last = await piece(at(there, location), first.length, bytes.subarray(first.length));
    expect(last.status).toBe(204);
    expect(await json(`${there}/v1/videos/${last.headers.get('x-video-id')}`)).toMatchObject({ sha256: digest('sha256', bytes, 'hex'), bytes: bytes.length });
    expect((await keysIn(store.client, bucket)).filter((key) => key.startsWith('parts/'))).toEqual([]);
    await product.api.hears('listening');
  });

  it('that has come whole is made a video by a worker where its api died before it could', async () => {
    const bytes = paddedClip(CLIP);
    const location = await begin(bytes.length);
    const id = location.split('/').at(-1)!;
    await store.client.send(new PutObjectCommand({ Bucket: bucket, Key: `parts/${id}/${'0'.repeat(15)}-${bytes.length}`, Body: bytes })); // as a process leaves it that is killed before it says so
    await vi.waitFor(async () => expect(await json(`${here}/v1/uploads/${id}`)).toMatchObject({ status: 'ready', received_bytes: bytes.length }), PATIENCE);
  });
});

describe('a video in one request', () => {
  it('is streamed from any machine, in ranges too, shown from one that has no copy yet, and is one with the same bytes', async () => {
    const bytes = paddedClip(CLIP, MEGABYTE);
    const send = (api: string): Promise<Response> => {
      const form = new FormData();
      form.set('file', new Blob([new Uint8Array(bytes)]), 'clip.mp4');
      return fetch(`${api}/v1/videos`, { method: 'POST', body: form });
    };
    const first = await send(here);
    const { id } = (await first.json()) as { id: string };
    const second = await send(there);
    expect([first.status, second.status, await second.json()]).toEqual([201, 200, expect.objectContaining({ id, duplicate: true })]);
    await vi.waitFor(async () => expect(await ownerless()).toEqual([]), PATIENCE); // what a scan stores it writes down a little later
    const content = (headers: Record<string, string>, method = 'GET'): Promise<Response> => fetch(`${there}/v1/videos/${id}/content`, { method, headers });
    const whole = await content({});
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    const etag = whole.headers.get('etag') ?? '';
    const told = async (answer: Promise<Response>) => {
      const { status, headers } = await answer;
      return [status, headers.get('content-range'), headers.get('content-length')];
    };
    expect(await told(content({ range: 'bytes=-5' }))).toEqual([206, `bytes ${bytes.length - 5}-${bytes.length - 1}/${bytes.length}`, '5']);
    expect(await told(content({ range: 'bytes=0-9', 'if-range': etag }))).toEqual([206, `bytes 0-9/${bytes.length}`, '10']);
    for (const headers of [{ range: 'bytes=0-9', 'if-range': '"another"' }, { range: 'bytes=0-1,5-6' }, { range: 'lines=1-2' }]) expect(await told(content(headers))).toEqual([200, null, String(bytes.length)]);
    expect(await told(content({ range: `bytes=${bytes.length}-` }))).toEqual([416, `bytes */${bytes.length}`, expect.anything()]);
    expect(await told(content({}, 'HEAD'))).toEqual([200, null, String(bytes.length)]);
    expect((await content({ 'if-none-match': etag, 'cache-control': 'max-age=0' })).status).toBe(304);
    expect((await fetch(`${there}/v1/videos/${id}/thumbnail?t=3`)).headers.get('content-type')).toBe('image/jpeg');
  });
});

describe('a video from a bucket', () => {
  interface UploadJson {
    readonly id: string;
    readonly status: string;
    readonly video_id: string | null;
    readonly error: { readonly code: string } | null;
  }
  const put = (Key: string, Body: Buffer | string, ContentType = 'binary/octet-stream') => store.client.send(new PutObjectCommand({ Bucket: films, Key, Body, ContentType }));
  const ask = (body: unknown): Promise<Response> => fetch(`${here}/v1/videos`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  async function taken(key: string): Promise<UploadJson> {
    const answer = await ask({ bucket: films, key });
    expect(answer.status).toBe(202);
    const { id } = (await answer.json()) as UploadJson;
    return vi.waitFor(async () => {
      const upload = await json<UploadJson>(`${here}/v1/uploads/${id}`);
      expect(upload.status).toBeOneOf(['ready', 'failed']);
      return upload;
    }, PATIENCE);
  }

  it('is taken by its key, once for the same bytes, from where the tenant may', async () => {
    const bytes = paddedClip(CLIP, 2 * MEGABYTE);
    for (const key of ['in/a film ü.mp4', 'of/default/again.mp4']) await put(key, bytes);
    const first = await taken('in/a film ü.mp4');
    expect(first).toMatchObject({ source: 's3', name: 'a film ü.mp4', url: `s3://${films}/in/a film ü.mp4`, status: 'ready', received_bytes: bytes.length });
    expect(await json(`${there}/v1/videos/${first.video_id}`)).toMatchObject({ sha256: digest('sha256', bytes, 'hex'), name: 'a film ü.mp4' });
    expect(await taken('of/default/again.mp4')).toMatchObject({ status: 'ready', duplicate: true, video_id: first.video_id });
  });

  it('is refused by what is wrong with it', async () => {
    await put('in/large.mp4', paddedClip(CLIP, 17 * MEGABYTE));
    await put('in/page.html', '<html>', 'text/html; charset=utf-8');
    await put('in/noise.mp4', 'no video at all');
    const codes = [];
    for (const key of ['in/none.mp4', 'in/large.mp4', 'in/page.html', 'in/noise.mp4']) codes.push((await taken(key)).error?.code);
    expect(codes).toEqual(['import.not_found', 'video.too_large', 'import.not_a_video', 'video.not_a_video']);
  });

  it.each([
    ['a bucket that is not allowed', () => ({ bucket: 'elsewhere', key: 'a.mp4' }), 403, 'import.bucket_forbidden'],
    ['the bucket of the videos themselves', () => ({ bucket, key: `objects/00/${newId()}` }), 403, 'import.bucket_forbidden'],
    ['a key outside of what is allowed', () => ({ bucket: films, key: 'out/a.mp4' }), 403, 'import.bucket_forbidden'],
    ['the folder of another tenant', () => ({ bucket: films, key: 'of/another/a.mp4' }), 403, 'import.bucket_forbidden'],
    ['a key that climbs', () => ({ bucket: films, key: 'in/../of/another/a.mp4' }), 400, 'request.invalid'],
    ['a key with a NUL', () => ({ bucket: films, key: 'in/a\0.mp4' }), 400, 'request.invalid'],
    ['no key', () => ({ bucket: films }), 400, 'request.invalid'],
    ['a bucket and a URL', () => ({ bucket: films, key: 'in/a.mp4', url: 'https://example.com/a.mp4' }), 400, 'request.invalid'],
  ])('is not taken from %s', async (_name, body, status, code) => {
    const answer = await ask(body());
    const { detail, ...problem } = (await answer.json()) as { code: string; detail: string };
    expect([answer.status, problem.code]).toEqual([status, code]);
    expect(detail).not.toMatch(/^url/); // it is a bucket that was meant
  });
});

describe('what was seen of a video before', () => {
  let directory: string;
  beforeAll(async () => {
    directory = join(product.directory, 'model machine');
    await product.addWorker({ DATA_DIR: directory, WORKER_ROLES: 'model' });
  });

  /** A video, how often it was fetched from the store, and how the copy of the machine with the model is lost. */
  async function storedVideo() {
    const { id } = await product.client.upload(anotherCopy(CLIP));
    const [video] = await product.rows<{ key: string }>('SELECT storage_key AS key FROM videos WHERE id = $1', [id]);
    return {
      id,
      fetched: (): string[] => store.requests.filter((request) => request.startsWith('GET') && request.includes(video!.key)),
      loseCopy: (): void => rmSync(join(directory, 'object-store/copies', video!.key)),
    };
  }

  it('is asked about without the video', async () => {
    const client = product.client;
    const { id, fetched, loseCopy } = await storedVideo();
    expect(await client.follow(await client.analyze(id))).toMatchObject({ status: 'ready' });
    expect(fetched()).not.toEqual([]);
    loseCopy();
    const before = fetched();
    const [event] = await trueEvents('short_30s');
    const answer = await client.ask(id, event!.query);
    expect(answer).toMatchObject({ answer: 'found' });
    expect(fetched()).toEqual(before);
    const another = await client.ask(id, event!.query, { sampling: { fps: 1 } });
    expect(another).toMatchObject({ status: 'ready' });
    expect(fetched()).toHaveLength(before.length + 1); // other frames than were seen
  });

  async function talk(text: string, ...ids: readonly string[]): Promise<number> {
    const content = [...ids.map((id) => ({ type: 'video_url', video_url: { url: `secondsight://videos/${id}` } })), { type: 'text', text }];
    const model = (await json<{ data: { id: string }[] }>(`${here}/v1/models`)).data[0]!.id;
    const answer = await fetch(`${here}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model, max_tokens: 8, messages: [{ role: 'user', content }] }) });
    return answer.status;
  }

  it('is talked about without the video', async () => {
    const { id, fetched, loseCopy } = await storedVideo();
    expect(await talk('What happens?', id)).toBe(200);
    loseCopy();
    const before = fetched();
    expect(await talk('What else happens?', id)).toBe(200);
    expect(fetched()).toEqual(before);
  });

  it('is talked about without the video beside another that was not seen, which is fetched', async () => {
    const [seen, unseen] = [await storedVideo(), await storedVideo()];
    expect(await talk('What happens?', seen.id)).toBe(200);
    seen.loseCopy();
    const before = seen.fetched();
    expect(await talk('What happens in both?', seen.id, unseen.id)).toBe(200);
    expect(seen.fetched()).toEqual(before);
    unseen.loseCopy(); // throws where it was not fetched
  });
});

describe('a store that is away', () => {
  const health = async () => {
    const response = await fetch(`${here}/health/ready`);
    const { status, database, storage } = (await response.json()) as Record<string, string>;
    return [response.status, status, database, storage];
  };

  it('makes the service not ready until it is back, and is named', async () => {
    expect(await health()).toEqual([200, expect.any(String), 'up', 'up']);
    await store.away();
    await vi.waitFor(async () => expect(await health()).toEqual([503, 'not_ready', 'up', 'down']), PATIENCE);
    expect((await fetch(`${here}/health/live`)).status).toBe(200);
    await store.back();
    await vi.waitFor(async () => expect(await health()).toEqual([200, expect.stringMatching(/^(ready|degraded)$/), 'up', 'up']), PATIENCE);
  });
});

describe('gc', () => {
  function gc(...options: string[]): Promise<{ kind: string; name: string; removed: boolean }[]> {
    return new Promise((done) => {
      execFile(process.execPath, [resolve(PROJECT_ROOT, 'scripts/secondsight.mjs'), 'gc', '--json', ...options], { env: { ...process.env, ...product.env } }, (_error, stdout) => {
        done(stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as never));
      });
    });
  }

  it('finds in the bucket what is nobody\'s and old enough, and what is lost, and removes the former', async () => {
    const [orphan, foreign] = [newId(), 'a note of somebody'];
    const [video] = await product.rows<{ id: string; key: string }>('SELECT id, storage_key AS key FROM videos');
    await store.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `objects/${video!.key.slice(-2)}/${video!.key}` }));
    for (const key of [`objects/${orphan.slice(-2)}/${orphan}`, foreign]) await store.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'twelve bytes' }));
    expect((await gc()).filter(({ kind }) => kind === 'object')).toEqual([]); // it may be an upload that is under way
    const found = await gc('--delete', '--hours', '0');
    expect(found).toContainEqual({ kind: 'object', name: orphan, bytes: 12, removed: true });
    expect(found).toContainEqual({ kind: 'lost', name: `${video!.key} of video ${video!.id}`, bytes: 0, removed: false });
    expect(await objects()).not.toContain(orphan);
    expect(await keysIn(store.client, bucket)).toContain(foreign);
  });
});

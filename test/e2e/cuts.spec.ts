// Clip lists become MP4 files over the running product, and videos that browsers cannot play get a copy; both go with their videos.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Clip, clipFolder, constantRate, convert, makeClip, readNumber } from '../medium/clips.js';
import { collect, media, openClip } from '../medium/media.js';
import { type RunningProduct, startProduct } from './running-product.js';

const folder = clipFolder();
let product: RunningProduct;
let database: pg.Client;
let steady: { id: string; clip: Clip };
let odd: { id: string; clip: Clip };

/** Frames of 20 to 60 ms, with a hole of a second. */
const uneven = Array.from({ length: 200 }, (_, n) => n * 1000 + 300 * Math.round(Math.sin(n)) + (n > 90 ? 30_000 : 0));

beforeAll(async () => {
  product = await startProduct({ WORKER_ROLES: 'media', CUT_MAX_SECONDS: '60', SWEEP_SECONDS: '1' });
  database = new pg.Client({ connectionString: product.databaseUrl });
  await database.connect();
  const made = await makeClip(folder.path, { name: 'steady.mp4', ...constantRate(30_000, 1001, 300) });
  const loud = await convert([made.file, 'sine=d=10'], join(folder.path, 'steady-loud.mp4'), ['-map', '0:v', '-map', '1:a', '-c:a', 'aac', '-shortest']);
  steady = { id: await upload(loud), clip: made };
  const mpeg = await makeClip(folder.path, { name: 'odd.mkv', ticks: uneven, timescale: 30_000, width: 640, height: 360, options: ['-c:v', 'mpeg4', '-q:v', '2', '-bf', '2', '-g', '30'] });
  odd = { id: await upload(mpeg.file), clip: mpeg };
}, 120_000);
afterAll(async () => {
  await database?.end();
  await product?.stop();
  folder.remove();
});

async function upload(file: string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await readFile(file))]), basename(file));
  return ((await (await fetch(`${product.baseUrl}/v1/videos`, { method: 'POST', body: form })).json()) as { id: string }).id;
}

interface CutJson {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly width: number;
  readonly height: number;
  readonly files: readonly { readonly url: string; readonly bytes: number; readonly frames: number; readonly duration: number }[];
  readonly error: { readonly code: string } | null;
  readonly code?: string;
}

async function api<T>(method: string, path: string, body?: object): Promise<{ status: number; json: T }> {
  const response = await fetch(product.baseUrl + path, { method, ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, json: (text === '' ? undefined : JSON.parse(text)) as T };
}

const cutOf = (clips: readonly object[], more: object = {}) => api<CutJson>('POST', '/v1/cuts', { clips, ...more });
const clip = (video_id: string, start_time: number, end_time: number) => ({ video_id, start_time, end_time });

async function ended(id: string): Promise<CutJson> {
  return vi.waitFor(async () => {
    const { json } = await api<CutJson>('GET', `/v1/cuts/${id}`);
    if (json.status === 'queued' || json.status === 'processing') throw new Error(`${json.status} ${json.progress}`);
    return json;
  }, { timeout: 90_000, interval: 200 });
}

async function downloaded(url: string, name: string): Promise<string> {
  const file = join(folder.path, name);
  await writeFile(file, new Uint8Array(await (await fetch(product.baseUrl + url)).arrayBuffer()));
  return file;
}

async function numbersIn(file: string): Promise<number[]> {
  const { video, index } = await openClip(file);
  return (await collect(media.decodeFrames(file, video, { pts: [...index.pts] }))).map(readNumber);
}

const objectsOf = async (sql: string, id: string): Promise<string[]> => {
  const { rows } = await database.query<{ key: string }>(sql, [id]);
  return rows.map(({ key }) => join(product.directory, 'storage', 'objects', key.slice(-2), key));
};
const filesOfCut = (id: string): Promise<string[]> => objectsOf('SELECT storage_key AS key FROM cut_files WHERE cut_id = $1', id);

const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, n) => first + n);

describe('a cut', () => {
  it('holds the very frames of its clips, of several videos, and is downloaded whole or in part', async () => {
    const { status, json } = await cutOf([clip(steady.id, 1, 2), clip(odd.id, 0.5, 1), clip(steady.id, 9, 99)], { name: 'My cut' });
    expect([status, json.status, json.width, json.height]).toEqual([202, 'queued', 320, 180]);
    const cut = await ended(json.id);
    expect(cut).toMatchObject({ status: 'ready', progress: 1, error: null });
    const from = (seconds: readonly number[], start: number): number => seconds.findIndex((at) => at >= start - 1e-4);
    const [first, second, third] = [from(steady.clip.seconds, 1), from(odd.clip.seconds, 0.5), from(steady.clip.seconds, 9)];
    const expected = [...range(first, from(steady.clip.seconds, 2) - first), ...range(second, from(odd.clip.seconds, 1) - second), ...range(third, 300 - third)];
    const [file] = cut.files;
    const whole = await downloaded(file!.url, 'cut.mp4');
    expect(await numbersIn(whole)).toEqual(expected);
    expect(file!.frames).toBe(expected.length);
    expect((await media.probe(whole)).hasAudio).toBe(true);
    const part = await fetch(product.baseUrl + file!.url, { headers: { range: 'bytes=100-199' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-199/${file!.bytes}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual((await readFile(whole)).subarray(100, 200));
    expect(part.headers.get('content-disposition')).toContain('My cut.mp4');
  });

  it('is a file for each clip where that is wanted', async () => {
    const { json } = await cutOf([clip(steady.id, 0, 0.1), clip(odd.id, 6, 6.2)], { files: 'each' });
    const { files } = await ended(json.id);
    expect(await numbersIn(await downloaded(files[0]!.url, 'one.mp4'))).toEqual(range(0, 3));
    expect(files).toHaveLength(2);
    expect((await api('GET', `/v1/cuts/${json.id}/content?file=3`)).status).toBe(404);
  });

  it('is refused where it cannot be made, and says why', async () => {
    const refused = async (clips: readonly object[]): Promise<[number, string | undefined]> => {
      const { status, json } = await cutOf(clips);
      return [status, json.code];
    };
    expect(await refused([clip(steady.id, 11, 12)])).toEqual([422, 'clip.range_outside_video']);
    expect(await refused(Array.from({ length: 8 }, () => clip(steady.id, 0, 9)))).toEqual([422, 'cut.too_long']);
    expect(await refused([clip('00000000-0000-4000-8000-000000000000', 0, 1)])).toEqual([404, 'video.not_found']);
    expect(await refused([])).toEqual([400, 'request.invalid']);
  });

  it('ends where it is canceled, and goes with its file where it is deleted', async () => {
    const { json: long } = await cutOf(Array.from({ length: 5 }, () => clip(steady.id, 0, 10)));
    expect((await api<CutJson>('POST', `/v1/cuts/${long.id}/cancel`)).json.status).toBe('canceled');
    expect((await api<CutJson>('GET', `/v1/cuts/${long.id}/content`)).json.code).toBe('cut.not_ready');
    const { json: short } = await cutOf([clip(steady.id, 0, 0.2)]);
    await ended(short.id);
    const [path] = await filesOfCut(short.id);
    expect((await stat(path!)).size).toBeGreaterThan(0);
    expect((await api('DELETE', `/v1/cuts/${short.id}`)).status).toBe(204);
    await expect(stat(path!)).rejects.toThrow('ENOENT');
    expect((await api<CutJson>('GET', `/v1/cuts/${long.id}`)).json.status).toBe('canceled');
  });
});

describe('a proxy', () => {
  it('has every frame of the video at its very second, and goes with it, as do the cuts that show it', async () => {
    expect((await api<{ code: string }>('GET', `/v1/videos/${odd.id}/proxy`)).json.code).toBe('proxy.not_found');
    expect((await api('POST', `/v1/videos/${odd.id}/proxy`)).status).toBe(202);
    const proxy = await vi.waitFor(async () => {
      const { json } = await api<{ status: string; url: string; progress: number }>('POST', `/v1/videos/${odd.id}/proxy`);
      expect(json.status).toBe('ready');
      return json;
    }, { timeout: 90_000, interval: 200 });
    const file = await downloaded(proxy.url, 'proxy.mp4');
    const { video, index } = await openClip(file);
    expect([video.codec, index.originPts]).toEqual(['h264', 0]);
    expect([...index.pts].map((pts) => (pts * index.timeBase.num) / index.timeBase.den)).toEqual(odd.clip.seconds.map((seconds) => expect.closeTo(seconds, 3) as number));
    expect(await numbersIn(file)).toEqual(range(0, 200));
    const { json: frames } = await api<{ total: number; first: number; times: number[] }>('GET', `/v1/videos/${odd.id}/frames?t=3&around=5`);
    expect([frames.total, frames.times.length, frames.times[5]! <= 3 && frames.times[6]! > 3]).toEqual([200, 11, true]);
    const { json: cut } = await cutOf([clip(odd.id, 0, 0.2), clip(steady.id, 0, 0.2)]);
    await ended(cut.id);
    const kept = [...(await filesOfCut(cut.id)), ...(await objectsOf('SELECT storage_key AS key FROM proxies WHERE id = $1', odd.id))];
    expect(kept).toHaveLength(2);
    expect((await api('DELETE', `/v1/videos/${odd.id}`)).status).toBe(204);
    for (const path of kept) await expect(stat(path)).rejects.toThrow('ENOENT');
    expect((await api('GET', `/v1/cuts/${cut.id}`)).status).toBe(404);
  });

});

describe('what was kept long enough', () => {
  it('goes by itself, with its file', async () => {
    const { json } = await cutOf([clip(steady.id, 0, 0.2)]);
    await ended(json.id);
    const [path] = await filesOfCut(json.id);
    await database.query(`UPDATE cuts SET finished_at = now() - interval '8 days' WHERE id = $1`, [json.id]);
    await vi.waitFor(async () => expect((await api('GET', `/v1/cuts/${json.id}`)).status).toBe(404), { timeout: 30_000, interval: 200 });
    await expect(vi.waitFor(() => stat(path!).then(() => Promise.reject(new Error('there')), () => 'gone'), { timeout: 10_000, interval: 50 })).resolves.toBe('gone');
  });
});

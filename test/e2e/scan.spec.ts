// The scan of a video over the running product: what is there without a model, and what comes with the file or beside it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApiClient, type VideoJson } from '../../src/cli/api-client.js';
import { media } from '../medium/media.js';
import { startCheckedProduct } from './checked-product.js';
import { type RunningProduct } from './running-product.js';

interface Found {
  readonly start_time: number;
  readonly end_time: number;
  readonly type: string;
  readonly text: string;
  readonly source: string;
  readonly task_id: string | null;
}

const CAPTIONS = `WEBVTT

00:05.000 --> 00:07.500
The <b>blue</b> room is empty.

00:31.000 --> 00:33.000
Somebody whistles.

nonsense
`;

/** 20 s of red, cut to 15 s of a moving pattern with a tone in it, cut to 5 s of blue; begins at 3.4 s on its own clock. */
async function makeClip(file: string, format: readonly string[]): Promise<void> {
  const { ffmpeg } = await media.binaries();
  const sources = ['color=red:s=160x90:r=25:d=20', 'testsrc2=s=160x90:r=25:d=15', 'color=blue:s=160x90:r=25:d=5'];
  const inputs = [...sources.flatMap((source) => ['-f', 'lavfi', '-i', source]), '-f', 'lavfi', '-i', 'sine=440:d=40'];
  const sound = "[3:a]volume='if(between(t,20,35),1,0)':eval=frame[a]";
  const graph = `[0:v][1:v][2:v]concat=n=3:v=1[v];${sound}`;
  const codecs = ['-c:v', 'mpeg4', '-q:v', '3', '-g', '50', '-c:a', 'mp2', '-output_ts_offset', '3.4'];
  execFileSync(ffmpeg.path, ['-y', '-loglevel', 'error', ...inputs, '-filter_complex', graph, '-map', '[v]', '-map', '[a]', ...codecs, ...format, file]);
}

describe.each([
  ['a container that can be searched', 'clip.mkv', ['-f', 'matroska']],
  ['one that cannot', 'clip.ts', ['-f', 'mpegts']],
])('a video in %s', (_kind, name, format) => {
  const folder = mkdtempSync(join(tmpdir(), 'scan-'));
  let product: RunningProduct;
  let api: ApiClient;
  let video: VideoJson;

  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${product.baseUrl}/v1/videos/${video.id}/${path}`, init);
  const json = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T;
  const segments = async (filter: string): Promise<Found[]> => (await json<{ data: Found[] }>(`segments?${filter}`)).data;

  beforeAll(async () => {
    product = await startCheckedProduct();
    api = new ApiClient(product.baseUrl);
    await makeClip(join(folder, name), format);
    video = await api.upload(join(folder, name));
    await vi.waitFor(async () => expect(await json('scan')).toMatchObject({ status: 'ready', progress: 1, error: null }), { timeout: 60_000, interval: 200 });
  });
  afterAll(async () => {
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has its shots, stillness and silence as segments of its own, without any analysis', async () => {
    const found = await segments('source=signal');
    const times = (type: string): number[][] => found.filter((s) => s.type === type).map((s) => [s.start_time, s.end_time].map((t) => Math.round(t * 10) / 10));
    expect(times('shot')).toEqual([[0, 20], [20, 35], [35, 40]]);
    expect(times('freeze')).toEqual([[0, 20], [35, 40]]);
    const [before, after] = times('silence');
    expect([before![0], Math.round(before![1]!)]).toEqual([0, 20]);
    expect(Math.round(after![0]!)).toBe(35);
    expect(found.every(({ task_id }) => task_id === null)).toBe(true);
  });

  it('has curves with a value for each second', async () => {
    const curves = await json<{ motion: number[]; loudness: number[]; camera: string[] }>('curves?start_time=18&end_time=24');
    expect(curves.motion.map((value) => value > 1)).toEqual([false, false, true, true, true, true]);
    expect(curves.loudness.map((value) => value > -50)).toEqual([false, false, true, true, true, true]);
    expect(curves.camera).toHaveLength(6);
  });

  it('has thumbnails on sheets, with an index that names their places', async () => {
    const listed = await get('sprites.vtt');
    expect(listed.headers.get('x-content-type-options')).toBe('nosniff');
    const vtt = await listed.text();
    const cues = [...vtt.matchAll(/^(\d\d):(\d\d):(\d\d\.\d{3}) --> .*\n(sprites\/\d+\.jpg)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm)];
    expect(cues).toHaveLength(40);
    const at = cues.find((cue) => Math.abs(Number(cue[3]) - 36) < 0.001)!;
    const sheet = await (await get(at[4]!)).arrayBuffer();
    const [left, top, width, height] = at.slice(5, 9).map(Number) as [number, number, number, number];
    const { dominant } = await sharp(await sharp(sheet).extract({ left, top, width, height }).toBuffer()).stats();
    expect(dominant.b).toBeGreaterThan(200);
    expect((await get('sprites/99.jpg')).status).toBe(404);
  });

  it('takes captions from a file beside it, and loses them again', async () => {
    writeFileSync(join(folder, 'talk.vtt'), CAPTIONS);
    const form = new FormData();
    form.append('file', new Blob([CAPTIONS]), 'talk.vtt');
    const response = await get('tracks?language=en', { method: 'POST', body: form });
    expect(response.status).toBe(201);
    const track = (await response.json()) as { id: string };
    expect(track).toMatchObject({ kind: 'sidecar', name: 'talk.vtt', language: 'en', cues: 2 });
    expect(await segments('type=speech')).toMatchObject([
      { start_time: 5, end_time: 7.5, text: 'The blue room is empty.', source: 'track' },
      { start_time: 31, end_time: 33, text: 'Somebody whistles.' },
    ]);
    expect((await get(`tracks/${track.id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await segments('type=speech')).toEqual([]);
  });

  it('refuses captions that are none', async () => {
    const form = new FormData();
    form.append('file', new Blob(['not captions']), 'talk.txt');
    const response = await get('tracks', { method: 'POST', body: form });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([422, 'captions.not_captions']);
  });

  it('is planned with reasons that can be read', async () => {
    const task = await api.follow(await api.analyze(video.id));
    const { data } = (await (await fetch(`${product.baseUrl}/v1/analyze/tasks/${task.id}/windows`)).json()) as { data: { why: { kind: string }; sampling: { fps: number }; effective_fps: number }[] };
    expect(new Set(data.map(({ why }) => why.kind))).toEqual(new Set(['still', 'calm'])); // the bundled checkpoint looks at busy ones no more often
    for (const { sampling, effective_fps } of data) expect(effective_fps).toBeCloseTo(sampling.fps, 9);
  });
});

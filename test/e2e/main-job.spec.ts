// The main job over the running product: a clip in, segments and answers in seconds out, through the public API alone.
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type SegmentJson, type TaskJson, type VideoJson } from '../../src/cli/api-client.js';
import { iou, sameDescription } from '../../src/model/grounding/compare.js';
import { NOTES } from '../medium/bundled-model.js';
import { startCheckedProduct } from './checked-product.js';
import { anotherCopy } from './clip-copies.js';
import { demoClip, type RunningProduct, type TrueEvent, trueEvents } from './running-product.js';

let product: RunningProduct;
let api: ApiClient;

beforeAll(async () => {
  product = await startCheckedProduct();
  api = new ApiClient(product.baseUrl);
});
afterAll(() => product?.stop());

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(product.baseUrl + path, init);

describe('the demo clip', () => {
  let video: VideoJson;
  let task: TaskJson;
  let segments: SegmentJson[];
  let truth: TrueEvent[];
  const seen: TaskJson[] = [];

  beforeAll(async () => {
    truth = await trueEvents('short_30s');
    video = await api.upload(demoClip('short_30s'));
    task = await api.follow(await api.analyze(video.id), (change) => seen.push(change));
    segments = await api.segments(video.id);
  });

  it('is described with the times it really has', () => {
    expect(task).toMatchObject({ status: 'ready', unparsed: 0, warnings: [{ code: 'model.limited' }], error: null, progress: 1 });
    const events = segments.filter((s) => s.source === 'model');
    const found = truth.flatMap((event) => events.filter((s) => iou(s, event) > 0.5).slice(0, 1).map(({ text }) => ({ text, query: event.query })));
    const rightly = found.filter(({ text, query }) => sameDescription(text, query));
    console.log(`${found.length} of ${truth.length} events at their times, ${rightly.length} in the right words`);
    expect(found.length).toBeGreaterThanOrEqual(truth.length - 1);
    expect(rightly.length).toBeGreaterThanOrEqual(truth.length / 2); // a checkpoint gets times right more often than words
  });

  it('keeps the evidence of every event', async () => {
    const page = (await (await get(`/v1/videos/${video.id}/segments?source=model`)).json()) as { data: Evidenced[] };
    const [model] = await api.models();
    expect(page.data.length).toBeGreaterThan(0);
    for (const segment of page.data) {
      expect(segment.confidence).toBeGreaterThan(0);
      expect(segment.evidence.model).toEqual({ name: model!.id, hash: model!.hash });
      for (const window of segment.evidence.windows) {
        expect(window.second_per_grid_ts).toBeCloseTo(2 / window.effective_fps);
        expect(window.prompt_hash).toMatch(/^[0-9a-f]{16}$/);
        expect(window.frame_times.length).toBeGreaterThan(0);
        for (const at of window.frame_times) {
          expect(at).toBeGreaterThanOrEqual(segment.start_time);
          expect(at).toBeLessThanOrEqual(segment.end_time);
        }
      }
    }
  });

  it('is covered by its shots', () => {
    const shots = segments.filter((s) => s.type === 'shot');
    expect(shots[0]!.start_time).toBe(0);
    expect(shots.at(-1)!.end_time).toBeCloseTo(video.duration, 3);
  });

  it('is followed over server-sent events from the start to the end', () => {
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)!.status).toBe('ready');
    const progress = seen.map((change) => change.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });

  it('answers when an event happens, and that another does not', async () => {
    const event = truth[0]!;
    const found = await api.ask(video.id, event.query);
    expect(found.answer).toBe('found');
    expect(iou(found.data[0]!, event)).toBeGreaterThan(0.5);
    expect(found.data[0]!.confidence).toBeGreaterThan(0.5);
    expect(await api.ask(video.id, 'blue square moves right')).toMatchObject({ answer: 'not_in_video', data: [] });
  });

  it('is written in every format', async () => {
    const read = async (format: string): Promise<string> => (await get(`/v1/videos/${video.id}/segments?format=${format}`)).text();
    const ids = segments.length;
    expect((await read('jsonl')).trim().split('\n').map((line) => JSON.parse(line) as SegmentJson)).toHaveLength(ids);
    expect(await read('vtt')).toMatch(/^WEBVTT\n\n/);
    expect((await read('vtt')).match(/ --> /g)).toHaveLength(ids);
    expect((await read('srt')).match(/^\d+\n\d\d:\d\d:\d\d,\d{3} --> /gm)).toHaveLength(ids);
    expect((await read('csv')).trim().split('\r\n')).toHaveLength(ids + 1);
    const accepted = await get(`/v1/videos/${video.id}/segments`, { headers: { accept: 'text/vtt' } });
    expect(accepted.headers.get('content-type')).toContain('text/vtt');
  });

  it('is listed page by page without loss or repetition, and by filter', async () => {
    const paged: SegmentJson[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { data: SegmentJson[]; next_cursor: string | null } = await (
        await get(`/v1/videos/${video.id}/segments?limit=2${cursor && `&cursor=${cursor}`}`)
      ).json() as never;
      paged.push(...page.data);
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(segments);
    const within = (await (await get(`/v1/videos/${video.id}/segments?type=event&start_time=9&end_time=12`)).json()) as { data: SegmentJson[] };
    expect(within.data).toEqual(segments.filter((s) => s.type === 'event' && s.end_time > 9 && s.start_time < 12));
  });

  it('is streamed back byte for byte, in ranges too', async () => {
    const bytes = await readFile(demoClip('short_30s'));
    const whole = await get(`/v1/videos/${video.id}/content`);
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    const part = await get(`/v1/videos/${video.id}/content`, { headers: { range: 'bytes=100-199' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 100-199/${bytes.length}`);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
    expect((await get(`/v1/videos/${video.id}/content`, { headers: { range: `bytes=${bytes.length}-` } })).status).toBe(416);
  });

  it('shows the picture that a viewer sees at a second', async () => {
    const response = await get(`/v1/videos/${video.id}/thumbnail?t=2.51&width=56`);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(Number(response.headers.get('x-frame-seconds'))).toBe(2.48); // 25 frames a second
    expect(await sharp(await response.arrayBuffer()).metadata()).toMatchObject({ format: 'jpeg', width: 56, height: 56 });
    expect(await problem(await get(`/v1/videos/${video.id}/thumbnail?t=31`))).toEqual([422, 'video.time_outside']);
  });

  it('is gone with everything of it once deleted', async () => {
    const other = await api.upload(anotherCopy(demoClip('short_30s')));
    const running = await api.analyze(other.id);
    await api.delete(other.id);
    for (const path of [`/v1/videos/${other.id}`, `/v1/videos/${other.id}/content`, `/v1/analyze/tasks/${running.id}`]) {
      expect((await get(path)).status, path).toBe(404);
    }
  });
});

interface Evidenced extends SegmentJson {
  readonly evidence: {
    readonly model: unknown;
    readonly windows: readonly { readonly prompt_hash: string; readonly frame_times: readonly number[] }[];
  };
}

describe('a task', () => {
  it('can be canceled once, and keeps what was measured before', async () => {
    const video = await api.upload(demoClip('long_4min'));
    const task = await api.analyze(video.id);
    const canceled = await (await get(`/v1/analyze/tasks/${task.id}/cancel`, { method: 'POST' })).json();
    expect(canceled).toMatchObject({ status: 'canceled' });
    expect((await api.follow(task)).status).toBe('canceled');
    expect((await get(`/v1/videos/${video.id}/segments`)).status).toBe(200);
  });

  it('that has ended cannot be canceled any more', async () => {
    const video = await api.upload(anotherCopy(demoClip('short_30s')));
    const task = await api.follow(await api.analyze(video.id, { start_time: 0, end_time: 4 }));
    expect(task.status).toBe('ready');
    expect(await problem(await get(`/v1/analyze/tasks/${task.id}/cancel`, { method: 'POST' }))).toEqual([409, 'task.already_finished']);
  });
});

describe('bad input', () => {
  const unknown = '01890000-0000-7000-8000-000000000000';
  const post = (path: string, body: unknown): Promise<Response> =>
    get(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

  it.each([
    ['an unknown video', () => get(`/v1/videos/${unknown}`), 404, 'video.not_found'],
    ['an unknown task', () => get(`/v1/analyze/tasks/${unknown}/events`), 404, 'task.not_found'],
    ['an unknown question', () => get(`/v1/videos/${unknown}/moments/${unknown}`), 404, 'video.not_found'],
    ['an unknown route', () => get('/v1/nothing'), 404, 'request.route_not_found'],
    ['an id that is none', () => get('/v1/videos/7'), 400, 'request.invalid'],
    ['a cursor that is none', () => get('/v1/videos?cursor=abc'), 400, 'request.invalid_cursor'],
    ['a body that is not JSON', () => get('/v1/analyze/tasks', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }), 400, 'request.malformed'],
    ['a task without a video', () => post('/v1/analyze/tasks', {}), 400, 'request.invalid'],
    ['a task on an unknown video', () => post('/v1/analyze/tasks', { video_id: unknown }), 404, 'video.not_found'],
    ['a video by URL without one', () => post('/v1/videos', {}), 400, 'request.invalid'],
    ['a video without a form', () => get('/v1/videos', { method: 'POST' }), 415, 'upload.not_multipart'],
    ['a form without a file', () => get('/v1/videos', { method: 'POST', body: new FormData() }), 400, 'upload.no_file'],
  ] as const)('%s gets a coded problem', async (_name, send, status, code) => {
    expect(await problem(await send())).toEqual([status, code]);
  });

  it('names the path of a faulty field', async () => {
    const response = await post('/v1/analyze/tasks', { video_id: unknown, sampling: { fps: -1 }, colour: 'red' });
    const body = (await response.json()) as { errors: { path: string }[] };
    expect(body.errors.map((error) => error.path)).toContain('sampling.fps');
    expect(JSON.stringify(body.errors)).toContain('colour');
  });

  it.each(['segments', 'curves'])('a range of %s that ends before it starts gets a coded problem', async (list) => {
    expect(await problem(await get(`/v1/videos/${unknown}/${list}?start_time=10&end_time=4`))).toEqual([400, 'request.invalid']);
  });

  it('is told apart when a prompt carries special tokens', async () => {
    const video = await api.upload(anotherCopy(demoClip('short_30s')));
    expect(await problem(await post(`/v1/videos/${video.id}/moments`, { query: 'a <|video_pad|> b' }))).toEqual([422, 'prompt.special_token']);
  });

  it.each([
    ['text', Buffer.from('not a video at all, just words'), 'video.not_a_video'],
    ['nothing', Buffer.alloc(0), 'video.empty'],
    ['a playlist in disguise', Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n'), 'video.not_a_video'],
  ])('refuses %s the same way every time, and keeps nothing', async (_name, bytes, code) => {
    const send = (): Promise<Response> => {
      const form = new FormData();
      form.set('file', new Blob([bytes]), '../../clip.mp4');
      return get('/v1/videos', { method: 'POST', body: form });
    };
    const kept = async (): Promise<string[]> => ((await (await get('/v1/videos?limit=1000')).json()) as { data: { id: string }[] }).data.map(({ id }) => id);
    const before = await kept();
    expect(await problem(await send())).toEqual([422, code]);
    expect(await problem(await send())).toEqual([422, code]);
    expect(await kept()).toEqual(before);
  });
});

describe('the service', () => {
  it('tells that it lives, that it is ready, and what its model cannot do', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'live' });
    expect(await (await get('/health/ready')).json()).toMatchObject({ status: 'ready', database: 'up' });
    const [model] = await api.models();
    expect(model).toMatchObject({ id: NOTES.name, limitation: NOTES.limitation });
  });

  it('documents its routes', async () => {
    const document = (await (await get('/openapi.json')).json()) as { paths: Record<string, Record<string, unknown>> };
    expect(Object.values(document.paths).flatMap(Object.values).every(({ responses }: { responses: object }) => 'default' in responses)).toBe(true);
    expect(JSON.stringify(document)).toContain('"Segment"');
    expect(await (await get('/docs')).text()).toContain('swagger');
  });
});

async function problem(response: Response): Promise<[number, string]> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const body = (await response.json()) as { status: number; code: string };
  expect(body.status).toBe(response.status);
  return [body.status, body.code];
}

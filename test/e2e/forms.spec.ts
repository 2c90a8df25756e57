// The forms of an analysis over the running product: segment definitions, schemas, sampling, and what a container brings with it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApiClient, type TaskJson, type VideoJson } from '../../src/cli/api-client.js';
import { media } from '../medium/media.js';
import { startCheckedProduct } from './checked-product.js';
import { demoClip, type RunningProduct } from './running-product.js';

interface Found {
  readonly start_time: number;
  readonly end_time: number;
  readonly type: string;
  readonly text: string;
  readonly source: string;
  readonly fields: Record<string, unknown> | null;
}

interface WindowJson {
  readonly status: string;
  readonly sampling: Record<string, number>;
  readonly why: { readonly width: number; readonly height: number; readonly frames: number };
  readonly video_grid_thw: readonly [number, number, number];
}

const folder = mkdtempSync(join(tmpdir(), 'forms-'));
let product: RunningProduct;
let api: ApiClient;
let video: VideoJson;

const get = async <T>(path: string): Promise<T> => (await (await fetch(`${product.baseUrl}/v1/${path}`)).json()) as T;
const segments = async (of: string, filter: string): Promise<Found[]> => (await get<{ data: Found[] }>(`videos/${of}/segments?${filter}`)).data;

beforeAll(async () => {
  product = await startCheckedProduct();
  api = new ApiClient(product.baseUrl);
  video = await api.upload(demoClip('short_30s'));
});
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function analysed(options: Record<string, unknown>): Promise<TaskJson> {
  const task = await api.follow(await api.analyze(video.id, options));
  expect(task).toMatchObject({ status: 'ready', error: null });
  return task;
}

describe('an analysis', () => {
  it('finds segments of the types that are defined, each with all of its fields', async () => {
    const segment_definitions = [
      {
        name: 'growth',
        description: 'a shape grows or shrinks',
        fields: [
          { name: 'color', type: 'string', enum: ['red', 'green', 'blue'] },
          { name: 'size', type: 'number' },
        ],
      },
      { name: 'travel', description: 'a shape moves', fields: [{ name: 'steps', type: 'integer' }, { name: 'fast', type: 'boolean' }] },
    ];
    const task = await analysed({ segment_definitions });
    expect(task.unparsed).toBe(0);
    const found = await segments(video.id, `source=model&task_id=${task.id}&limit=1000`);
    expect(found.length).toBeGreaterThan(0);
    for (const { type, fields, start_time, end_time } of found) {
      expect(0 <= start_time && start_time <= end_time && end_time <= video.duration).toBe(true);
      if (type === 'growth') expect(fields).toEqual({ color: expect.stringMatching(/^(red|green|blue)$/) as string, size: expect.any(Number) as number });
      else {
        expect(type).toBe('travel');
        expect(fields).toEqual({ steps: expect.any(Number) as number, fast: expect.any(Boolean) as boolean });
        expect(Number.isInteger(fields?.['steps'])).toBe(true);
      }
    }
  });

  it('answers each window with a value that follows the schema', async () => {
    const schema = {
      type: 'object',
      properties: {
        kind: { enum: ['calm', 'busy'] },
        shapes: { type: 'array', items: { $ref: '#/$defs/shape' }, minItems: 1, maxItems: 3 },
      },
      required: ['kind', 'shapes'],
      $defs: {
        shape: {
          type: 'object',
          properties: { color: { type: 'string', minLength: 1, maxLength: 12 }, count: { type: 'integer', minimum: 0, maximum: 9 } },
          required: ['color', 'count'],
        },
      },
    };
    const task = await analysed({ prompt: 'Which shapes are there?', response_format: { type: 'json_schema', json_schema: { name: 'shapes', schema } } });
    const found = await segments(video.id, `source=model&task_id=${task.id}`);
    expect(found).toHaveLength(task.windows.total);
    expect(new Set(found.map(({ type }) => type))).toEqual(new Set(['response']));
    for (const { text } of found) {
      const value = JSON.parse(text) as { kind: string; shapes: { color: string; count: number }[] };
      expect(Object.keys(value)).toEqual(['kind', 'shapes']);
      expect(value.kind).toMatch(/^(calm|busy)$/);
      expect([1, 2, 3]).toContain(value.shapes.length);
      for (const { color, count } of value.shapes) {
        expect([...color].length >= 1 && [...color].length <= 12).toBe(true);
        expect(Number.isInteger(count) && count >= 0 && count <= 9).toBe(true);
      }
    }
  });

  it.each<[string, string, unknown]>([
    ['a keyword that nothing is held to', '$.properties.a.pattern', { type: 'object', properties: { a: { type: 'string', pattern: '^a' } } }],
    ['a definition of itself', '$.$defs.a.items.$ref', { $ref: '#/$defs/a', $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' } } } }],
    ['more lists inside each other than are followed', `$${'.items'.repeat(128)}`, lists(150)],
    ['text that cannot be stored', '$.description', { type: 'null', description: 'a\0b' }],
  ])('is refused with a schema of %s, by its path', async (_, path, schema) => {
    const body = { video_id: video.id, response_format: { type: 'json_schema', json_schema: { schema } } };
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${product.baseUrl}/v1/analyze/tasks`, init);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'schema.unsupported', detail: expect.stringContaining(`${path}: `) as string });
  });

  it('is refused with two notes of one name', async () => {
    const definitions = [{ name: 'goal', description: 'a goal', fields: [{ name: 'start_time', type: 'string' }] }];
    await expect(api.analyze(video.id, { segment_definitions: definitions })).rejects.toMatchObject({
      code: 'schema.unsupported',
      message: expect.stringContaining('goal.start_time') as string,
    });
  });

  it('looks at frames as large as it is told to', async () => {
    const sampling = { min_pixels: 1568, max_pixels: 3136, total_pixels: 100_000, max_frames: 40 };
    const task = await analysed({ sampling });
    const { data } = await get<{ data: WindowJson[] }>(`analyze/tasks/${task.id}/windows`);
    expect(data.length).toBeGreaterThan(0);
    for (const { status, sampling: used, why, video_grid_thw: grid } of data) {
      expect(status).toBe('ready');
      expect(used).toMatchObject({ min_pixels: 1568, max_frames: 40, total_pixels: 100_000 });
      expect(used['max_pixels']).toBeLessThanOrEqual(3136);
      expect(why.width * why.height).toBeLessThanOrEqual(3136);
      expect(why.width * why.height).toBeGreaterThanOrEqual(1568);
      expect([14 * grid[2], 14 * grid[1]]).toEqual([why.width, why.height]);
    }
    await expect(api.analyze(video.id, { sampling: { min_pixels: 4000, max_pixels: 2000 } })).rejects.toMatchObject({ code: expect.any(String) as string });
  });

  it('says while it runs how long the rest will take', async () => {
    const long = await api.upload(demoClip('long_4min'));
    const seen: (number | null)[] = [];
    const watch = (task: TaskJson): void => void seen.push((task as TaskJson & { eta_seconds: number | null }).eta_seconds);
    const ended = await api.follow(await api.analyze(long.id), watch);
    expect(ended).toMatchObject({ status: 'ready', eta_seconds: null });
    const numbers = seen.filter((eta) => eta !== null);
    expect(numbers.length).toBeGreaterThan(0);
    for (const eta of numbers) expect(eta).toBeGreaterThanOrEqual(0);
  });
});

describe('a container', () => {
  it('brings its chapters, its subtitles and the time of its recording', async () => {
    const [srt, metadata, file] = ['cues.srt', 'chapters.txt', 'all.mkv'].map((name) => join(folder, name)) as [string, string, string];
    const longCue = `${'🎬 '.repeat(5000)}\n`;
    writeFileSync(srt, `1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i> there\n\n2\n00:00:04,000 --> 00:00:05,000\n${longCue}\n`);
    const chapter = (start: number, end: number, title: string): string => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${end}\ntitle=${title}\n`;
    writeFileSync(metadata, `;FFMETADATA1\n${chapter(0, 12_000, 'Red')}${chapter(12_000, 30_000, 'Köln 🎬')}`);
    const { ffmpeg } = await media.binaries();
    const inputs = ['-i', demoClip('short_30s'), '-i', srt, '-i', metadata];
    const tags = ['-metadata', 'creation_time=2024-05-06T07:08:09Z', '-metadata:s:s:0', 'language=eng'];
    const maps = ['-map', '0:v', '-map', '1', '-map_metadata', '2', '-map_chapters', '2'];
    execFileSync(ffmpeg.path, ['-y', '-loglevel', 'error', ...inputs, ...maps, '-c:v', 'copy', '-c:s', 'srt', ...tags, file]);

    const { id } = await api.upload(file);
    await vi.waitFor(async () => expect(await get(`videos/${id}/scan`)).toMatchObject({ status: 'ready' }), { timeout: 60_000, interval: 200 });
    expect(await segments(id, 'type=chapter')).toMatchObject([
      { start_time: 0, end_time: 12, text: 'Red', source: 'track' },
      { start_time: 12, text: 'Köln 🎬', source: 'track' },
    ]);
    const speech = await segments(id, 'type=speech');
    expect(speech).toMatchObject([{ start_time: 1, end_time: 2.5, text: 'Hello there', source: 'track' }, { start_time: 4 }]);
    const long = speech[1]?.text ?? ''; // with a line break where the file's own reader has one
    expect([/^(🎬\s)+🎬$/u.test(long), [...long].length]).toEqual([true, 3999]);
    expect(await get(`videos/${id}`)).toMatchObject({ recorded_at: '2024-05-06T07:08:09.000Z' });
    expect(await get(`videos/${id}/tracks`)).toMatchObject({ data: [{ kind: 'embedded', language: 'eng', cues: 2 }, { kind: 'chapters', cues: 2 }] });
  });

  it('may have captions beside it whose words would fill a book', async () => {
    const words = Array.from({ length: 200_000 }, (_, k) => `word${k}`).join(' ');
    const form = new FormData();
    form.append('file', new Blob([`WEBVTT\n\n00:01.000 --> 00:02.000\n${words}\n`]), `${'🎬'.repeat(200)}.vtt`);
    const response = await fetch(`${product.baseUrl}/v1/videos/${video.id}/tracks`, { method: 'POST', body: form });
    expect([response.status, await response.json()]).toMatchObject([201, { cues: 1, name: expect.stringMatching(/^(🎬)+/u) as string }]);
  });
});

/** A schema of lists inside each other. */
function lists(levels: number): unknown {
  return Array.from({ length: levels }).reduce<unknown>((items) => ({ type: 'array', items }), { type: 'null' });
}

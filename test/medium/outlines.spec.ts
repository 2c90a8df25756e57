// A long list of segments at a glance, on a real database: its pages, and its marks on a timeline.
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../src/platform/database/id.js';
import { marksQuery, outlineQuery } from '../../src/segments/outline.schema.js';
import { Outlines } from '../../src/segments/outlines.js';
import { segmentQuery, type SegmentResource } from '../../src/segments/segment.schema.js';
import { SegmentsService } from '../../src/segments/index.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

const MANY = 5000;
const videoId = newId();

let server: StartedDatabase;
let db: DataSource;
let segments: SegmentsService;
let outlines: Outlines;

beforeAll(async () => {
  server = await startDatabase();
  db = server.db;
  segments = new SegmentsService(db);
  outlines = new Outlines(db, segments);
  await db.query(
    `INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
     VALUES ($1, 'a', 'long.mp4', 1, repeat('a', 64), 'y', 'mp4', 'h264', 640, 360, 1, 25, 0, 0, $2, false)`,
    [videoId, MANY * 4],
  );
  const made = Array.from({ length: MANY }, (_, n) => ({
    ...{ startTime: n % 7 === 0 ? 4 * (n - (n % 3)) : 4 * n, endTime: 4 * n + (n % 100 === 0 ? 400 : 2), type: n % 2 === 0 ? 'event' : 'speech' },
    ...{ text: n % 10 === 0 ? `100% of 50_50 number ${n}` : `number ${n}`, confidence: null, evidence: {} },
  }));
  const batch = { videoId, taskId: null, windowOrdinal: null } as const;
  await db.transaction((manager) => segments.replace(manager, { ...batch, source: 'signal' }, made as never));
}, 60_000);
afterAll(() => server?.stop());

/** A page of the list, as the API answers with it. */
const page = async (query: Readonly<Record<string, unknown>>): Promise<SegmentResource[]> =>
  (JSON.parse(await segments.page(videoId, 'a', segmentQuery.parse(query))) as { data: SegmentResource[] }).data;

it('any page can be asked for by itself, and together they are the list', async () => {
  const { count, types, pages, task_id } = await outlines.outline(videoId, outlineQuery.parse({ page_size: 300 }));
  expect([count, types, task_id, pages.length]).toEqual([MANY, [{ type: 'event', count: MANY / 2 }, { type: 'speech', count: MANY / 2 }], null, Math.ceil(MANY / 300)]);
  const all: string[] = [];
  for await (const { id } of segments.all(videoId, segmentQuery.parse({}))) all.push(id);
  const byPage: string[][] = [];
  for (const { cursor, start_time } of pages) {
    const data = await page({ limit: 300, ...(cursor !== null && { cursor }) });
    expect(data[0]!.start_time).toBe(start_time);
    byPage.push(data.map(({ id }) => id));
  }
  expect(byPage.flat()).toEqual(all);
});

it('a filter holds for the pages and for the list, and its words are taken as they are', async () => {
  for (const [text, found] of [['NUMBER 499', 15], ['100% number', MANY / 10], ['50_50', MANY / 10], ['5%5', 0]] as const) {
    const filter = { text, type: undefined };
    const { count } = await outlines.outline(videoId, outlineQuery.parse(filter));
    const data = await page({ ...filter, limit: 1000 });
    expect([text, count, data.length]).toEqual([text, found, found]);
  }
  expect((await outlines.outline(videoId, outlineQuery.parse({ text: 'no such word' }))).pages).toEqual([]);
});

it('marks stand for every segment of a range, few however many there are', async () => {
  const whole = await outlines.marks(videoId, marksQuery.parse({ end_time: MANY * 4, parts: 200 }));
  expect(whole.data.reduce((sum, { count }) => sum + count, 0)).toBe(MANY);
  expect(whole.data.length).toBeLessThanOrEqual(2 * 200 + MANY / 100);
  expect(whole.data.filter(({ id }) => id !== null).every(({ count }) => count === 1)).toBe(true);
  expect(whole.data.filter(({ end_time: end, start_time: start }) => end - start >= 400)).toHaveLength(MANY / 100);
  const close = await outlines.marks(videoId, marksQuery.parse({ start_time: 1000, end_time: 1100, parts: 200 }));
  const data = await page({ start_time: 1000, end_time: 1100, limit: 1000 });
  expect(close.data.map(({ id }) => id).sort()).toEqual(data.map(({ id }) => id).sort());
});

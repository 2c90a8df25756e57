// What the services of videos and segments do with a real database and a real folder.
import { createReadStream, existsSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { createLocalStorage, type Storage } from '../../src/platform/storage/index.js';
import { type NewSegment, type Segment, SegmentsService } from '../../src/segments/index.js';
import { presentSegment, type SegmentResource } from '../../src/segments/segment.schema.js';
import { type Queue } from '../../src/platform/queue/queue.js';
import { FrameIndexes, holdVideo, Video, VideoFiles, VideoRemoval, VideosService } from '../../src/videos/index.js';
import { demoClip } from '../e2e/running-product.js';
import { media } from './media.js';
import { temporaryFolder } from './servers.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

let server: StartedDatabase;
let db: DataSource;
let storage: Storage;
const folder = temporaryFolder();

beforeAll(async () => {
  server = await startDatabase();
  db = server.db;
  storage = await createLocalStorage(folder);
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function insertVideo(storageKey: string): Promise<string> {
  const id = newId();
  await db.query(
    `INSERT INTO videos (id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index,
                         start_time, duration, has_audio)
     VALUES ($1, 'clip.mp4', 1, $2, $3, 'mp4', 'h264', 640, 360, 1, 25, 0, 0, 100, false)`,
    [id, id.replaceAll('-', '').repeat(2), storageKey],
  );
  return id;
}

async function insertTask(videoId: string): Promise<string> {
  const id = newId();
  await db.query(`INSERT INTO tasks (id, video_id, start_time, end_time, status, finished_at) VALUES ($1, $2, 0, 100, 'ready', now())`, [id, videoId]);
  return id;
}

describe('segments', () => {
  const named = (text: string, count: number): NewSegment[] =>
    Array.from({ length: count }, (_, k) => ({
      ...{ startTime: k / 100, endTime: k / 100 + 1, type: 'event', text, confidence: 0.9 },
      evidence: { method: 'test' },
    }));

  it('are written however many there are, and read to the end of the analysis that was begun with', async () => {
    const segments = new SegmentsService(db);
    const videoId = await insertVideo(newId());
    const analyze = async (text: string, count: number): Promise<void> => {
      const batch = { videoId, taskId: await insertTask(videoId), source: 'model', windowOrdinal: null } as const;
      await db.transaction((manager) => segments.replace(manager, batch, named(text, count)));
    };
    await analyze('old', 6000);
    const page = async (cursor?: string | null) =>
      JSON.parse(await segments.page(videoId, 'default', { limit: 10, cursor: cursor ?? undefined })) as { data: SegmentResource[]; next_cursor: string | null };
    const first = await page();
    const reading = segments.all(videoId, { limit: 10 });
    const read: Segment[] = [(await reading.next()).value as Segment];
    await analyze('new', 20);
    const second = await page(first.next_cursor);
    for await (const segment of reading) read.push(segment);
    expect(second.data.map((s) => [s.text, s.start_time])).toEqual(Array.from({ length: 10 }, (_, k) => ['old', (10 + k) / 100]));
    expect(read.map((s) => s.ordinal)).toEqual(Array.from({ length: 6000 }, (_, k) => k));
    expect(new Set(read.map((s) => s.text))).toEqual(new Set(['old']));
    expect((await page()).data[0]!.text).toBe('new');
  });

  it('are the same as text of a page and as records of a file, whatever they hold', async () => {
    const segments = new SegmentsService(db);
    const videoId = await insertVideo(newId());
    const evidence = { model: { name: 'm"\\', hash: 'h' }, windows: [] };
    const kinds: NewSegment[] = [
      { startTime: 0, endTime: 1e-7, type: 'event', text: 'a "quoted"\n\\ line, \u2028 \u{1F600} </script>', confidence: null, evidence },
      { startTime: 0.1, endTime: 1 / 3, type: 'goal', text: '', confidence: 0.30000000000000004, fields: { team: 'home', scores: [1, 2.5, null], 10: 'ten', 9: true }, evidence },
      { startTime: 36_000.04, endTime: 36_000.04, type: 'event', text: 'late', confidence: 1, fields: {}, evidence },
    ];
    const batch = { videoId, taskId: await insertTask(videoId), source: 'model', windowOrdinal: null } as const;
    await db.transaction((manager) => segments.replace(manager, batch, kinds));
    const records: SegmentResource[] = [];
    for await (const segment of segments.all(videoId, { limit: 10 })) records.push(presentSegment(segment));
    expect(JSON.parse(await segments.page(videoId, 'default', { limit: 10 }))).toEqual({ data: records, next_cursor: null });
    expect(records.map(({ text }) => text)).toEqual(kinds.map(({ text }) => text));
  });

  it('are of no video of another tenant, and of none that is not there', async () => {
    const segments = new SegmentsService(db);
    const videoId = await insertVideo(newId());
    expect(JSON.parse(await segments.page(videoId, 'default', { limit: 10 }))).toEqual({ data: [], next_cursor: null });
    for (const [id, tenant] of [[videoId, 'another'], [newId(), 'default']] as const) {
      await expect(segments.page(id, tenant, { limit: 10 })).rejects.toMatchObject({ code: 'video.not_found' });
    }
  });
});

describe('the storage', () => {
  const objectFile = (key: string): string => join(folder, 'objects', key.slice(-2), key);

  it('keeps the bytes of a video whose commit was not answered', async () => {
    const breaking = Object.create(db) as DataSource;
    breaking.transaction = async (...run: unknown[]) => {
      const made = await (db.transaction as (...of: unknown[]) => Promise<unknown>)(...run);
      if (made === undefined) return undefined as never;
      throw new Error('Connection terminated unexpectedly');
    };
    const videos = new VideosService(breaking, media, new FrameIndexes(db, media, new VideoFiles(storage)), undefined as unknown as Queue, storage, loadConfig({}));
    const received = await videos.receive(createReadStream(demoClip('short_30s')));
    await expect(videos.accept(received, { tenantId: 'default', name: 'clip.mp4' })).rejects.toThrow('Connection terminated');
    const [video] = (await videos.list('default', { limit: 10 })).data.filter(({ sha256 }) => sha256 === received.sha256);
    expect(await storage.has(video!.storageKey)).toBe(true);
    await new VideoRemoval(db, storage).delete(video!);
  });

  it('is rid of what has had no video for a day, and of nothing else', async () => {
    const put = async (hoursAgo: number) => {
      const object = await storage.receive(Readable.from([Buffer.from('x')]), { maxBytes: 9, tooLarge: () => new AppError('video.too_large', '') });
      const then = Date.now() / 1000 - hoursAgo * 3600;
      utimesSync(objectFile(object.key), then, then);
      return object.key;
    };
    const [orphan, fresh, known] = [await put(25), await put(23), await put(25)];
    await insertVideo(known);
    await new VideoRemoval(db, storage).removeOrphans();
    const left: string[] = [];
    for await (const { key } of storage.list()) left.push(key);
    expect(left.sort()).toEqual([fresh, known].sort());
    expect(left).not.toContain(orphan);
  });

  it('keeps nothing of a video that is deleted while a sheet of it is written down', async () => {
    const put = () => storage.receive(Readable.from([Buffer.from('x')]), { maxBytes: 9, tooLarge: () => new AppError('video.too_large', '') });
    const [upload, sheet] = [await put(), await put()];
    const videoId = await insertVideo(upload.key);
    await db.query('INSERT INTO scans (id) VALUES ($1)', [videoId]);
    const video = (await db.getRepository(Video).findOneBy({ id: videoId }))!;
    const deleting = await db.transaction(async (manager) => {
      await holdVideo(manager, videoId);
      const insert = `INSERT INTO scan_chunks (id, video_id, ordinal, start_time, end_time, sprite_key) VALUES ($1, $2, 0, 0, 1, $3)`;
      await manager.query(insert, [newId(), videoId, sheet.key]);
      const deleted = { done: new VideoRemoval(db, storage).delete(video) };
      await expect.poll(() => existsSync(objectFile(upload.key)), { timeout: 5000 }).toBe(false); // it is under way, and waits for the row
      return deleted;
    });
    await deleting.done;
    expect(existsSync(objectFile(sheet.key))).toBe(false);
  });
});

// Retention on a real database: which videos lose their bytes, which go, and whose rule holds.
import { createReadStream, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { type Config, loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { createLocalStorage, type Storage } from '../../src/platform/storage/index.js';
import { RetentionService } from '../../src/retention/index.js';
import { type AcceptedVideo, FrameIndexes, VideoFiles, VideoRemoval, VideosService } from '../../src/videos/index.js';
import { demoClip } from '../e2e/running-product.js';
import { media } from './media.js';
import { temporaryFolder } from './servers.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

let server: StartedDatabase;
let db: DataSource;
let storage: Storage;
let videos: VideosService;
const folder = temporaryFolder();

beforeAll(async () => {
  server = await startDatabase();
  db = server.db;
  storage = await createLocalStorage(folder);
  videos = new VideosService(db, media, new FrameIndexes(db, media, new VideoFiles(storage)), undefined as never, storage, loadConfig({}));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await db.query('DELETE FROM videos');
  await db.query('DELETE FROM retention_rules');
});

const objectFile = (key: string): string => join(folder, 'objects', key.slice(-2), key);

async function stored(tenant: string, days: number): Promise<{ id: string; path: string; sha256: string }> {
  const id = newId();
  const { key, sha256 } = await storage.receive(Readable.from([Buffer.from(id)]), { maxBytes: 99, tooLarge: () => new AppError('video.too_large', '') });
  await db.query(
    `INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index,
                         start_time, duration, has_audio, created_at)
     VALUES ($1, $2, 'clip.mp4', 1, $3, $4, 'mp4', 'h264', 640, 360, 1, 25, 0, 0, 100, false, now() - make_interval(days => $5))`,
    [id, tenant, sha256, key, days],
  );
  return { id, path: objectFile(key), sha256 };
}

const retention = (config: Partial<Config>): RetentionService => new RetentionService(db, new VideoRemoval(db, storage), { ...loadConfig({}), ...config });

async function look(config: Partial<Config>): Promise<void> {
  await retention(config).apply();
  await new VideoRemoval(db, storage).finishDeletes();
}

const states = async (): Promise<Record<string, 'whole' | 'without bytes'>> => {
  const rows = await db.query<{ id: string; gone: boolean }[]>('SELECT id, content_removed_at IS NOT NULL AS gone FROM videos');
  return Object.fromEntries(rows.map(({ id, gone }) => [id, gone ? 'without bytes' : 'whole']));
};

describe('retention', () => {
  it('removes nothing where nothing says so', async () => {
    const old = await stored('a', 9000);
    await look({});
    expect(await states()).toEqual({ [old.id]: 'whole' });
  });

  it('removes bytes at one age and videos at another, and keeps what is younger', async () => {
    const [young, middle, old] = [await stored('a', 9), await stored('a', 11), await stored('a', 31)];
    await db.query(`INSERT INTO segments (id, video_id, ordinal, start_time, end_time, type, text, source) VALUES ($1, $2, 0, 0, 1, 'shot', '', 'signal')`, [newId(), middle.id]);
    await look({ RETENTION_CONTENT_DAYS: 10, RETENTION_VIDEO_DAYS: 30 });
    expect(await states()).toEqual({ [young.id]: 'whole', [middle.id]: 'without bytes' });
    expect([young, middle, old].map(({ path }) => existsSync(path))).toEqual([true, false, false]);
    expect(await db.query('SELECT 1 FROM segments WHERE video_id = $1', [middle.id])).toHaveLength(1);
    expect(await videos.contentsOf([young.sha256, middle.sha256])).toEqual(new Set([young.sha256])); // so its features go
    const video = await videos.get(middle.id, 'a');
    expect(() => videos.requireContent(video)).toThrowError(expect.objectContaining({ code: 'video.content_removed' }));
    await look({ RETENTION_CONTENT_DAYS: 10, RETENTION_VIDEO_DAYS: 30 });
    expect(await states()).toEqual({ [young.id]: 'whole', [middle.id]: 'without bytes' });
  });

  it('obeys the rule of a tenant before the configuration, also where it says for ever', async () => {
    const [strict, lasting, other] = [await stored('strict', 3), await stored('lasting', 100), await stored('other', 100)];
    const rules = retention({ RETENTION_VIDEO_DAYS: 50 });
    await rules.setRule('strict', { content_days: null, video_days: 2 });
    await rules.setRule('lasting', { content_days: null, video_days: null });
    await look({ RETENTION_VIDEO_DAYS: 50 });
    expect(await states()).toEqual({ [lasting.id]: 'whole' });
    expect(await rules.rule('other')).toEqual({ content_days: null, video_days: 50, source: 'configuration' });
    await rules.removeRule('lasting');
    await look({ RETENTION_VIDEO_DAYS: 50 });
    expect(await states()).toEqual({});
    expect([strict, lasting, other].map(({ path }) => existsSync(path))).toEqual([false, false, false]);
  });

  it('removes a cut too that shows the video and is finished while its bytes go', async () => {
    const { id } = await stored('a', 100);
    const cut = newId();
    let key = '';
    const emptying = Object.create(storage) as Storage;
    emptying.remove = async (removed) => {
      emptying.remove = (other) => storage.remove(other);
      ({ key } = await storage.receive(Readable.from([Buffer.from('cut')]), { maxBytes: 99, tooLarge: () => new AppError('video.too_large', '') }));
      await db.query(`INSERT INTO cuts (id, tenant_id, name, files_wanted, width, height, seconds, status, finished_at) VALUES ($1, 'a', '', 'one', 2, 2, 1, 'ready', now())`, [cut]);
      await db.query(`INSERT INTO cut_clips (cut_id, ordinal, video_id, start_time, end_time) VALUES ($1, 0, $2, 0, 1)`, [cut, id]);
      await db.query(`INSERT INTO cut_files (cut_id, ordinal, storage_key, bytes, frames, seconds) VALUES ($1, 0, $2, 3, 1, 1)`, [cut, key]);
      await storage.remove(removed);
    };
    await new VideoRemoval(db, emptying).removeContent(id);
    expect(await db.query('SELECT 1 FROM cuts')).toEqual([]);
    expect(await storage.has(key)).toBe(false);
  });

  it('takes the same bytes that arrive while they are removed for another video', async () => {
    const emptying = Object.create(storage) as Storage;
    const service = new VideosService(db, media, new FrameIndexes(db, media, new VideoFiles(storage)), { ring: () => Promise.resolve() } as never, emptying, loadConfig({}));
    const upload = async () => service.accept(await service.receive(createReadStream(demoClip('short_30s'))), { tenantId: 'a', name: 'clip.mp4' });
    const { video: old } = await upload();
    let meanwhile: AcceptedVideo | undefined;
    emptying.remove = async (key) => {
      emptying.remove = (other) => storage.remove(other);
      meanwhile = await upload();
      await storage.remove(key);
    };
    await new VideoRemoval(db, emptying).removeContent(old.id);
    expect(meanwhile).toMatchObject({ duplicate: false });
    expect(await storage.has(meanwhile!.video.storageKey)).toBe(true);
    expect(await upload()).toMatchObject({ duplicate: true, video: { id: meanwhile!.video.id } });
    expect(await states()).toEqual({ [old.id]: 'without bytes', [meanwhile!.video.id]: 'whole' });
  });

  it('leaves a video alone while somebody works on it', async () => {
    const video = await stored('a', 100);
    const taskId = newId();
    await db.query(`INSERT INTO tasks (id, video_id, start_time, end_time) VALUES ($1, $2, 0, 100)`, [taskId, video.id]);
    await look({ RETENTION_CONTENT_DAYS: 1, RETENTION_VIDEO_DAYS: 2 });
    expect(await states()).toEqual({ [video.id]: 'whole' });
    await db.query(`UPDATE tasks SET status = 'canceled', finished_at = now() WHERE id = $1`, [taskId]);
    await look({ RETENTION_CONTENT_DAYS: 1, RETENTION_VIDEO_DAYS: 2 });
    expect(await states()).toEqual({});
  });
});

// What is made of videos takes of the room of their tenant, and which videos a copy is made of without being asked.
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CutState } from '../../src/cuts/index.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { ProxyState } from '../../src/proxies/index.js';
import { Video } from '../../src/videos/index.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

const VIDEO_BYTES = 600;
const config = { ...loadConfig({}), QUOTA_STORED_BYTES: 1000 };
const queue = { ring: () => Promise.resolve() };

let server: StartedDatabase;
let db: DataSource;
let video: Video;

beforeAll(async () => {
  server = await startDatabase();
  db = server.db;
});
afterAll(() => server?.stop());
beforeEach(async () => {
  await db.query('TRUNCATE videos, cuts CASCADE');
  video = await addVideo('mp4', 'h264');
});

async function addVideo(container: string, codec: string): Promise<Video> {
  const id = newId();
  await db.query(
    `INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
     VALUES ($1, 't', 'a', $2, $3, $4, $5, $6, 2, 2, 1, 25, 0, 0, 54, false)`,
    [id, VIDEO_BYTES, id.replaceAll('-', '').repeat(2), newId(), container, codec],
  );
  return db.getRepository(Video).findOneByOrFail({ id });
}

describe('a cut', () => {
  it('is refused where its files do not fit, and takes their room', async () => {
    const cuts = new CutState(db, undefined as never, config);
    const id = newId();
    await db.query(`INSERT INTO cuts (id, tenant_id, name, files_wanted, width, height, seconds, status) VALUES ($1, 't', '', 'each', 2, 2, 4, 'queued')`, [id]);
    const claimed = (await cuts.claim(id, 'w'))!;
    const files = (...bytes: number[]) => bytes.map((each) => ({ key: newId(), bytes: each, frames: 1, seconds: 1 }));
    await expect(cuts.finish(claimed, files(200, 201))).rejects.toMatchObject({ code: 'quota.stored_bytes' });
    expect(await db.query('SELECT 1 FROM cut_files')).toEqual([]);
    await cuts.finish(claimed, files(200, 200));
    await expect(new ProxyState(db, queue as never, config).ask(video)).rejects.toMatchObject({ code: 'quota.stored_bytes' });
    expect(await db.query('SELECT 1 FROM proxies')).toEqual([]);
  });
});

describe('a proxy', () => {
  it('is refused where it does not fit, and is told of however full it is', async () => {
    const proxies = new ProxyState(db, queue as never, config);
    await proxies.ask(video);
    const claimed = (await proxies.claim(video.id, 'w'))!;
    const made = (bytes: number) => ({ key: newId(), bytes, width: 2, height: 2 });
    await expect(proxies.finish(claimed, made(401))).rejects.toMatchObject({ code: 'quota.stored_bytes' });
    await proxies.finish(claimed, made(400));
    expect(await proxies.ask(video)).toMatchObject({ status: 'ready', bytes: '400' });
  });

  it('is made of what a browser does not play: Matroska only with what is in WebM', async () => {
    const [mp4, mkv] = ['mov,mp4,m4a,3gp,3g2,mj2', 'matroska,webm'];
    const kinds = [[mp4, 'h264'], [mp4, 'av1'], [mp4, 'hevc'], [mkv, 'vp8'], [mkv, 'vp9'], [mkv, 'av1'], [mkv, 'h264'], [mkv, 'hevc'], ['avi', 'h264']] as const;
    const ids = new Map<string, string>();
    for (const [container, codec] of kinds) ids.set((await addVideo(container, codec)).id, `${codec} in ${container}`);
    const due = await new ProxyState(db, queue as never, { ...config, PROXIES: 'arrival' }).due();
    expect(due.map(({ id }) => ids.get(id))).toEqual([`hevc in ${mp4}`, `h264 in ${mkv}`, `hevc in ${mkv}`, 'h264 in avi']);
  });
});

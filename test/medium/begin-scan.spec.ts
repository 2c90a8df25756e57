// The beginning of a scan on a real Postgres, with a reader of files that fails as it is told to: what the scan goes on without, and what it waits for.
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { type Media, type Tracks } from '../../src/platform/media/index.js';
import { Totals } from '../../src/platform/metrics/totals.js';
import { type Queue } from '../../src/platform/queue/queue.js';
import { type Storage } from '../../src/platform/storage/index.js';
import { ScanState, ScansService } from '../../src/scans/index.js';
import { SegmentsService } from '../../src/segments/index.js';
import { TracksService } from '../../src/tracks/index.js';
import { FrameIndexes, Video, VideoFiles, VideosService } from '../../src/videos/index.js';
import { BeginScanProcessor } from '../../workers/begin-scan.processor.js';
import { WorkerContext } from '../../workers/worker-context.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

const NO_TRACKS: Tracks = { chapters: [], texts: [], wallClock: undefined };
const stream = { streamIndex: 0, timeBase: { num: 1, den: 25 } } as never;
const index = { timeBase: { num: 1, den: 25 }, originPts: 0, endPts: 100, pts: Float64Array.of(0, 50), keyframePts: Float64Array.of(0) };

let server: StartedDatabase;
let db: DataSource;
let videoId: string;
let removed: string[];

beforeAll(async () => {
  server = await startDatabase();
  db = server.db;
});
afterAll(async () => {
  await server?.stop();
});

/** A transport stream, so that it is copied first. */
beforeEach(async () => {
  await db.query('DELETE FROM videos');
  videoId = newId();
  removed = [];
  await db.query(
    `INSERT INTO videos (id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den,
                         stream_index, start_time, duration, has_audio)
     VALUES ($1, 'a', 1, $2, $3, 'mpegts', 'h264', 2, 2, 1, 25, 0, 0, 70, false)`,
    [videoId, videoId.replaceAll('-', '').repeat(2), newId()],
  );
});

const withFile = (_key: string, use: (path: string) => Promise<unknown>): Promise<unknown> => use('/dev/null');

interface Reader {
  readonly tracks?: () => Promise<Tracks>;
  readonly remux?: () => Promise<unknown>;
}

async function begin({ tracks = () => Promise.resolve(NO_TRACKS), remux = () => Promise.resolve(undefined) }: Reader) {
  const media = { tracks, remux, probe: () => Promise.resolve({ video: stream }), indexFrames: () => Promise.resolve(index) } as unknown as Media;
  const storage = {
    withFile,
    compose: async (write: (path: string) => Promise<unknown>) => {
      const made = await write('');
      return made && { key: newId(), made };
    },
    remove: (key: string) => Promise.resolve(void removed.push(key)),
  } as unknown as Storage;
  const queue = { ring: () => Promise.resolve() } as unknown as Queue;
  const config = loadConfig({});
  const segments = new SegmentsService(db);
  const files = new VideoFiles(storage);
  const indexes = new FrameIndexes(db, media, files);
  const videos = new VideosService(db, media, indexes, queue, storage, config);
  const context = new WorkerContext(db, undefined as never, config, undefined as never, new Totals(db));
  const state = new ScanState(db, segments, config);
  const processor = new BeginScanProcessor(state, videos, files, indexes, new TracksService(db, segments, queue), media, context, storage, queue);
  await processor.process(videoId, new AbortController().signal);
  const scan = await new ScansService(db).find(videoId);
  return scan && { stage: scan.stage, status: scan.status, attempt: scan.attempt, warnings: scan.warnings.map(({ code }) => code) };
}

const videoRow = (): Promise<Video> => db.getRepository(Video).findOneByOrFail({ id: videoId });

/** Nothing kept from before; files exist and have the frames of the upload. */
function newIndexes(): FrameIndexes {
  const media = { probe: () => Promise.resolve({ video: stream }), indexFrames: () => Promise.resolve(index) } as unknown as Media;
  return new FrameIndexes(db, media, new VideoFiles({ withFile } as unknown as Storage));
}

const failing = (code: `${string}.${string}`) => () => Promise.reject(new AppError(code, 'x'));

describe('a scan that begins', () => {
  it.each([
    ['tracks that cannot be read', { tracks: failing('video.unreadable') }, ['track.unreadable']],
    ['tracks that ffmpeg breaks down on', { tracks: failing('ffmpeg.died') }, ['track.unreadable']],
    ['a copy that takes too long', { remux: failing('video.took_too_long') }, ['video.not_copied']],
    ['either', { tracks: failing('video.took_too_long'), remux: failing('ffmpeg.died') }, ['video.not_copied', 'track.unreadable']],
  ])('goes on without %s, and says so', async (_name, reader, warnings) => {
    expect(await begin(reader)).toEqual({ stage: 'chunks', status: 'processing', attempt: 0, warnings });
    expect(await new ScansService(db).chunks(videoId)).toHaveLength(2);
  });

  it.each([
    ['there is no ffmpeg', { tracks: failing('ffmpeg.not_found') }],
    ['the disk is full', { remux: failing('storage.full') }],
  ])('waits, uncounted, while %s', async (_name, reader) => {
    expect(await begin(reader)).toEqual({ stage: 'begin', status: 'queued', attempt: 0, warnings: [] });
  });

  it('stores the index of the copy; who knew the video before reads the index of the upload', async () => {
    const before = await videoRow();
    const copied = { ...index, pts: Float64Array.of(0, 25, 50) };
    await begin({ remux: () => Promise.resolve({ file: '', video: stream, index: copied }) });
    const framesOf = async (video: Video): Promise<number> => (await newIndexes().of(video)).index.pts.length;
    expect(await framesOf(await videoRow())).toBe(3);
    expect(await framesOf(before)).toBe(2);
    expect(await framesOf(await videoRow())).toBe(3);
  });

  it('keeps no copy of a video that is deleted while it is copied', async () => {
    const remux = async (): Promise<unknown> => {
      await db.query(`UPDATE videos SET status = 'deleting'`);
      return { file: '', video: stream as unknown, index };
    };
    await begin({ remux });
    expect(removed).toHaveLength(1);
    expect(await db.query('SELECT work_key FROM videos')).toEqual([{ work_key: null }]);
  });

  it('that lost its lease while it copied writes nothing and keeps no copy', async () => {
    const remux = async (): Promise<unknown> => {
      await db.query('UPDATE scans SET lease_token = lease_token + 1');
      return { file: '', video: stream as unknown, index };
    };
    await begin({ remux });
    expect(removed).toHaveLength(1);
    expect(await db.query('SELECT work_key FROM videos')).toEqual([{ work_key: null }]);
  });
});

// The state machine of scans on a real Postgres: chunks in any order, fairness between tenants and videos, fencing, deletion in the middle.
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChunkFindings } from '../../src/model/signals/chunk-findings.js';
import { planSections } from '../../src/model/grounding/sections.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { type ChunkOutcome, type ClaimedChunk, DueScans, ScanState, ScansService } from '../../src/scans/index.js';
import { curvesOf } from '../../src/scans/curves.js';
import { spritesVtt } from '../../src/scans/sprites-vtt.js';
import { SegmentsService } from '../../src/segments/index.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

let server: StartedDatabase;
let db: DataSource;
let state: ScanState;
let videoId: string;

beforeAll(async () => {
  server = await startDatabase();
  db = server.db;
  state = new ScanState(db, new SegmentsService(db), { ...loadConfig({}), LEASE_SECONDS: 1 });
});
afterAll(async () => {
  await server?.stop();
});
beforeEach(async () => {
  await db.query('DELETE FROM videos');
  await db.query('DELETE FROM tenant_turns');
  videoId = await insertVideo(70);
});

async function insertVideo(duration: number, tenant = 'default'): Promise<string> {
  const id = newId();
  await db.query(
    `INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den,
                         stream_index, start_time, duration, has_audio)
     VALUES ($1, $5, 'a', 1, $2, $3, 'mp4', 'h264', 2, 2, 1, 25, 0, 0, $4, false)`,
    [id, id.replaceAll('-', '').repeat(2), newId(), duration, tenant],
  );
  return id;
}

async function begin(id = videoId, duration = 70): Promise<void> {
  const claimed = await state.claimScan(id, 'a', 'begin');
  await state.addChunks(claimed!, planSections(duration));
  await state.begun(claimed!, []);
}

function outcome({ chunk }: ClaimedChunk): ChunkOutcome {
  const seconds = Math.ceil(chunk.endTime - chunk.startTime);
  const findings: ChunkFindings = {
    ...{ startSeconds: chunk.startTime, endSeconds: chunk.endTime, transitions: [], stretches: [], decodedUntil: chunk.endTime },
    ...{ motion: Array<number>(seconds).fill(1), camera: Array<null>(seconds).fill(null), loudness: Array<null>(seconds).fill(null) },
    cameraSpeed: Array<null>(seconds).fill(null),
    fingerprints: Array.from({ length: seconds }, (_, k) => (k === 0 ? null : 'f00000000000000f')),
    ...{ framesDecoded: 1, decodeErrors: 0, framesLost: 0, audioErrors: 0 },
  };
  const shot = { startTime: chunk.startTime, endTime: chunk.endTime, type: 'shot', text: `of ${chunk.ordinal}`, confidence: 1, evidence: { method: 'test' } };
  const sheet = { columns: 1, rows: 1, tileWidth: 2, tileHeight: 2, times: [0] };
  return { findings, segments: [shot], sprite: { key: newId(), sheet } };
}

const texts = async (): Promise<string[]> =>
  (await db.query<{ text: string }[]>('SELECT text FROM segments WHERE video_id = $1 ORDER BY start_time, text', [videoId])).map(({ text }) => text);
const due = async (): Promise<string[]> => (await new DueScans(db).due()).map(({ job }) => job.name);

describe('a scan', () => {
  it('goes from the video to its chunks to its end, and what is due is known at each step', async () => {
    expect(await due()).toEqual(['begin-scan']);
    await begin();
    expect(await due()).toEqual(['scan-chunk', 'scan-chunk']);
    const [first, second] = [(await state.claimChunk('a'))!, (await state.claimChunk('b'))!];
    expect(await state.claimChunk('c')).toBeUndefined();
    expect(await state.commitChunk(second, outcome(second))).toBe(false); // in any order
    expect(await state.commitChunk(first, outcome(first))).toBe(true);
    expect(await texts()).toEqual(['of 0', 'of 1']);
    expect(await due()).toEqual(['finish-scan']);
    const joined = { startTime: 0, endTime: 70, type: 'shot', text: 'whole', confidence: 1, evidence: { method: 'test' } };
    await state.finish((await state.claimScan(videoId, 'a', 'chunks'))!, [joined], [first, second].map((claimed) => outcome(claimed).findings));
    expect(await texts()).toEqual(['whole']);
    expect(await due()).toEqual([]);
    expect(await db.query('SELECT decoded_until FROM videos')).toEqual([{ decoded_until: 70 }]);
    expect(await db.query('SELECT count(*)::int AS seconds FROM fingerprints')).toEqual([{ seconds: 68 }]);
  });

  it('shows the seconds of a range, and the sheets that there are', async () => {
    await begin();
    for (const claimed of [(await state.claimChunk('a'))!, (await state.claimChunk('b'))!]) await state.commitChunk(claimed, outcome(claimed));
    const scans = new ScansService(db);
    expect(curvesOf(await scans.measured(videoId, 22, 26), 22, 26).motion).toEqual([1, 1, 1, 1]);
    expect(await scans.measured(videoId, 0, 24)).toHaveLength(1);
    expect(spritesVtt(await scans.sheets(videoId))).toContain('sprites/1.jpg#xywh=0,0,2,2');
    expect(await scans.spriteKey(videoId, 1)).toMatch(/-/);
    await expect(scans.spriteKey(videoId, 2)).rejects.toMatchObject({ code: 'sprite.not_found' });
  });

  it('that is begun twice has its chunks once', async () => {
    const claimed = await state.claimScan(videoId, 'a', 'begin');
    const sections = planSections(70);
    expect(await state.addChunks(claimed!, sections)).toHaveLength(2);
    expect(await state.addChunks(claimed!, sections)).toHaveLength(2);
    expect(await new ScansService(db).chunks(videoId)).toHaveLength(2);
  });

  it('is complete when its last chunk was given up, and says which part is missing', async () => {
    await begin();
    const [first, second] = [(await state.claimChunk('a'))!, (await state.claimChunk('a'))!];
    await state.commitChunk(first, outcome(first));
    expect(await state.failChunk(second, { code: 'video.unreadable', message: 'x' })).toBe(true);
    expect((await new ScansService(db).find(videoId))!.warnings).toEqual([{ code: 'video.unreadable', message: 'x', start_time: 24, end_time: 70 }]);
  });
});

describe('what belongs to the video', () => {
  it('is written by nobody who lost the scan', async () => {
    const zombie = (await state.claimScan(videoId, 'a', 'begin'))!;
    await db.query(`UPDATE scans SET lease_until = now() - interval '1 second'`);
    await state.claimScan(videoId, 'b', 'begin');
    const write = state.writeBeside(zombie, async (manager) => void (await manager.query(`UPDATE videos SET work_key = 'zombie'`)));
    await expect(write).rejects.toMatchObject({ code: 'lease.lost' });
    expect(await db.query('SELECT work_key FROM videos')).toEqual([{ work_key: null }]);
  });
});

describe('a chunk', () => {
  it('is found by each of many workers that look at once', async () => {
    const long = await insertVideo(3600);
    await begin(long, 3600);
    const claims = await Promise.all(Array.from({ length: 16 }, (_, k) => state.claimChunk(`worker ${k}`)));
    expect(new Set(claims.map((claimed) => claimed?.chunk.ordinal))).toEqual(new Set(Array.from({ length: 16 }, (_, k) => k)));
  });

  it('of a scan that has failed is not begun', async () => {
    const claimed = await state.claimScan(videoId, 'a', 'begin');
    await state.addChunks(claimed!, planSections(70));
    await state.fail(claimed!, { code: 'video.unreadable', message: 'x' });
    expect(await state.claimChunk('a')).toBeUndefined();
    expect(await due()).toEqual([]);
  });

  it('is written by nobody who lost it', async () => {
    await begin();
    const zombie = (await state.claimChunk('a'))!;
    await db.query(`UPDATE scan_chunks SET lease_until = now() - interval '1 second' WHERE id = $1`, [zombie.chunk.id]);
    const heir = (await state.claimChunk('b'))!;
    expect(heir.chunk.id).toBe(zombie.chunk.id);
    await expect(state.commitChunk(zombie, outcome(zombie))).rejects.toMatchObject({ code: 'lease.lost' });
    await state.commitChunk(heir, outcome(heir));
    expect(await texts()).toEqual(['of 0']);
  });

  it('keeps its fingerprints when the video ends within a second', async () => {
    const fractional = await insertVideo(70.04);
    await begin(fractional, 70.04);
    for (const claimed of [(await state.claimChunk('a'))!, (await state.claimChunk('a'))!]) await state.commitChunk(claimed, outcome(claimed));
    expect(await db.query('SELECT status FROM scan_chunks WHERE video_id = $1', [fractional])).toEqual([{ status: 'ready' }, { status: 'ready' }]);
  });

  it('of a video that was deleted meanwhile leaves nothing', async () => {
    await begin();
    const claimed = (await state.claimChunk('a'))!;
    await db.query('DELETE FROM videos WHERE id = $1', [videoId]);
    await expect(state.commitChunk(claimed, outcome(claimed))).rejects.toMatchObject({ code: 'lease.lost' });
    expect(await db.query('SELECT 1 FROM segments')).toEqual([]);
  });

  it('of each tenant has its turn, however many videos another has brought before', async () => {
    await db.query('DELETE FROM videos');
    const bring = async (tenant: string): Promise<void> => begin(await insertVideo(70, tenant));
    const claimed = async (): Promise<string> => {
      const { chunk } = (await state.claimChunk('a'))!;
      return (await db.query<{ tenant_id: string }[]>('SELECT tenant_id FROM videos WHERE id = $1', [chunk.videoId]))[0]!.tenant_id;
    };
    for (let k = 0; k < 5; k++) await bring('crowd');
    expect([await claimed(), await claimed(), await claimed()]).toEqual(['crowd', 'crowd', 'crowd']);
    await bring('late');
    expect([await claimed(), await claimed(), await claimed(), await claimed()]).toEqual(['late', 'crowd', 'late', 'crowd']);
  });

  it('that a task waits for comes first, and videos take turns', async () => {
    const other = await insertVideo(70);
    await begin();
    await begin(other);
    const order = [(await state.claimChunk('a'))!, (await state.claimChunk('a'))!].map(({ chunk }) => chunk.videoId);
    expect(new Set(order)).toEqual(new Set([videoId, other]));
    const third = await insertVideo(300);
    await begin(third, 300);
    await db.query('INSERT INTO tasks (id, video_id, start_time, end_time) VALUES ($1, $2, 100, 120)', [newId(), third]);
    expect((await state.claimChunk('a'))!.chunk).toMatchObject({ videoId: third, ordinal: 2, startTime: 72 });
    await db.query('INSERT INTO tasks (id, video_id, start_time, end_time, priority) VALUES ($1, $2, 0, 10, 1), ($3, $4, 200, 300, 0)', [newId(), third, newId(), third]);
    const urgent = (await state.claimChunk('a'))!.chunk;
    expect(urgent.videoId).toBe(third);
    expect(urgent.endTime).toBeGreaterThan(200);
  });
});

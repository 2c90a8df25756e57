// The order of claims in the simulation is that of the product: on random states of a real Postgres, window after window.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InTurn, Turns } from '../../bench/simulate/turns.js';
import { TaskState } from '../../src/analysis/index.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { SegmentsService } from '../../src/segments/index.js';
import { Dice } from '../../src/world/dice.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

let server: StartedDatabase;
let state: TaskState;
beforeAll(async () => {
  server = await startDatabase();
  state = new TaskState(server.db, new SegmentsService(server.db), { ...loadConfig({}), LEASE_SECONDS: 600 });
});
afterAll(() => server?.stop());

interface Waiting extends InTurn {
  readonly free: string[];
  readonly tenant: string;
}

const WINDOW_STATES = [
  ...Array.from({ length: 4 }, () => ({ status: 'queued', lease: null, due: null, isFree: true })),
  { status: 'queued', lease: null, due: 3600, isFree: false },
  { status: 'processing', lease: 3600, due: null, isFree: false },
  { status: 'processing', lease: -1, due: -1, isFree: true },
  { status: 'ready', lease: null, due: null, isFree: false },
  { status: 'failed', lease: null, due: null, isFree: false },
];

/** Tasks of all kinds, and those of them that a claim may serve. */
async function randomState(dice: Dice): Promise<Waiting[]> {
  await server.db.query('DELETE FROM videos');
  await server.db.query('DELETE FROM tenant_turns');
  const tasks: Waiting[] = [];
  for (let k = 0; k < 12; k++) {
    const [video, id, tenant] = [newId(), newId(), `tenant ${dice.below(3)}`];
    await server.db.query(
      `INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
       VALUES ($1, $4, 'a', 1, $2, $3, 'mp4', 'h264', 2, 2, 1, 25, 0, 0, 54, false)`,
      [video, video.replaceAll('-', '').repeat(2), newId(), tenant],
    );
    const servedAgo = dice.chance(0.4) ? null : 1 + dice.below(1000);
    const status = dice.chance(0.8) ? 'processing' : 'queued';
    const priority = dice.below(3);
    const states = Array.from({ length: dice.below(7) }, () => WINDOW_STATES[dice.below(WINDOW_STATES.length)]!);
    await server.db.query(
      `INSERT INTO tasks (id, video_id, start_time, end_time, status, stage, priority, windows_total, windows_done, served_at)
       VALUES ($1, $2, 0, 54, $3, 'windows', $4, $5, $6, now() - make_interval(secs => $7))`,
      [id, video, status, priority, states.length, states.filter(({ status }) => status === 'ready' || status === 'failed').length, servedAgo],
    );
    const free: string[] = [];
    for (const [ordinal, window] of states.entries()) {
      const windowId = newId();
      await server.db.query(
        `INSERT INTO windows (id, task_id, ordinal, start_time, end_time, status, lease_until, not_before, result, error_code)
         VALUES ($1, $2, $3, 0, 30, $4, now() + make_interval(secs => $5), now() + make_interval(secs => $6), $7, $8)`,
        [windowId, id, ordinal, window.status, window.lease, window.due, window.status === 'ready' ? '{}' : null, window.status === 'failed' ? 'x.y' : null],
      );
      if (window.isFree) free.push(windowId);
    }
    if (status === 'processing' && free.length > 0) tasks.push({ id, priority, servedAt: servedAgo === null ? undefined : -servedAgo, free, tenant });
  }
  return tasks;
}

describe('claims', () => {
  it.each([1, 2, 3, 4, 5, 6])('come in the order of the turns (state %i)', async (seed) => {
    const turns = new Turns<Waiting>(({ tenant }) => tenant);
    for (const task of await randomState(new Dice(seed, 1))) turns.join(task);
    const expected: string[] = [];
    for (let task = turns.next(); task; task = turns.next()) {
      expected.push(task.free.shift()!);
      if (task.free.length > 0) turns.join(task);
    }
    const claimed: string[] = [];
    for (let window = await state.claimWindow('test'); window; window = await state.claimWindow('test')) claimed.push(window.window.id);
    expect(claimed).toEqual(expected);
    expect(claimed.length).toBeGreaterThan(5);
  });

  it('serve every tenant in its turn, however many tasks another has brought before', async () => {
    await server.db.query('DELETE FROM videos');
    const bring = async (tenant: string, tasks: number): Promise<void> => {
      await server.db.query(
        `WITH video AS (
           INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
           SELECT md5($1 || k)::uuid, $1, 'a', 1, md5($1 || k) || md5($1 || k), $1 || k, 'mp4', 'h264', 2, 2, 1, 25, 0, 0, 54, false FROM generate_series(1, $2::int) k RETURNING id),
         task AS (INSERT INTO tasks (id, video_id, start_time, end_time, status, stage, windows_total) SELECT id, id, 0, 54, 'processing', 'windows', 2 FROM video RETURNING id)
         INSERT INTO windows (id, task_id, ordinal, start_time, end_time) SELECT gen_random_uuid(), id, n, 0, 30 FROM task, generate_series(0, 1) n`,
        [tenant, tasks],
      );
    };
    const claimed = async (): Promise<string> => {
      const { task } = (await state.claimWindow('test'))!;
      return (await server.db.query<{ tenant_id: string }[]>('SELECT tenant_id FROM videos WHERE id = $1', [task.videoId]))[0]!.tenant_id;
    };
    await bring('crowd', 100);
    expect([await claimed(), await claimed(), await claimed()]).toEqual(['crowd', 'crowd', 'crowd']);
    await bring('late', 1);
    expect([await claimed(), await claimed(), await claimed(), await claimed(), await claimed()]).toEqual(['late', 'crowd', 'late', 'crowd', 'crowd']);
  });

  it('find whose turn it is by the index, however many tasks are open', async () => {
    await server.db.query('DELETE FROM videos');
    await server.db.query(
      `WITH video AS (
         INSERT INTO videos (id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
         SELECT md5(k::text)::uuid, 'a', 1, md5(k::text) || md5(k::text), k, 'mp4', 'h264', 2, 2, 1, 25, 0, 0, 54, false FROM generate_series(1, 3000) k RETURNING id),
       task AS (INSERT INTO tasks (id, video_id, start_time, end_time, status, stage, windows_total) SELECT id, id, 0, 54, 'processing', 'windows', 40 FROM video RETURNING id)
       INSERT INTO windows (id, task_id, ordinal, start_time, end_time) SELECT gen_random_uuid(), id, n, 0, 30 FROM task, generate_series(0, 39) n`,
    );
    await server.db.query('ANALYZE tasks, windows');
    const before = await usage();
    for (let k = 0; k < 20; k++) await state.claimWindow('test');
    await expect.poll(async () => (await usage()).turns - before.turns, { timeout: 30_000 }).toBeGreaterThanOrEqual(20);
    expect((await usage()).scanned).toBe(before.scanned);
  });
});

/** Uses of the index, and rows of tasks and windows that were read without any, as far as the server has counted them. */
async function usage(): Promise<{ turns: number; scanned: number }> {
  const [row] = await server.db.query<{ turns: number; scanned: number }[]>(
    `SELECT (SELECT idx_scan::int FROM pg_stat_user_indexes WHERE indexrelname = 'tasks_in_turn') AS turns,
            (SELECT sum(seq_tup_read)::int FROM pg_stat_user_tables WHERE relname IN ('tasks', 'windows')) AS scanned`,
  );
  return row ?? { turns: 0, scanned: 0 };
}

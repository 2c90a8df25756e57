// The state machine of tasks and windows on a real Postgres: leases, fencing, and what is left when somebody dies in between.
import { setTimeout as pause } from 'node:timers/promises';
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { DueWork, type PlannedPart, TaskState, type WindowOutcome } from '../../src/analysis/index.js';
import { cancelTasks } from '../../src/analysis/cancel-tasks.js';
import { presentWindow } from '../../src/analysis/task.schema.js';
import { TasksService } from '../../src/analysis/tasks.service.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { type Notifications } from '../../src/platform/database/notifications.js';
import { newId } from '../../src/platform/database/id.js';
import { Totals } from '../../src/platform/metrics/totals.js';
import { type Queue } from '../../src/platform/queue/queue.js';
import { SegmentsService } from '../../src/segments/index.js';
import { WorkerContext } from '../../workers/worker-context.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

const LEASE_SECONDS = 1;

let server: StartedDatabase;
let database: DataSource;
let state: TaskState;
let context: WorkerContext;
let taskId: string;

beforeAll(async () => {
  server = await startDatabase();
  database = server.db;
  const config = { ...loadConfig({}), LEASE_SECONDS };
  state = new TaskState(database, new SegmentsService(database), config);
  const silent = { subscribe: () => () => undefined } as unknown as Notifications;
  context = new WorkerContext(database, silent, config, undefined as never, new Totals(database));
});
afterAll(async () => {
  await server?.stop();
});

/** A task whose plan has two windows, alone in the database. */
beforeEach(async () => {
  await database.query('DELETE FROM videos');
  taskId = await insertTask();
});

async function insertTask(priority = 1): Promise<string> {
  const videoId = newId();
  const id = newId();
  await database.query(
    `INSERT INTO videos (id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den,
                         stream_index, start_time, duration, has_audio)
     VALUES ($1, 'a', 1, $2, $3, 'mp4', 'h264', 2, 2, 1, 25, 0, 0, 54, false)`,
    [videoId, videoId.replaceAll('-', '').repeat(2), newId()],
  );
  await database.query(`INSERT INTO tasks (id, video_id, start_time, end_time, priority) VALUES ($1, $2, 0, 54, $3)`, [id, videoId, priority]);
  return id;
}

const plan = {
  warnings: [],
  plannedUntil: 54,
  isLast: true,
  windows: [
    { startTime: 0, endTime: 30, sampling: { fps: 2 }, why: {} },
    { startTime: 24, endTime: 54, sampling: { fps: 2 }, why: {} },
  ],
};

const outcome = (text: string): WindowOutcome => ({
  record: {
    ...{ effective_fps: 2, second_per_grid_ts: 1, frame_times: [], temporal_ids: [], video_grid_thw: [1, 2, 2], width: 28, height: 28 },
    ...{ prompt_hash: '', answer: text, finish_reason: 'stop' },
  },
  segments: [{ startTime: 1, endTime: 2, type: 'event', text, confidence: 1, evidence: { model: { name: 'm', hash: 'h' }, windows: [] } }],
  unparsed: 1,
  warnings: [],
  model: { name: 'm', hash: 'h' },
});

async function planned(id = taskId, part: PlannedPart = plan): Promise<string[]> {
  const claimed = await state.claimTask(id, 'a', ['queued', 'scan']);
  return (await state.addWindows(claimed!, part)).added;
}

const lapse = (table: string, id: string): Promise<unknown> =>
  database.query(`UPDATE ${table} SET lease_until = now() - interval '1 second' WHERE id = $1`, [id]);

const row = async <T>(sql: string): Promise<T> => (await database.query<T[]>(sql, [taskId]))[0]!;
const texts = async (): Promise<string[]> =>
  (await database.query<{ text: string }[]>('SELECT text FROM segments WHERE task_id = $1 ORDER BY window_ordinal', [taskId])).map((s) => s.text);

describe('a task that ends while it is canceled', () => {
  it('ends one way or the other, and nobody is in the way of the other', async () => {
    await planned();
    await database.query(`UPDATE tasks SET lease_until = NULL, windows_done = 2 WHERE id = $1`, [taskId]);
    const claimed = await state.claimTask(taskId, 'a', ['windows']);
    await database.query(`CREATE FUNCTION held_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$`);
    await database.query(`CREATE TRIGGER a_held_up AFTER UPDATE ON tasks FOR EACH ROW WHEN (NEW.status = 'ready') EXECUTE FUNCTION held_up()`); // before the one that changes the video
    const gate = database.createQueryRunner();
    await gate.query('SELECT pg_advisory_lock(4711)');
    const waiting = (count: number) =>
      expect.poll(async () => (await database.query<unknown[]>(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).length, { timeout: 30_000 }).toBe(count);
    const finished = state.finishTask(claimed!, () => []);
    await waiting(1);
    const canceled = database.transaction((manager) => cancelTasks(manager, 'id', taskId));
    await waiting(2);
    await gate.query('SELECT pg_advisory_unlock(4711)');
    await gate.release();
    expect(await Promise.allSettled([finished, canceled])).toEqual([{ status: 'fulfilled', value: undefined }, { status: 'fulfilled', value: [] }]);
    await database.query('DROP TRIGGER a_held_up ON tasks');
  });
});

describe('a lease', () => {
  it('is held by one worker at a time, and passes on when it ends', async () => {
    const [first, second] = await planned();
    expect((await state.claimWindow('a'))!.window.id).toBe(first);
    expect((await state.claimWindow('b'))!.window.id).toBe(second);
    expect(await state.claimWindow('c')).toBeUndefined();
    await lapse('windows', first!);
    expect((await state.claimWindow('c'))!.window.id).toBe(first);
  });

  it('that has passed on writes nothing: a worker taken for dead leaves no trace', async () => {
    const [first] = await planned();
    const zombie = await state.claimWindow('a');
    await lapse('windows', first!);
    const heir = await state.claimWindow('b');
    await expect(state.commitWindow(zombie!, outcome('zombie'))).rejects.toMatchObject({ code: 'lease.lost' });
    await state.commitWindow(heir!, outcome('heir'));
    await expect(state.commitWindow(zombie!, outcome('zombie'))).rejects.toMatchObject({ code: 'lease.lost' });
    expect(await texts()).toEqual(['heir']);
    expect(await row('SELECT unparsed, windows_done FROM tasks WHERE id = $1')).toEqual({ unparsed: 1, windows_done: 1 });
  });

  it('is over with the commit: a commit whose answer was lost is neither taken back nor counted twice', async () => {
    await planned();
    const claimed = await state.claimWindow('a');
    await state.commitWindow(claimed!, outcome('once'));
    await expect(state.returnWindow(claimed!, { refund: false })).rejects.toMatchObject({ code: 'lease.lost' });
    await expect(state.commitWindow(claimed!, outcome('twice'))).rejects.toMatchObject({ code: 'lease.lost' });
    expect(await texts()).toEqual(['once']);
    expect(await row('SELECT unparsed FROM tasks WHERE id = $1')).toEqual({ unparsed: 1 });
  });
});

describe('tasks that are under way together', () => {
  it('take turns, window by window, those of a higher priority first', async () => {
    const [urgent, other] = [await insertTask(0), await insertTask()];
    for (const id of [taskId, other, urgent]) await planned(id);
    const order: string[] = [];
    for (let claimed = await state.claimWindow('a'); claimed; claimed = await state.claimWindow('a')) order.push(claimed.task.id);
    expect(order).toHaveLength(6);
    expect(order.slice(0, 2)).toEqual([urgent, urgent]);
    expect(new Set(order.slice(2, 4))).toEqual(new Set([taskId, other]));
    expect(new Set(order.slice(4))).toEqual(new Set([taskId, other]));
  });
});

describe('many workers that look for a window at once', () => {
  it('find one each, while there are as many', async () => {
    const windows = Array.from({ length: 16 }, (_, k) => ({ startTime: k, endTime: k + 1, sampling: { fps: 2 }, why: {} }));
    await planned(taskId, { ...plan, windows });
    const claims = await Promise.all(windows.map((_, k) => state.claimWindow(`worker ${k}`)));
    expect(new Set(claims.map((claimed) => claimed?.window.ordinal))).toEqual(new Set(windows.keys()));
    expect(await state.claimWindow('late')).toBeUndefined();
  });
});

describe('a task that is planned part by part', () => {
  const [first, second] = plan.windows;

  it('goes on until the last part is planned and looked at, and never goes back', async () => {
    await planned(taskId, { ...plan, windows: [first!], plannedUntil: 30, isLast: false });
    expect(await state.commitWindow((await state.claimWindow('a'))!, outcome('x'))).toBe(false);
    const seen = await row('SELECT stage, processed_until, windows_total FROM tasks WHERE id = $1');
    expect(seen).toEqual({ stage: 'scan', processed_until: 30, windows_total: 1 });
    await planned(taskId, { ...plan, windows: [second!] });
    expect(await row('SELECT stage, processed_until FROM tasks WHERE id = $1')).toEqual({ stage: 'windows', processed_until: 30 });
    expect(await state.commitWindow((await state.claimWindow('a'))!, outcome('y'))).toBe(true);
  });

  it('is complete at once when its last part has no windows and all others are done', async () => {
    await planned(taskId, { ...plan, windows: [first!], plannedUntil: 30, isLast: false });
    await state.commitWindow((await state.claimWindow('a'))!, outcome('x'));
    const claimed = await state.claimTask(taskId, 'a', ['scan']);
    expect(await state.addWindows(claimed!, { ...plan, windows: [] })).toEqual({ added: [], complete: true });
  });
});

describe('a canceled task', () => {
  it('takes the leases of its windows away and keeps what was stored', async () => {
    const [, second] = await planned();
    await state.commitWindow((await state.claimWindow('a'))!, outcome('kept'));
    const working = await state.claimWindow('a');
    const tasks = new TasksService(database, undefined as never, undefined as never, undefined as never, undefined as unknown as Queue, loadConfig({}));
    const before = (await tasks.windows(await tasks.get(taskId, 'default'))).map(presentWindow);
    expect(before).toMatchObject([{ status: 'ready', frames: 0, effective_fps: 2, video_grid_thw: [1, 2, 2] }, { status: 'processing', frames: null }]);
    const windows = await tasks.windows(await tasks.cancel(taskId, 'default'));
    expect(windows.map(({ status }) => status)).toEqual(['ready', 'canceled']);
    await expect(state.commitWindow(working!, outcome('late'))).rejects.toMatchObject({ code: 'lease.lost' });
    expect(await state.claimWindow('b')).toBeUndefined();
    expect(await texts()).toEqual(['kept']);
    expect(await new DueWork(database).due()).not.toContainEqual(expect.objectContaining({ id: second }));
  });
});

describe('a task that is canceled while one of its windows is being claimed', () => {
  it('has no window begun', async () => {
    await planned();
    const claiming = await database.transaction(async (manager) => {
      await manager.query(`UPDATE tasks SET status = 'canceled', finished_at = now() WHERE id = $1`, [taskId]);
      await manager.query('UPDATE windows SET lease_token = lease_token + 1, lease_until = NULL WHERE task_id = $1', [taskId]);
      const claimed = { window: state.claimWindow('a') }; // sees the task at work still, and waits for its row
      await pause(200);
      return claimed;
    });
    expect(await claiming.window).toBeUndefined();
    expect(await row('SELECT sum(attempt)::int AS begun, count(lease_until)::int AS held FROM windows WHERE task_id = $1')).toEqual({ begun: 0, held: 0 });
  });
});

describe('a finished task', () => {
  it('is ready with a warning when some windows failed, and failed when all did', async () => {
    await planned();
    expect(await state.commitWindow((await state.claimWindow('a'))!, outcome('seen'))).toBe(false);
    expect(await state.failWindow((await state.claimWindow('a'))!, { code: 'video.unreadable', message: 'x' })).toBe(true);
    await state.finishTask((await state.claimTask(taskId, 'a', ['windows']))!, (segments) => [...segments]);
    expect(await row('SELECT status, processed_until FROM tasks WHERE id = $1')).toEqual({ status: 'ready', processed_until: 54 });
    expect(await row('SELECT warnings FROM tasks WHERE id = $1')).toMatchObject({ warnings: [{ code: 'video.unreadable', start_time: 24 }] });
  });

  it('is failed with the reason when no window could be looked at', async () => {
    for (const _ of await planned()) await state.failWindow((await state.claimWindow('a'))!, { code: 'video.unreadable', message: 'x' });
    await state.finishTask((await state.claimTask(taskId, 'a', ['windows']))!, (segments) => [...segments]);
    expect(await row('SELECT status, error_code FROM tasks WHERE id = $1')).toEqual({ status: 'failed', error_code: 'video.unreadable' });
  });
});

describe('what Postgres knows to be due', () => {
  it('is what nobody holds: a task before its plan, then its windows, then its end', async () => {
    const due = async (): Promise<string[]> => (await new DueWork(database).due()).filter(({ id }) => ids.has(id)).map(({ job }) => job.name);
    const ids = new Set([taskId]);
    expect(await due()).toEqual(['plan-task']);
    const windows = await planned();
    windows.forEach((id) => ids.add(id));
    expect(await due()).toEqual(['analyze-window', 'analyze-window']);
    for (const _ of windows) await state.commitWindow((await state.claimWindow('a'))!, outcome('x'));
    expect(await due()).toEqual(['merge-task']);
  });
});

describe('work under a lease', () => {
  const quiet = new AbortController().signal;
  const run = async (attempt: number, work: () => Promise<void>, stopping = quiet) => {
    await planned();
    const claimed = (await state.claimWindow('a'))!;
    const ended: unknown[] = [];
    const leased = {
      attempt,
      work,
      giveBack: (options: { refund: boolean }) => Promise.resolve(void ended.push(options)),
      giveUp: (error: AppError) => Promise.resolve(void ended.push(error.code)),
    };
    await context.underLease(claimed.lease, leased, stopping);
    return ended;
  };
  const failing = (code: `${string}.${string}`) => () => Promise.reject(new AppError(code, 'x'));

  it.each([
    ['is tried again after a fault of the machine', 1, failing('ffmpeg.died'), [{ refund: false }]],
    ['is tried again after a fault of ours', 1, () => Promise.reject(new Error('out of memory')), [{ refund: false }]],
    ['is given up after the last attempt', 5, failing('inference.child_died'), ['inference.child_died']],
    ['is given up at once when the fault lies in the video', 1, failing('video.unreadable'), ['video.unreadable']],
    ['is tried again when the video could not be read in time', 1, failing('video.took_too_long'), [{ refund: false }]],
    ['is tried again when the bytes of the video are not there', 1, failing('video.content_missing'), [{ refund: false }]],
    ['is given up when they are still not there at the last attempt', 5, failing('video.content_missing'), ['video.content_missing']],
    ['waits, uncounted, while the disk is full', 1, failing('storage.full'), [{ refund: true }]],
    ['waits, uncounted, while this machine has no model', 1, failing('checkpoint.tensor_missing'), [{ refund: true }]],
  ] as const)('%s', async (_name, attempt, work, ended) => {
    expect(await run(attempt, work)).toEqual(ended);
  });

  it('goes back, uncounted, when the worker is stopping', async () => {
    expect(await run(1, failing('inference.aborted'), AbortSignal.abort())).toEqual([{ refund: true }]);
  });

  it('that has brought five workers down is not begun a sixth time', async () => {
    let begun = false;
    expect(await run(6, () => Promise.resolve(void (begun = true)))).toEqual(['task.gave_up']);
    expect(begun).toBe(false);
  });

  it('is told to stop when its lease passes on', async () => {
    const [first] = await planned();
    const claimed = (await state.claimWindow('a'))!;
    await lapse('windows', first!);
    await state.claimWindow('b');
    let reason: unknown;
    const until = (signal: AbortSignal): Promise<void> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject((reason = signal.reason) as Error)));
    const untouched = () => Promise.reject(new Error('the row is not ours'));
    await context.underLease(claimed.lease, { attempt: 1, work: until, giveBack: untouched, giveUp: untouched }, quiet);
    expect(reason).toMatchObject({ code: 'lease.lost' });
  });
});

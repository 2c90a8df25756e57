// What operators and editors are told, over the API on a real database: how it was, what is stored, how two analyses agree.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/database/id.js';
import { type Api, startApi } from './api.js';
import { temporaryFolder } from './servers.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

let server: StartedDatabase;
let apis: Api[];
let key: string;
const folder = temporaryFolder();

beforeAll(async () => {
  server = await startDatabase();
  apis = [];
  for (let k = 0; k < 2; k++) apis.push(await startApi({ DATABASE_URL: server.url, DATA_DIR: folder, RETENTION_VIDEO_DAYS: '90' }));
  key = (await apis[0]!.key('a')).text;
});
afterAll(async () => {
  await Promise.all((apis ?? []).map((api) => api.stop()));
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => server.db.query('DELETE FROM videos'));

async function get<T>(path: string, as = key): Promise<{ status: number; body: T & { code?: string } }> {
  const response = await fetch(apis[0]!.baseUrl + path, { headers: { authorization: `Bearer ${as}` } });
  return { status: response.status, body: (await response.json()) as T & { code?: string } };
}

/** `days`: how long ago it was uploaded. */
async function addVideo({ tenant = 'a', bytes = 1000, days = 0, removed = false } = {}): Promise<string> {
  const id = newId();
  await server.db.query(
    `INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index,
                         start_time, duration, has_audio, created_at, content_removed_at)
     VALUES ($1, $2, 'clip.mp4', $3, $4, $4, 'mp4', 'h264', 640, 360, 1, 25, 0, 0, 100, false, now() - make_interval(days => $5), CASE WHEN $6 THEN now() END)`,
    [id, tenant, bytes, randomBytes(32).toString('hex'), days, removed],
  );
  return id;
}

describe('the history of the metrics', () => {
  interface History {
    readonly step_seconds: number;
    readonly start_time: string;
    readonly charts: readonly { readonly id: string; readonly lines: readonly { readonly id: string; readonly values: readonly (number | null)[] }[] }[];
  }
  const line = ({ charts }: History, chart: string, id: string): readonly (number | null)[] => charts.find((one) => one.id === chart)!.lines.find((one) => one.id === id)!.values;

  it('has one sample for each turn, however many processes measure', async () => {
    const samples = () => server.db.query<{ turn: boolean; values: object }[]>(`SELECT extract(epoch FROM at)::int % 15 = 0 AS turn, "values" FROM metric_samples`);
    await expect.poll(async () => (await samples()).length, { timeout: 20_000 }).toBeGreaterThan(0);
    for (const { turn, values } of await samples()) {
      expect(turn).toBe(true);
      expect(Object.keys(values)).toHaveLength(15);
    }
  });

  it('shows levels and rates in even steps, and nothing where nobody measured', async () => {
    await server.db.query('DELETE FROM metric_samples');
    const add = (minutesAgo: number, values: object) =>
      server.db.query(`INSERT INTO metric_samples (at, "values") VALUES (date_bin('15 seconds', now(), 'epoch') - make_interval(secs => $1), $2) ON CONFLICT (at) DO UPDATE SET "values" = $2`, [minutesAgo * 60, JSON.stringify(values)]);
    await add(4, { 'waiting.windows': 7, 'windows.ready': 100 });
    await add(3.75, { 'waiting.windows': 9, 'windows.ready': 103 });
    const { body } = await get<History>('/v1/metrics/history?minutes=5');
    expect(body.step_seconds).toBe(15);
    expect(line(body, 'waiting', 'windows').filter((value) => value === 7 || value === 9)).toEqual([7, 9]);
    expect(line(body, 'windows', 'ready').filter((value) => value !== null && value > 0)).toEqual([12]);
    expect(line(body, 'windows', 'ready').slice(0, 2)).toEqual([null, null]);
    const { body: week } = await get<History>('/v1/metrics/history?minutes=10080');
    expect(line(week, 'waiting', 'windows').length).toBeLessThanOrEqual(240);
    expect(Math.max(...line(week, 'waiting', 'windows').map((value) => value ?? 0))).toBe(9);
    expect((await get('/v1/metrics/history?minutes=1')).status).toBe(400);
  });
});

describe('the use of the storage', () => {
  it('tells by tenant what is stored, and what its rule frees now and within a week', async () => {
    await server.db.query(`INSERT INTO retention_rules (tenant_id, content_days, video_days) VALUES ('b', 10, NULL), ('lasting', NULL, NULL)`);
    for (const [tenant, days] of [['a', 1], ['a', 85], ['a', 91], ['b', 1], ['b', 5], ['b', 12], ['lasting', 400]] as const) await addVideo({ tenant, days });
    await addVideo({ tenant: 'b', days: 50, removed: true });
    const old = await addVideo({ tenant: 'lasting', days: 1 });
    await server.db.query(`INSERT INTO proxies (id, status, storage_key, bytes) VALUES ($1, 'ready', 'proxy', 300)`, [old]);
    for (const tenant of ['a', 'gone']) {
      const cut = newId();
      await server.db.query(`INSERT INTO cuts (id, tenant_id, name, files_wanted, width, height, seconds, status, finished_at) VALUES ($1, $2, 'reel', 'each', 64, 36, 2, 'ready', now())`, [cut, tenant]);
      for (const ordinal of [0, 1]) await server.db.query(`INSERT INTO cut_files (cut_id, ordinal, storage_key, bytes, frames, seconds) VALUES ($1, $2, $3, 70, 25, 1)`, [cut, ordinal, `${tenant}${ordinal}`]);
    }
    const none = { source: 'configuration', content_days: null, video_days: 90 };
    const { body } = await get<{ tenants: unknown[]; disk: { size_bytes: number; free_bytes: number } }>('/v1/storage');
    expect(body.tenants).toEqual([
      { tenant_id: 'a', videos: 3, bytes: 3000, cut_bytes: 140, proxy_bytes: 0, retention: none, freed_bytes: { now: 1000, in_seven_days: 2000 } },
      { tenant_id: 'b', videos: 4, bytes: 3000, cut_bytes: 0, proxy_bytes: 0, retention: { source: 'tenant', content_days: 10, video_days: null }, freed_bytes: { now: 1000, in_seven_days: 2000 } },
      { tenant_id: 'gone', videos: 0, bytes: 0, cut_bytes: 140, proxy_bytes: 0, retention: none, freed_bytes: { now: 0, in_seven_days: 0 } },
      { tenant_id: 'lasting', videos: 2, bytes: 2000, cut_bytes: 0, proxy_bytes: 300, retention: { source: 'tenant', content_days: null, video_days: null }, freed_bytes: { now: 0, in_seven_days: 0 } },
    ]);
    expect(body.disk.size_bytes).toBeGreaterThan(body.disk.free_bytes);
  });
});

describe('the comparison of two analyses', () => {
  async function addTask(videoId: string, events: readonly (readonly [start: number, end: number, text: string])[]): Promise<string> {
    const id = newId();
    await server.db.query(`INSERT INTO tasks (id, video_id, status, stage, start_time, end_time, request, finished_at) VALUES ($1, $2, 'ready', 'done', 0, 100, '{"sampling": {}}', now())`, [id, videoId]);
    for (const [ordinal, [start, end, text]] of events.entries()) {
      await server.db.query(`INSERT INTO segments (id, video_id, task_id, ordinal, start_time, end_time, type, text, source) VALUES ($1, $2, $3, $4, $5, $6, 'event', $7, 'model')`, [newId(), videoId, id, ordinal, start, end, text]);
    }
    return id;
  }

  it('pairs their segments, counts, and says by how much the edges differ', async () => {
    const video = await addVideo();
    const a = await addTask(video, [[0, 10, 'The red circle grows.'], [20, 30, 'a goal'], [90, 95, 'the end']]);
    const b = await addTask(video, [[1, 10, 'red circle grows'], [20, 28, 'a foul'], [50, 60, 'rain']]);
    await server.db.query(`INSERT INTO segments (id, video_id, ordinal, start_time, end_time, type, text, source) VALUES ($1, $2, 0, 0, 50, 'shot', '', 'signal')`, [newId(), video]);
    const { body } = await get<{ data: unknown[] }>(`/v1/analyze/tasks/${a}/compare?with=${b}`);
    expect(body).toMatchObject({
      ...{ object: 'comparison', video_id: video, a, b, min_iou: 0.5, counts: { both: 2, same_words: 1, only_a: 1, only_b: 1 } },
      ...{ agreement: expect.closeTo(2 / 3) as number, mean_iou: expect.closeTo(0.85) as number },
      data: [
        { found: 'both', iou: 0.9, start_difference: 1, end_difference: 0, same_words: true, a: { text: 'The red circle grows.' }, b: { start_time: 1 } },
        { found: 'both', iou: 0.8, start_difference: 0, end_difference: -2, same_words: false },
        { found: 'only_b', a: null, b: { text: 'rain' }, iou: null },
        { found: 'only_a', a: { text: 'the end' }, b: null, start_difference: null },
      ],
    });
    expect((await get(`/v1/analyze/tasks/${a}/compare?with=${b}&min_iou=0.85`)).body).toMatchObject({ counts: { both: 1, only_a: 2, only_b: 2 } });
    expect((await get(`/v1/analyze/tasks/${a}/compare?with=${a}`)).body).toMatchObject({ agreement: 1, mean_iou: 1 });
  });

  it('is refused across videos and tenants, and without a second analysis', async () => {
    const [a, b] = [await addTask(await addVideo(), []), await addTask(await addVideo(), [])];
    const foreign = await addTask(await addVideo({ tenant: 'other' }), []);
    expect(await get(`/v1/analyze/tasks/${a}/compare?with=${b}`)).toMatchObject({ status: 422, body: { code: 'comparison.other_video' } });
    expect(await get(`/v1/analyze/tasks/${a}/compare?with=${foreign}`)).toMatchObject({ status: 404, body: { code: 'task.not_found' } });
    expect(await get(`/v1/analyze/tasks/${a}/compare`)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(await get(`/v1/analyze/tasks/${a}/compare?with=${b}&min_iou=7`)).toMatchObject({ status: 400 });
    expect((await get(`/v1/analyze/tasks/${b}/compare?with=${b}`)).body).toMatchObject({ agreement: 1, mean_iou: null, data: [] });
  });
});

// Batches of tasks on a real Postgres: faulty items are told of, states are counted, and the end is told once whoever brings it.
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { completeAbandonedBatches, TaskState } from '../../src/analysis/index.js';
import { presentBatch } from '../../src/analysis/batch.schema.js';
import { BatchesService } from '../../src/analysis/batches.service.js';
import { TasksService } from '../../src/analysis/tasks.service.js';
import { AppError } from '../../src/app-error.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { type Queue } from '../../src/platform/queue/queue.js';
import { SegmentsService } from '../../src/segments/index.js';
import { Video, VideosService } from '../../src/videos/index.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

let server: StartedDatabase;
let database: DataSource;
let state: TaskState;
let tasks: TasksService;
let batches: BatchesService;
const rung: string[] = [];

beforeAll(async () => {
  server = await startDatabase();
  database = server.db;
  await database.query(`INSERT INTO webhook_endpoints (id, tenant_id, url, secret, events) VALUES ($1, 'a', 'https://receiver.example', 's', '{batch.completed}')`, [newId()]);
  const queue = { ring: (_job: unknown, id: string) => Promise.resolve(void rung.push(id)) } as unknown as Queue;
  const videos = new VideosService(database, ...(Array(5).fill(undefined) as [never, never, never, never, never]));
  const config = { ...loadConfig({}), QUOTA_CONCURRENT_TASKS: 20 };
  tasks = new TasksService(database, videos, undefined as never, undefined as never, queue, config);
  batches = new BatchesService(database, tasks, queue);
  state = new TaskState(database, new SegmentsService(database), config);
});
afterAll(async () => {
  await server?.stop();
});
beforeEach(() => database.query('DELETE FROM webhook_messages'));

/** The batches that receivers are told of, in the transactions that completed them. */
async function completed(): Promise<string[]> {
  const told = await database.query<{ body: string }[]>(`SELECT body FROM webhook_messages WHERE type = 'batch.completed'`);
  return told.map(({ body }) => (JSON.parse(body) as { data: { batch_id: string } }).data.batch_id);
}

async function insertVideo(tenantId = 'a'): Promise<string> {
  const id = newId();
  const known = { name: 'a', bytes: '1', sha256: id.replaceAll('-', '').padEnd(64, '0'), storageKey: newId(), workKey: null, status: 'ready', container: 'mp4', codec: 'h264' } as const;
  const shown = { width: 2, height: 2, rotation: 0, frameRate: null, timeBaseNum: 1, timeBaseDen: 25, streamIndex: 0, startTime: 0, duration: 54 } as const;
  await database.getRepository(Video).insert({ id, tenantId, ...known, ...shown, decodedUntil: null, recordedAt: null, hasAudio: false });
  return id;
}

const finish = async (id: string): Promise<void> => {
  const claimed = (await state.claimTask(id, 'w', ['queued']))!;
  await state.failTask(claimed, new AppError('task.scan_failed', 'no'));
};
const taskIds = async (batch_id: string): Promise<string[]> => (await tasks.list('a', { limit: 100, batch_id })).data.map(({ id }) => id).reverse();

describe('a batch', () => {
  it('makes a task of every item that it can, and tells of the others with code and place', async () => {
    const [video, foreign] = [await insertVideo(), await insertVideo('b')];
    const schema = { type: 'object', properties: { zebra: { type: 'boolean' }, a: { type: 'boolean' } } };
    const made = await batches.create('a', [
      { video_id: video, priority: 'low' },
      { video_id: foreign },
      { video_id: video, end_time: 1, response_format: { type: 'json_schema', json_schema: { schema } } },
      { video_id: video, fps: 2 },
      { video_id: video, response_format: { type: 'json_schema', json_schema: { schema: { not: {} } } } },
      'nothing',
      { video_id: video, start_time: 60 },
    ]);
    expect(presentBatch(made)).toMatchObject({
      ...{ status: 'queued', items: 7, counts: { queued: 2, processing: 0, ready: 0, failed: 0, canceled: 0, deleted: 0 }, completed_at: null },
      failed_items: [
        { index: 1, code: 'video.not_found' },
        { index: 3, code: 'request.invalid' },
        { index: 4, code: 'schema.unsupported', message: expect.stringContaining('$.not') as string },
        { index: 5, code: 'request.invalid' },
        { index: 6, code: 'task.range_outside_video' },
      ],
    });
    const { data } = await tasks.list('a', { limit: 10, batch_id: made.batch.id });
    expect(data.map(({ batchItem, priority, endTime }) => [batchItem, priority, endTime])).toEqual([[2, 1, 1], [0, 2, 54]]);
    expect(Object.keys(data[0]!.request.responseSchema!['properties'] as object)).toEqual(['zebra', 'a']);
    expect(rung).toEqual(expect.arrayContaining(data.map(({ id }) => id)));
    await expect(batches.get('b', made.batch.id)).rejects.toMatchObject({ code: 'batch.not_found' });
  });

  it('is over once its last task is, and tells so once, also when two end at the same time', async () => {
    const video = await insertVideo();
    const { batch } = await batches.create('a', Array(6).fill({ video_id: video }));
    const ids = await taskIds(batch.id);
    for (const id of ids.slice(0, 2)) await finish(id);
    expect(presentBatch(await batches.get('a', batch.id))).toMatchObject({ status: 'processing', counts: { queued: 4, failed: 2 } });
    await Promise.all([...ids.slice(2, 5).map(finish), tasks.cancel(ids[5]!, 'a')]);
    expect(presentBatch(await batches.get('a', batch.id))).toMatchObject({ status: 'completed', counts: { queued: 0, failed: 5, canceled: 1 } });
    expect(await completed()).toEqual([batch.id]);
    await expect(batches.cancel('a', batch.id)).rejects.toMatchObject({ code: 'batch.already_completed' });
  });

  it('of nothing that can be done is over at once', async () => {
    const { batch } = await batches.create('a', [{}]);
    expect(batch.completedAt).not.toBeNull();
    expect(await completed()).toEqual([batch.id]);
  });

  it('is canceled with the tasks that are still open, as often as that is asked', async () => {
    const { batch } = await batches.create('a', Array(3).fill({ video_id: await insertVideo() }));
    const [first] = await taskIds(batch.id);
    await finish(first!);
    for (let time = 0; time < 2; time++) {
      expect(presentBatch(await batches.cancel('a', batch.id))).toMatchObject({ status: 'canceled', counts: { failed: 1, canceled: 2 } });
    }
    expect(await completed()).toEqual([batch.id]);
  });

  it('is over too when its last videos are deleted', async () => {
    const video = await insertVideo();
    const { batch } = await batches.create('a', [{ video_id: video }]);
    await database.query('DELETE FROM videos WHERE id = $1', [video]);
    await completeAbandonedBatches(database);
    expect(presentBatch(await batches.get('a', batch.id))).toMatchObject({ status: 'completed', counts: { queued: 0, deleted: 1 } });
  });

  it('is refused whole where its tasks would be more than the tenant may have', async () => {
    const items = (count: number, video_id: string): object[] => Array.from({ length: count }, () => ({ video_id }));
    const video = await insertVideo('d');
    await expect(batches.create('d', items(21, video))).rejects.toMatchObject({ code: 'quota.concurrent_tasks' });
    expect((await batches.list('d', { limit: 10 })).data).toEqual([]);
    expect((await batches.create('d', items(20, video))).counts.queued).toBe(20);
  });

  it('is listed page by page, newest first', async () => {
    const made: string[] = [];
    for (let k = 0; k < 3; k++) made.unshift((await batches.create('c', [{}])).batch.id);
    const page = await batches.list('c', { limit: 2 });
    const rest = await batches.list('c', { limit: 2, cursor: page.next_cursor! });
    expect([...page.data, ...rest.data].map(({ batch }) => batch.id)).toEqual(made);
    expect(rest.next_cursor).toBeNull();
  });
});

// Tests of the schema, the migrations and the notifications, on every Postgres there is.
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { entities } from '../../src/entities.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { newId } from '../../src/platform/database/id.js';
import { migrate, revert } from '../../src/platform/database/migrate.js';
import { createNotifications, type Notifications } from '../../src/platform/database/notifications.js';
import { embeddedPostgres, systemPostgres, type TestServer, titleOf } from './servers.js';

const STEPS = 4;
const FIRST_TABLES = ['moment_queries', 'moments', 'segments', 'tasks', 'videos', 'windows', 'workers'];
const SCAN_TABLES = ['fingerprints', 'frame_vectors', 'scan_chunks', 'scans', 'segment_vectors', 'tracks', 'video_streams'];
const TABLES = [...FIRST_TABLES, ...SCAN_TABLES, 'api_keys', 'idempotency_keys', 'rate_buckets'].sort();

const VIDEO = {
  name: 'clip.mp4',
  bytes: 1,
  sha256: 'a'.repeat(64),
  container: 'mp4',
  codec: 'h264',
  width: 640,
  height: 360,
  time_base_num: 1,
  time_base_den: 90_000,
  stream_index: 0,
  start_time: 1.4,
  duration: 10,
  has_audio: false,
};

describe.each([embeddedPostgres, systemPostgres])('on $name', (kind) => {
  describe.skipIf(kind.missing)(titleOf(kind), () => {
    let server: TestServer;
    let db: DataSource;

    beforeAll(async () => {
      server = await kind.start();
      await migrate(server.url);
      db = await createDataSource({ url: server.url, entities }).initialize();
    });

    afterAll(async () => {
      await db?.destroy();
      await server?.stop();
    });

    async function insert(table: string, row: Record<string, unknown>): Promise<string> {
      const id = newId();
      const all = Object.entries({ id, ...row });
      const places = all.map((_, k) => `$${k + 1}`).join(', ');
      await db.query(`INSERT INTO ${table} (${all.map(([name]) => name).join(', ')}) VALUES (${places})`, all.map(([, value]) => value));
      return id;
    }

    const insertVideo = () => insert('videos', { ...VIDEO, storage_key: newId() });
    const insertTask = (video: string, more = {}) => insert('tasks', { video_id: video, start_time: 0, end_time: 10, ...more });

    const tables = async (): Promise<string[]> => {
      const rows = await db.query<{ name: string }[]>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`);
      return rows.map(({ name }) => name).filter((name) => name !== 'migrations');
    };

    it('goes up, down and up again, and up to date is up to date', async () => {
      expect(await tables()).toEqual(TABLES);
      for (let step = 1; step < STEPS; step++) await revert(server.url);
      expect(await tables()).toEqual(FIRST_TABLES);
      await revert(server.url);
      expect(await tables()).toEqual([]);
      expect(await migrate(server.url)).toHaveLength(STEPS);
      expect(await tables()).toEqual(TABLES);
      expect(await migrate(server.url)).toEqual([]);
    });

    it('is migrated once when many processes start together', async () => {
      await revert(server.url);
      const ran = await Promise.all(Array.from({ length: 5 }, () => migrate(server.url)));
      expect(ran.flat()).toHaveLength(1);
    });

    it('has every column that the entities read', async () => {
      for (const entity of entities) await db.getRepository<object>(entity).find({ take: 1 });
    });

    it('refuses states and ranges that cannot be', async () => {
      const video = await insertVideo();
      await expect(insertTask(video, { status: 'sleeping' })).rejects.toThrow(/check constraint/);
      await expect(insertTask(video, { start_time: 10, end_time: 9 })).rejects.toThrow(/check constraint/);
      await expect(insertTask(video, { status: 'ready' })).rejects.toThrow(/check constraint/); // finished without an end
      await expect(insertTask(video, { status: 'failed', finished_at: new Date() })).rejects.toThrow(/check constraint/); // without a code
      await expect(insertTask(newId())).rejects.toThrow(/foreign key/);
    });

    it('keeps one segment per task, source, window and place, merged ones included', async () => {
      const video = await insertVideo();
      const task = await insertTask(video);
      const segment = { video_id: video, task_id: task, start_time: 0, end_time: 1, type: 'event', text: 'x', source: 'model' };
      for (const window_ordinal of [0, 1, null]) await insert('segments', { ...segment, window_ordinal, ordinal: 0 });
      for (const window_ordinal of [0, 1, null]) {
        await expect(insert('segments', { ...segment, window_ordinal, ordinal: 0 })).rejects.toThrow(/unique/);
      }
    });

    it('deletes everything about a video with it', async () => {
      const video = await insertVideo();
      const task = await insertTask(video);
      await insert('windows', { task_id: task, ordinal: 0, start_time: 0, end_time: 1 });
      await insert('segments', { video_id: video, task_id: task, ordinal: 0, start_time: 0, end_time: 1, type: 'event', text: '', source: 'model' });
      await insert('segments', { video_id: video, ordinal: 0, start_time: 0, end_time: 1, type: 'shot', text: '', source: 'signal' });
      await db.query('INSERT INTO scans (id) VALUES ($1)', [video]);
      await insert('scan_chunks', { video_id: video, ordinal: 0, start_time: 0, end_time: 30 });
      const query = await insert('moment_queries', { video_id: video, query: 'when?' });
      await insert('moments', { moment_query_id: query, video_id: video, rank: 1, start_time: 0, end_time: 1, source: 'model' });
      await db.query('DELETE FROM videos WHERE id = $1', [video]);
      for (const [table, column, id] of [['tasks', 'id', task], ['windows', 'task_id', task], ['segments', 'task_id', task], ['moments', 'video_id', video], ['segments', 'video_id', video], ['scan_chunks', 'video_id', video]]) {
        expect(await db.query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [id])).toEqual([]);
      }
    });

    describe('notifications', () => {
      let notifications: Notifications;
      beforeAll(() => {
        notifications = createNotifications(server.url);
      });
      afterAll(() => notifications.close());

      const listeners = (): Promise<{ pid: number }[]> =>
        db.query(`SELECT pid FROM pg_stat_activity WHERE application_name = 'secondsight listener' AND query LIKE 'LISTEN%'`);
      const untilListening = () => vi.waitFor(async () => expect(await listeners()).toHaveLength(1), { timeout: 10_000 });

      it('arrive with the commit, on their channel only, and not at all after a rollback', async () => {
        const heard: string[] = [];
        const unsubscribe = notifications.subscribe('task changed', (payload) => heard.push(payload));
        await untilListening();
        const rolledBack = db.transaction(async (manager) => {
          await notifications.notify(manager, 'task changed', 'never');
          throw new Error('no');
        });
        await expect(rolledBack).rejects.toThrow('no');
        await db.transaction(async (manager) => {
          await notifications.notify(manager, 'another', 'elsewhere');
          await notifications.notify(manager, 'task changed', 'committed');
          expect(heard).toEqual([]);
        });
        await vi.waitFor(() => expect(heard).toEqual(['committed']));
        unsubscribe();
        await notifications.notify(db, 'task changed', 'unheard');
        const other: string[] = [];
        notifications.subscribe('end', (payload) => other.push(payload));
        await vi.waitFor(async () => {
          await notifications.notify(db, 'end', '');
          expect(other).not.toEqual([]);
        });
        expect(heard).toEqual(['committed']);
      });

      it('are heard again after the connection was lost', async () => {
        const heard: string[] = [];
        notifications.subscribe('after', (payload) => heard.push(payload));
        await untilListening();
        const [first] = await listeners();
        await db.query('SELECT pg_terminate_backend($1)', [first?.pid]);
        await vi.waitFor(
          async () => {
            await notifications.notify(db, 'after', 'again');
            expect(heard).toContain('again');
          },
          { timeout: 20_000, interval: 100 },
        );
      });
    });

    it('says what is wrong when the database cannot be migrated', async () => {
      await expect(migrate('postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject({ code: 'database.migration_failed' });
    });
  });
});


// What a window costs without its model: the ring, the claim, the lease, what is written; with few and with many open tasks.
import { NestFactory } from '@nestjs/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { type INestApplicationContext } from '@nestjs/common';
import { analyzeWindow } from '../../src/analysis/analysis.job.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.js';
import { cpuOfAll } from '../../src/platform/embedded/process-cost.js';
import { ProcessTree } from '../../src/platform/embedded/process-tree.js';
import { QUEUE, type Queue } from '../../src/platform/queue/queue.js';
import { AnalyzeWindowProcessor } from '../../workers/analyze-window.processor.js';
import { WindowReader } from '../../workers/window-reader.js';
import { WorkerModule } from '../../workers/worker.module.js';
import { median, rounded } from '../../src/model/metrics/statistics.js';
import { type Figures, tell } from '../harness/report.js';
import { instantInference, instantResult } from './instant-model.js';

export interface QueueOptions {
  readonly windows: number;
  readonly rounds: number;
  /** Beside those whose windows are done. */
  readonly openTasks: number;
}

interface Round {
  readonly milliseconds: number; // a window
  readonly nodeCpuMs: number;
  readonly postgresCpuMs: number;
  readonly rows: number;
}

const WINDOWS_OF_TASK = 150;

export async function queue({ windows, rounds, openTasks }: QueueOptions): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'secondsight-bench-'));
  const tree = new ProcessTree();
  try {
    const url = process.env['DATABASE_URL'] ?? (await startEmbeddedPostgres(tree, folder));
    await migrate(url);
    const config = loadConfig({ ...process.env, DATABASE_URL: url, DATA_DIR: folder, LOG_LEVEL: 'silent' });
    const app = await NestFactory.createApplicationContext(WorkerModule.with(config, instantInference), { logger: false, abortOnError: false });
    try {
      app.get(WindowReader).read = (_video, window, _sampling, prompts) => Promise.resolve(instantResult(window, prompts));
      const few = await measure(app, windows, rounds);
      await addTasks(app.get(DataSource), openTasks, 3);
      const many = await measure(app, windows, rounds);
      return { queue: config.REDIS_URL === undefined ? 'Postgres' : 'Redis', ...figures('', few), ...figures(`_of_${openTasks}_tasks`, many), queue_wanted_ms: 10 };
    } finally {
      await app.close();
    }
  } finally {
    await tree.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Medians of the rounds. */
function figures(suffix: string, all: readonly Round[]): Figures {
  const of = (name: keyof Round): number => median(all.map((round) => round[name]));
  return {
    [`queue_ms_per_window${suffix}`]: rounded(of('milliseconds'), 2),
    [`worker_cpu_ms_per_window${suffix}`]: rounded(of('nodeCpuMs'), 2),
    [`postgres_cpu_ms_per_window${suffix}`]: rounded(of('postgresCpuMs'), 2),
    [`rows_written_per_window${suffix}`]: rounded(of('rows'), 1),
  };
}

async function measure(app: INestApplicationContext, windows: number, rounds: number): Promise<Round[]> {
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const ids = await addTasks(app.get(DataSource), Math.ceil(windows / WINDOWS_OF_TASK), WINDOWS_OF_TASK, 0);
    const rows = await rowsWritten(app.get(DataSource));
    const before = { at: performance.now(), node: process.cpuUsage(), all: cpuOfAll() };
    await answer(app, ids.slice(0, windows));
    const spent = { ms: performance.now() - before.at, node: process.cpuUsage(before.node), postgresSeconds: cpuOfAll() - before.all };
    measured.push({
      milliseconds: spent.ms / windows,
      nodeCpuMs: (spent.node.user + spent.node.system) / 1000 / windows,
      postgresCpuMs: (spent.postgresSeconds * 1000) / windows,
      rows: ((await rowsWritten(app.get(DataSource))) - rows) / windows,
    });
    tell(`${windows} windows: ${rounded(measured.at(-1)?.milliseconds ?? NaN, 2)} ms each`);
  }
  return measured;
}

/** Rings for windows and waits until as many were answered; one after the other, as one device would. */
async function answer(app: INestApplicationContext, ids: readonly string[]): Promise<void> {
  const bell = app.get<Queue>(QUEUE);
  for (const id of ids) await bell.ring(analyzeWindow, id);
  let left = ids.length;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const handle = async (id: string, signal: AbortSignal): Promise<void> => {
    await app.get(AnalyzeWindowProcessor).process(id, signal);
    if (--left === 0) finish();
  };
  const worker = await bell.work({ [analyzeWindow.name]: handle }, { jobs: [analyzeWindow], concurrency: 1 });
  await finished;
  await worker.close({ graceSeconds: 5 });
}

/** Returns the ids of the windows; those of priority 0 are done first. */
async function addTasks(db: DataSource, count: number, windowsOfTask: number, priority = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let k = 0; k < count; k++) {
    const [video, task] = [newId(), newId()];
    await db.query(
      `INSERT INTO videos (id, name, bytes, sha256, storage_key, container, codec, width, height, frame_rate, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
       VALUES ($1, 'hour.mp4', 1, $2, $1::uuid::text, 'mp4', 'h264', 1280, 720, 25, 1, 25, 0, 0, 3600, false)`,
      [video, video.replaceAll('-', '').repeat(2)],
    );
    await db.query(
      `INSERT INTO tasks (id, video_id, start_time, end_time, status, stage, priority, windows_total, planned_until, request) VALUES ($1, $2, 0, 3600, 'processing', 'windows', $3, $4, 3600, '{"sampling": {}}')`,
      [task, video, priority, windowsOfTask],
    );
    const windows = Array.from({ length: windowsOfTask }, () => newId());
    await db.query(`INSERT INTO windows (id, task_id, ordinal, start_time, end_time) SELECT id, $1, place - 1, (place - 1) * 24, (place - 1) * 24 + 30 FROM unnest($2::uuid[]) WITH ORDINALITY AS row(id, place)`, [
      ...[task, windows],
    ]);
    ids.push(...windows);
  }
  await db.query('ANALYZE tasks, windows');
  return ids;
}

/** Of all tables, those of a queue in Postgres too; each connection tells what it wrote within a second of its last statement. */
async function rowsWritten(db: DataSource): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const [row] = await db.query<{ rows: number }[]>('SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::float8 AS rows FROM pg_stat_user_tables');
  return row?.rows ?? 0;
}

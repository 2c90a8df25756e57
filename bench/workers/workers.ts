// How many windows a second go through 1, 2, 4 and 8 workers, each with a model of its own that takes as long as a GPU would.
import { join } from 'node:path';
import pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig, PROJECT_ROOT } from '../../src/platform/config/config.js';
import { compiledModule } from '../../src/platform/embedded/compiled-module.js';
import { ProcessTree } from '../../src/platform/embedded/process-tree.js';
import { cpuOfAll } from '../../src/platform/embedded/process-cost.js';
import { rounded } from '../../src/model/metrics/statistics.js';
import { copyWithOtherHash, repeat } from '../harness/ffmpeg.js';
import { type Product, withFolder, withProduct } from '../harness/product.js';
import { type Figures, tell } from '../harness/report.js';
import { type SleepingModel, startSleepingModel } from './sleeping-model.js';

export interface WorkersOptions {
  /** About so many for each worker. */
  readonly windows: number;
  /** That a model takes for a window. */
  readonly seconds: number;
  readonly folder: string | undefined;
}

interface Rate {
  readonly workers: number;
  readonly perSecond: number;
  /** Of all processes but those of the models. */
  readonly cpuSeconds: number; // a window
}

const COUNTS = [1, 2, 4, 8];

const CARD = loadConfig({}).MODEL_DIR;
const CLIP = join(PROJECT_ROOT, 'models/demo/long_4min.mp4');
const WINDOWS_OF_CLIP = 10;
const POLL_MS = 200;
const PATIENCE_MS = 10 * 60_000;

export async function workers({ windows, seconds, folder }: WorkersOptions): Promise<Figures> {
  const models: SleepingModel[] = [];
  const tree = new ProcessTree();
  /** For a worker with a model that nobody else asks, and that has the next window before it has done the one before. */
  const envWithModel = async (): Promise<Record<string, string>> => {
    const model = await startSleepingModel(seconds);
    models.push(model);
    return { VLLM_URLS: model.url, VLLM_CONCURRENCY: '2', VLLM_CARD_DIR: CARD };
  };
  const measure = async (product: Product, db: pg.Client, made: string): Promise<Rate[]> => {
    const rates: Rate[] = [];
    for (const count of COUNTS) {
      while (models.length < count) await addWorker(tree, product, await envWithModel());
      await untilRow(db, 'SELECT 1 FROM workers WHERE status = $1 HAVING count(*) = $2', ['ready', count]);
      const [joined, file] = [join(made, `workers-${count}-joined.mp4`), join(made, `workers-${count}.mp4`)];
      await repeat(CLIP, Math.ceil((count * windows) / WINDOWS_OF_CLIP), joined);
      await copyWithOtherHash(joined, file, `for ${count} workers`);
      const rate = { workers: count, ...(await rateOf(product, db, file)) };
      tell(`${count} workers: ${rounded(rate.perSecond, 2)} windows a second, ${rounded(rate.cpuSeconds, 2)} s of processors each`);
      rates.push(rate);
    }
    return rates;
  };
  try {
    const measured = (product: Product): Promise<Rate[]> => withDatabase(product, (db) => withFolder(folder, (made) => measure(product, db, made)));
    return figuresOf(await withProduct(measured, await envWithModel()), seconds);
  } finally {
    await tree.stop();
    for (const model of models) await model.stop();
  }
}

async function addWorker(tree: ProcessTree, { directory, databaseUrl }: Product, env: Readonly<Record<string, string>>): Promise<void> {
  const module = compiledModule('../../workers/main.js', import.meta.url);
  await tree.start({ name: 'worker', module, env: { ...env, DATA_DIR: directory, DATABASE_URL: databaseUrl }, stopSeconds: 30, onLine: () => undefined });
}

async function withDatabase<T>({ databaseUrl }: Product, use: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    return await use(db);
  } finally {
    await db.end();
  }
}

/** Of an analysis of a video that is scanned already, from its request to its last window. */
async function rateOf({ api }: Product, db: pg.Client, file: string): Promise<Omit<Rate, 'workers'>> {
  const video = await api.upload(file);
  await untilRow(db, `SELECT 1 FROM scans WHERE id = $1 AND status = 'ready'`, [video.id]);
  const before = cpuOfAll();
  const task = await api.follow(await api.analyze(video.id));
  const cpuSeconds = (cpuOfAll() - before) / task.windows.total;
  const { rate: perSecond } = await untilRow<{ rate: number }>(
    db,
    `SELECT (count(*) / extract(epoch FROM max(windows.updated_at) - min(tasks.created_at)))::float8 AS rate FROM windows JOIN tasks ON tasks.id = task_id
      WHERE task_id = $1 AND windows.status = 'ready' HAVING count(*) = $2`,
    [task.id, task.windows.total],
  );
  return { perSecond, cpuSeconds };
}

/** The first row of what is selected, once there is one. */
async function untilRow<Row extends pg.QueryResultRow>(db: pg.Client, sql: string, parameters: readonly unknown[]): Promise<Row> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await pause(POLL_MS)) {
    const { rows: [row] } = await db.query<Row>(sql, [...parameters]);
    if (row) return row;
  }
  throw new Error(`No row in ${PATIENCE_MS / 60_000} minutes of ${sql}, ${JSON.stringify(parameters)}`);
}

/** Linear is as many times the rate of one as there are workers; a model is busy for the windows that it does in a second, times their length. */
function figuresOf(rates: readonly Rate[], seconds: number): Figures {
  const one = rates[0]?.perSecond ?? NaN;
  const curve = rates.flatMap(({ workers: count, perSecond, cpuSeconds }) => [
    [`workers_${count}_windows_per_second`, rounded(perSecond, 2)],
    [`workers_${count}_against_linear`, rounded(perSecond / (count * one), 3)],
    [`workers_${count}_model_busy`, rounded((perSecond * seconds) / count, 3)],
    [`workers_${count}_cpu_seconds_per_window`, rounded(cpuSeconds, 2)],
  ]);
  return { ...(Object.fromEntries(curve) as Figures), workers_model_seconds: seconds };
}

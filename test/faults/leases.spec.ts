// Who may work on what: a worker that is asked to stop, one whose model hangs, and one that was believed dead.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clipFolder } from '../medium/clips.js';
import { BreakableProduct, ownerOf } from './breakable-product.js';
import { clipOf } from './made-clips.js';
import { processesWith, type ProductProcess } from './product-process.js';
import { beginRun, type EndedRun, endRun, repeatsOf, type Run, wholeRun } from './runs.js';
import { LONG } from './seeded-random.js';

const LEASE_SECONDS = 3;
const SHUTDOWN_SECONDS = 4;

describe.skipIf(process.platform !== 'linux')('leases (Linux: reads /proc)', () => {
  const clips = clipFolder();
  let clip: string;
  let product: BreakableProduct;
  let quiet: EndedRun;

  beforeAll(async () => {
    clip = await clipOf(clips.path, 150);
    const env = { LEASE_SECONDS: String(LEASE_SECONDS), SHUTDOWN_SECONDS: String(SHUTDOWN_SECONDS) };
    product = await BreakableProduct.start({ env });
    quiet = await wholeRun(product, clip);
  });
  afterAll(async () => {
    await product?.stop();
    clips.remove();
  });

  /** One worker, and nothing to do. */
  beforeEach(async () => {
    for (const extra of product.workers.splice(1)) await extra.stop();
    for (const { id } of await product.rows<{ id: string }>('SELECT id FROM videos')) await product.client.delete(id);
    if (!product.worker.isRunning) product.worker.restart();
    await product.untilServing(product.worker);
  });

  it('are given back at SIGTERM: no attempt is lost, no lease is left to wait for (R5)', async () => {
    const run = await beginRun(product, clip);
    await untilBegun(run, 3);
    const ended = await product.worker.stop();
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.seconds).toBeLessThan(SHUTDOWN_SECONDS + 2);
    expect(await heldLeases()).toEqual([]);
    expect(await repeatsOf(product, run)).toEqual({ windows: 0 - (await waiting('windows', run)), chunks: 0 - (await waiting('scan_chunks', run)) });
    const before = await doneWindows(run);
    product.worker.restart();
    await product.untilServing(product.worker);
    await product.untilRows('SELECT 1 FROM tasks WHERE id = $1 AND windows_done > $2', [run.taskId, before]);
    const disturbed = await endRun(product, run);
    expect(disturbed.results).toBe(quiet.results);
    expect(await repeatsOf(product, run)).toEqual({ windows: 0, chunks: 0 });
  });

  it.runIf(LONG)('are given back at SIGTERM while the model hangs', async () => {
    const run = await beginRun(product, clip);
    await untilBegun(run, 2);
    await freezeModelAtWork(product.worker, run);
    const ended = await product.worker.stop();
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.seconds).toBeLessThan(SHUTDOWN_SECONDS + 2);
    expect(await heldLeases()).toEqual([]);
    product.worker.restart();
    expect((await endRun(product, run)).results).toBe(quiet.results);
    expect(await repeatsOf(product, run)).toEqual({ windows: 0, chunks: 0 });
  });

  it.runIf(LONG)('do not keep a worker from ending when the database answers no more', async () => {
    const run = await beginRun(product, clip);
    await untilBegun(run, 2);
    const servers = processesWith(`port=${new URL(product.database.url).port}`);
    expect(servers.length).toBeGreaterThan(1);
    for (const pid of servers) process.kill(pid, 'SIGSTOP');
    const ended = await product.worker.stop().finally(() => servers.forEach((pid) => process.kill(pid, 'SIGCONT')));
    expect(ended.seconds).toBeLessThan(SHUTDOWN_SECONDS + 2);
    product.worker.restart();
    expect((await endRun(product, run)).results).toBe(quiet.results);
  });

  it('last as long as the model is at work, three times their length and more: begun once, by one worker (R17)', async () => {
    const run = await beginRun(product, clip);
    await untilBegun(run, 2);
    const { inference, windowId } = await freezeModelAtWork(product.worker, run);
    await product.addWorker(); // would take whatever is given up; before, it could take all that there is
    await pause(3 * LEASE_SECONDS * 1000 + 500);
    const held = await product.rows<{ status: string; attempt: number }>('SELECT status, attempt FROM windows WHERE id = $1', [windowId]);
    process.kill(inference, 'SIGCONT');
    expect(held).toEqual([{ status: 'processing', attempt: 1 }]);
    expect((await endRun(product, run)).results).toBe(quiet.results);
    expect(await repeatsOf(product, run)).toEqual({ windows: 0, chunks: 0 });
  });

  it.runIf(LONG)('are shared by two workers, and each window and chunk is done once', async () => {
    const second = await product.addWorker();
    const runs = [await beginRun(product, clip), await beginRun(product, clip)];
    for (const run of runs) {
      expect((await endRun(product, run)).results).toBe(quiet.results);
      expect(await repeatsOf(product, run)).toEqual({ windows: 0, chunks: 0 });
    }
    const shares = await product.rows('SELECT DISTINCT lease_owner LIKE $1 AS own FROM windows', [ownerOf(second)]);
    expect(shares).toHaveLength(2);
  });

  const pieces = [
    ['window', 'windows', 'task_id'],
    ['chunk', 'scan_chunks', 'video_id'],
  ] as const;

  it.each(LONG ? pieces : pieces.slice(0, 1))('pass on when a worker freezes, who then cannot write its %s', async (_name, table, column) => {
    const frozen = product.worker;
    const run = await beginRun(product, clip);
    const id = await freezeAtWork(frozen, table, column, run);
    await product.addWorker();
    await product.untilRows(`SELECT 1 FROM ${table} WHERE id = $1 AND status = 'ready'`, [id]);
    const [taken] = await product.rows<{ written: string }>(`SELECT row_to_json(${table})::text AS written FROM ${table} WHERE id = $1`, [id]);
    frozen.signal('SIGCONT');
    await expect.poll(() => frozen.log.filter(({ code, window_id, chunk_id }) => code === 'lease.lost' && (window_id ?? chunk_id) === id).length, { timeout: 30_000 }).toBe(1);
    const [kept] = await product.rows<{ written: string }>(`SELECT row_to_json(${table})::text AS written FROM ${table} WHERE id = $1`, [id]);
    expect(kept).toEqual(taken);
    expect((await endRun(product, run)).results).toBe(quiet.results);
    const repeated = await repeatsOf(product, run);
    expect(repeated.windows + repeated.chunks).toBeLessThanOrEqual(3); // what it held: a window, a chunk, and either while the other was looked at
    await expect.poll(() => storedObjects(product).length).toBe(await knownObjects(product));
  });

  const untilBegun = (run: Run, windows: number) =>
    product.untilRows('SELECT 1 FROM tasks WHERE id = $1 AND windows_done >= $2', [run.taskId, windows - 1]);

  const doneWindows = async (run: Run): Promise<number> =>
    (await product.rows<{ windows_done: number }>('SELECT windows_done FROM tasks WHERE id = $1', [run.taskId]))[0]!.windows_done;

  async function waiting(table: 'windows' | 'scan_chunks', run: Run): Promise<number> {
    const [column, id] = table === 'windows' ? ['task_id', run.taskId] : ['video_id', run.videoId];
    const sql = `SELECT count(*)::int AS n FROM ${table} WHERE ${column} = $1 AND status = 'queued' AND attempt = 0`;
    return (await product.rows<{ n: number }>(sql, [id]))[0]!.n;
  }

  async function heldLeases(): Promise<unknown[]> {
    const tables = ['tasks', 'windows', 'scans', 'scan_chunks', 'moment_queries'];
    return product.rows(tables.map((table) => `SELECT '${table}' AS held, id FROM ${table} WHERE lease_until IS NOT NULL`).join(' UNION ALL '));
  }

  /** Stops the model in the middle of a window. */
  async function freezeModelAtWork(worker: ProductProcess, run: Run): Promise<{ inference: number; windowId: string }> {
    for (;;) {
      const inference = worker.inference!;
      process.kill(inference, 'SIGSTOP');
      await pause(300); // what had been answered is written
      const sql = `SELECT id FROM windows WHERE task_id = $1 AND status = 'processing' AND lease_until IS NOT NULL AND lease_owner LIKE $2`;
      const [window] = await product.rows<{ id: string }>(sql, [run.taskId, ownerOf(worker)]);
      if (window) return { inference, windowId: window.id };
      process.kill(inference, 'SIGCONT');
    }
  }

  /** Stops the worker while it holds a row of the table; resolves with the id of the row. */
  async function freezeAtWork(worker: ProductProcess, table: string, column: string, run: Run): Promise<string> {
    const sql = `SELECT id FROM ${table} WHERE ${column} = $1 AND status = 'processing' AND lease_until IS NOT NULL`;
    for (;;) {
      await product.untilRows(sql, [column === 'task_id' ? run.taskId : run.videoId]);
      worker.signal('SIGSTOP');
      await pause(100); // a transaction that was under way
      const [held] = await product.rows<{ id: string }>(sql, [column === 'task_id' ? run.taskId : run.videoId]);
      if (held) return held.id;
      worker.signal('SIGCONT');
    }
  }
});

const storedObjects = ({ directory }: BreakableProduct): string[] =>
  readdirSync(join(directory, 'storage/objects'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);

const knownObjects = async (product: BreakableProduct): Promise<number> =>
  (await product.rows<{ n: number }>('SELECT count(*)::int AS n FROM stored_objects'))[0]!.n;

// One api and four workers with a disk each, over one object store: two of the workers are killed for good in the middle, and nothing is lost.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clipFolder } from '../medium/clips.js';
import { keysIn, type ObjectStore, s3rver } from '../medium/object-store.js';
import { redis, type TestServer } from '../medium/servers.js';
import { BreakableProduct, ownerOf } from './breakable-product.js';
import { clipOf } from './made-clips.js';
import { type ProductProcess } from './product-process.js';
import { beginRun, endRun, type EndedRun, repeatsOf, wholeRun } from './runs.js';

const QUESTIONS = [{ query: 'the red circle moves left', curve: true }, { query: 'a man opens a door' }];
const MACHINES = ['first', 'second', 'third', 'fourth'];

const queue = redis.missing ? 'the queue in Postgres, as there is no Redis here' : 'the queue in Redis';

describe.skipIf(process.platform !== 'linux')(`machines with a disk each, ${queue} (Linux: reads /proc)`, () => {
  const clips = clipFolder();
  let clip: string;
  let store: ObjectStore;
  let bucket: string;
  let rings: TestServer | undefined;
  let product: BreakableProduct;
  let quiet: EndedRun;

  const diskOf = (machine: string): string => join(product.directory, machine);
  const addMachine = (machine: string): Promise<ProductProcess> => product.addWorker({ DATA_DIR: diskOf(machine), INFERENCE_THREADS: '1' });
  const copiesOf = (machine: string): string[] => readdirSync(join(diskOf(machine), 'object-store/copies'));

  beforeAll(async () => {
    clip = await clipOf(clips.path, 120);
    store = await s3rver.start();
    bucket = await store.bucket();
    rings = redis.missing ? undefined : await redis.start();
    const env = { ...store.env, S3_BUCKET: bucket, WEBHOOK_KEY: 'the same on every machine', ...(rings && { REDIS_URL: rings.url }) };
    product = await BreakableProduct.start({ env, worker: undefined });
    await addMachine(MACHINES[0]!);
    quiet = await wholeRun(product, clip, QUESTIONS);
    await Promise.all(MACHINES.slice(1).map(addMachine));
  });
  afterAll(async () => {
    await product?.stop();
    await rings?.stop();
    await store?.stop();
    clips.remove();
  });

  /** Kills for good whoever works on a row of the table; resolves once it is gone. */
  async function killOneWhoWorksOn(table: 'scan_chunks' | 'windows', of: string, id: string): Promise<void> {
    const living = product.workers.filter(({ isRunning }) => isRunning);
    const [row] = await product.untilRows<{ lease_owner: string }>(
      `SELECT lease_owner FROM ${table} WHERE ${of} = $1 AND status = 'processing' AND lease_until > now() AND lease_owner LIKE ANY($2)`,
      [id, living.map(ownerOf)],
    );
    const victim = living.find((worker) => row!.lease_owner.startsWith(ownerOf(worker).slice(0, -1)));
    await victim!.stop('SIGKILL');
  }

  it('end as one quiet machine does, with at most one chunk and one window begun twice', async () => {
    const run = await beginRun(product, clip);
    await killOneWhoWorksOn('scan_chunks', 'video_id', run.videoId);
    await killOneWhoWorksOn('windows', 'task_id', run.taskId);
    expect(product.workers.filter(({ isRunning }) => isRunning)).toHaveLength(2);
    const disturbed = await endRun(product, run, QUESTIONS);
    expect(disturbed.results).toBe(quiet.results);
    expect(disturbed.task.windows).toMatchObject({ done: disturbed.task.windows.total });
    const repeated = await repeatsOf(product, run);
    expect(repeated.windows).toBeLessThanOrEqual(1);
    expect(repeated.chunks).toBeLessThanOrEqual(1);
  });

  it('hold everything in the store and copies on their own disks, and the store is empty when the videos are gone', async () => {
    const objects = async (): Promise<string[]> => (await keysIn(store.client, bucket)).map((key) => key.slice(-36));
    const rows = await product.rows<{ key: string }>('SELECT key FROM stored_objects');
    expect(rows.length).toBeGreaterThan(2);
    expect(await objects()).toEqual(expect.arrayContaining(rows.map(({ key }) => key)));
    expect(MACHINES.flatMap(copiesOf).length).toBeGreaterThan(1);
    expect(readdirSync(product.directory)).not.toContain('storage');
    for (const { id } of await product.rows<{ id: string }>('SELECT id FROM videos')) await product.client.delete(id);
    expect((await objects()).length).toBeLessThanOrEqual(1); // the sheet of a chunk that its worker did not live to write down: gone after a day
  });
});

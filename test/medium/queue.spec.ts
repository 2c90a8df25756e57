// The contract of the queue, over each of its backends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { newId } from '../../src/platform/database/id.js';
import { createQueue, defineJob, type JobHandler, type Queue, type QueueOptions } from '../../src/platform/queue/queue.js';
import { embeddedPostgres, redis, type ServerKind, type TestServer, titleOf } from './servers.js';

// failing servers are the subject here, not the news
vi.hoisted(() => (process.env['LOG_LEVEL'] = 'silent'));

interface Backend {
  readonly kind: ServerKind;
  readonly optionsFor: (url: string) => QueueOptions;
}

const backends: Backend[] = [
  { kind: embeddedPostgres, optionsFor: (databaseUrl) => ({ databaseUrl }) },
  { kind: redis, optionsFor: (redisUrl) => ({ databaseUrl: 'postgres://not/used', redisUrl }) },
];

/** A handler whose calls can be looked at and held back. */
function recorder() {
  const calls: string[] = [];
  let gate: Promise<void> = Promise.resolve();
  let running = 0;
  let most = 0;
  const handler: JobHandler = async (id) => {
    calls.push(id);
    most = Math.max(most, ++running);
    await gate;
    running--;
  };
  const hold = (): (() => void) => {
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    return open;
  };
  return { calls, handler, hold, mostAtOnce: () => most };
}

const settled = { timeout: 20_000, interval: 20 };
/** Long enough for a job that should not come to come. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 400));

it('takes one connection to Postgres for each kind of job and two beside: says that it cannot be reached where there are fewer, and does with those', async () => {
  const server = await embeddedPostgres.start();
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`CREATE ROLE few LOGIN PASSWORD 'few' CONNECTION LIMIT 12`);
  await admin.query('CREATE DATABASE few OWNER few');
  const url = new URL(server.url);
  Object.assign(url, { username: 'few', password: 'few', pathname: '/few' });
  const queue = await createQueue({ databaseUrl: url.href });
  const jobs = Array.from({ length: 14 }, () => defineJob({ name: `job-${newId()}`, role: 'media' }));
  const { calls, handler } = recorder();
  const work = () => queue.work(Object.fromEntries(jobs.map(({ name }) => [name, handler])), { jobs, concurrency: 2 });
  try {
    for (let k = 0; k < 2; k++) await expect(work()).rejects.toMatchObject({ code: 'queue.unreachable' });
    await admin.query(`ALTER ROLE few CONNECTION LIMIT ${jobs.length + 2}`); // one that asks, and one that rings
    await work();
    const ids = jobs.flatMap(({ name }) => ['a', 'b', 'c'].map((id) => `${name} ${id}`));
    for (const [k, id] of ids.entries()) await queue.ring(jobs[Math.floor(k / 3)]!, id);
    await vi.waitFor(() => expect([...new Set(calls)].sort()).toEqual(ids.sort()), settled);
  } finally {
    await queue.close();
    await admin.end();
    await server.stop();
  }
});

describe.each(backends)('the queue on $kind.name', ({ kind, optionsFor }) => {
  describe.skipIf(kind.missing)(titleOf(kind), () => {
    let server: TestServer;
    const open: Queue[] = [];

    async function newQueue(options: Partial<QueueOptions> = {}): Promise<Queue> {
      const queue = await createQueue({ ...optionsFor(server.url), ...options });
      open.push(queue);
      return queue;
    }

    /** A kind of job that no other test knows. */
    const newJob = () => defineJob({ name: `job-${newId()}`, role: 'media' });

    beforeAll(async () => {
      server = await kind.start();
    });
    afterEach(async () => {
      await Promise.all(open.splice(0).map((queue) => queue.close()));
    });
    afterAll(() => server?.stop());

    it('answers a ring with its id, and several rings that wait as one', async () => {
      const [queue, job, { calls, handler }] = [await newQueue(), newJob(), recorder()];
      for (const id of ['a', 'b', 'a', 'a']) await queue.ring(job, id);
      await queue.work({ [job.name]: handler }, { jobs: [job], concurrency: 1 });
      await vi.waitFor(() => expect(calls).toEqual(['a', 'b']), settled);
      await quiet();
      expect(calls).toEqual(['a', 'b']);
    });

    it('answers a ring that comes while its id is being done afterwards, once, and never two at a time', async () => {
      const [queue, job, { calls, handler, hold, mostAtOnce }] = [await newQueue(), newJob(), recorder()];
      const release = hold();
      await queue.work({ [job.name]: handler }, { jobs: [job], concurrency: 4 });
      await queue.ring(job, 'a');
      await vi.waitFor(() => expect(calls).toEqual(['a']), settled);
      for (let k = 0; k < 3; k++) await queue.ring(job, 'a');
      await quiet();
      release();
      await vi.waitFor(() => expect(calls).toEqual(['a', 'a']), settled);
      await quiet();
      expect(calls).toEqual(['a', 'a']);
      expect(mostAtOnce()).toBe(1);
    });

    it('has room for many kinds of jobs', async () => {
      const warnings: string[] = [];
      const note = ({ name }: Error): void => void warnings.push(name);
      process.on('warning', note);
      onTestFinished(() => void process.off('warning', note));
      const queue = await newQueue();
      for (let k = 0; k < 12; k++) await queue.ring(newJob(), 'a');
      await quiet(); // a warning comes later
      expect(warnings).toEqual([]);
    });

    it('rings again after completion and after failure', async () => {
      const [queue, job, { calls, handler }] = [await newQueue(), newJob(), recorder()];
      const failing: JobHandler = async (id, signal) => {
        await handler(id, signal);
        if (calls.length === 1) throw new Error('once');
      };
      await queue.work({ [job.name]: failing }, { jobs: [job], concurrency: 1 });
      for (let k = 1; k <= 3; k++) {
        await vi.waitFor(async () => {
          await queue.ring(job, 'a');
          expect(calls.length).toBeGreaterThanOrEqual(k);
        }, settled);
      }
    });

    it('answers the lower priority first', async () => {
      const [queue, job, { calls, handler }] = [await newQueue(), newJob(), recorder()];
      await queue.ring(job, 'ordinary');
      await queue.ring(job, 'later', { priority: 200 });
      await queue.ring(job, 'first', { priority: 1 });
      await queue.work({ [job.name]: handler }, { jobs: [job], concurrency: 1 });
      await vi.waitFor(() => expect(calls).toEqual(['first', 'ordinary', 'later']), settled);
    });

    it('lets no kind of job wait for another', async () => {
      const [queue, slow, quick] = [await newQueue(), newJob(), newJob()];
      const [long, short] = [recorder(), recorder()];
      const release = long.hold();
      await queue.work({ [slow.name]: long.handler, [quick.name]: short.handler }, { jobs: [slow, quick], concurrency: 1 });
      await queue.ring(slow, 'a');
      await vi.waitFor(() => expect(long.calls).toEqual(['a']), settled);
      await queue.ring(quick, 'b');
      await vi.waitFor(() => expect(short.calls).toEqual(['b']), settled);
      release();
    });

    it('does not start unless each job has exactly one handler', async () => {
      const [queue, first, second, { handler }] = [await newQueue(), newJob(), newJob(), recorder()];
      const mismatch = { code: 'queue.handlers_mismatch' };
      await expect(queue.work({ [first.name]: handler }, { jobs: [first, second], concurrency: 1 })).rejects.toMatchObject(mismatch);
      await expect(queue.work({ [first.name]: handler, [second.name]: handler }, { jobs: [first], concurrency: 1 })).rejects.toMatchObject(mismatch);
      await expect(queue.work({ [first.name]: handler }, { jobs: [first, first], concurrency: 1 })).rejects.toMatchObject(mismatch);
    });

    it('gives what a closing worker could not finish to another at once', async () => {
      const [queue, other, job, { calls, handler }] = [await newQueue(), await newQueue(), newJob(), recorder()];
      const endless: JobHandler = (_id, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      const started = vi.fn(endless);
      const worker = await queue.work({ [job.name]: started }, { jobs: [job], concurrency: 1 });
      await queue.ring(job, 'a');
      await vi.waitFor(() => expect(started).toHaveBeenCalledOnce(), settled);
      await worker.close({ graceSeconds: 0.2 });
      await other.work({ [job.name]: handler }, { jobs: [job], concurrency: 1 });
      await vi.waitFor(() => expect(calls).toEqual(['a']), settled);
    });

    it('gives the work of a worker that was killed to another, rings that came meanwhile included', async () => {
      const [job, { calls, handler }] = [newJob(), recorder()];
      const module = JSON.stringify(new URL('../../dist/src/platform/queue/queue.js', import.meta.url).href);
      const code = `
        const { createQueue } = await import(${module});
        const queue = await createQueue(${JSON.stringify({ ...optionsFor(server.url), lockSeconds: 2 })});
        const job = { name: ${JSON.stringify(job.name)} };
        await queue.work({ [job.name]: (id) => { console.log(id); return new Promise(() => {}); } }, { jobs: [job], concurrency: 1 });
        await queue.ring(job, 'a');`;
      const doomed = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(createInterface({ input: doomed.stdout }), 'line');
      doomed.kill('SIGKILL');
      const queue = await newQueue({ lockSeconds: 2 });
      await queue.ring(job, 'a');
      await queue.work({ [job.name]: handler }, { jobs: [job], concurrency: 1 });
      await vi.waitFor(() => expect(calls.length).toBeGreaterThanOrEqual(1), settled);
      expect(new Set(calls)).toEqual(new Set(['a']));
    });

    it('goes on after its server was killed and came back', async () => {
      const [queue, job, { calls, handler }] = [await newQueue(), newJob(), recorder()];
      await queue.work({ [job.name]: handler }, { jobs: [job], concurrency: 1 });
      await server.restart();
      await vi.waitFor(async () => {
        await queue.ring(job, 'a');
        expect(calls).not.toEqual([]);
      }, settled);
      expect(new Set(calls)).toEqual(new Set(['a']));
    });

    it('says that its server is away, and closes without it', async () => {
      const own = await kind.start();
      const queue = await createQueue(optionsFor(own.url));
      const [job, { handler }] = [newJob(), recorder()];
      await queue.work({ [job.name]: handler }, { jobs: [job], concurrency: 1 });
      await expect(queue.check()).resolves.toBeUndefined();
      await own.stop();
      await expect(queue.check()).rejects.toMatchObject({ code: 'queue.unreachable' });
      await expect(queue.ring(job, 'a')).resolves.toBeUndefined();
      await queue.close();
      await expect(createQueue(optionsFor(own.url))).rejects.toMatchObject({ code: 'queue.unreachable' });
    });

    if (kind !== redis) return;

    it('goes on after Redis has forgotten everything', async () => {
      const [queue, job, { calls, handler, hold }] = [await newQueue(), newJob(), recorder()];
      const release = hold();
      await queue.work({ [job.name]: handler }, { jobs: [job], concurrency: 1 });
      await queue.ring(job, 'a');
      await vi.waitFor(() => expect(calls).toEqual(['a']), settled);
      const admin = new Redis(server.url);
      await admin.flushall();
      admin.disconnect();
      release();
      await queue.ring(job, 'b');
      await vi.waitFor(() => expect(calls).toEqual(['a', 'b']), settled);
    });
  });
});

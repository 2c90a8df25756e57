// Tests of the embedded Postgres and of the process tree, with real processes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.js';
import { openCluster } from '../../src/platform/embedded/postgres-cluster.js';
import { ProcessTree } from '../../src/platform/embedded/process-tree.js';
import { isAlive } from '../../src/platform/embedded/running-process.js';
import { claimFolder, runningService } from '../../src/platform/embedded/single-instance.js';
import { temporaryFolder } from './servers.js';

const isRoot = process.getuid?.() === 0;
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newFolder(): string {
  const folder = temporaryFolder();
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function newTree(): ProcessTree {
  const tree = new ProcessTree();
  cleanups.push(() => tree.stop());
  return tree;
}

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const serverPid = (folder: string): number => Number(readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
const gone = (pid: number) => vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000, interval: 50 });

/** A process that runs a server on the folder and prints the ids of the server and of its guard. */
async function startHost(folder: string): Promise<{ host: ChildProcess; guard: number }> {
  const dist = (name: string): string => JSON.stringify(new URL(`../../dist/src/platform/embedded/${name}.js`, import.meta.url).href);
  const code = `
    const { ProcessTree } = await import(${dist('process-tree')});
    const { startEmbeddedPostgres } = await import(${dist('embedded-postgres')});
    const tree = new ProcessTree();
    await startEmbeddedPostgres(tree, ${JSON.stringify(folder)});
    console.log(tree.children[0].pid);`;
  const host = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string];
  return { host, guard: Number(line) };
}

describe('the embedded Postgres', () => {
  it('keeps its data from one start to the next', async () => {
    const folder = newFolder();
    const first = newTree();
    const url = await startEmbeddedPostgres(first, folder);
    expect(await query(url, `SELECT current_setting('server_version_num')::int >= 150000 AS modern`)).toEqual([{ modern: true }]);
    await query(url, `CREATE TABLE kept AS SELECT 42 AS answer`);
    await first.stop();
    const again = await startEmbeddedPostgres(newTree(), folder);
    expect(await query(again, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('lets nobody in without the password, which nobody else can read', async () => {
    const folder = newFolder();
    const url = new URL(await startEmbeddedPostgres(newTree(), folder));
    url.password = 'guessed';
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(folder, 'postgres/password')).mode & 0o077).toBe(0);
  });

  it('stops when the process that started it is killed', async () => {
    const folder = newFolder();
    const { host } = await startHost(folder);
    const pid = serverPid(folder);
    host.kill('SIGKILL');
    await gone(pid);
  });

  it('takes the place of a server that outlived its guard', async () => {
    const folder = newFolder();
    const { host, guard } = await startHost(folder);
    const orphan = serverPid(folder);
    process.kill(guard, 'SIGKILL');
    host.kill('SIGKILL');
    const url = await startEmbeddedPostgres(newTree(), folder);
    expect(isAlive(orphan)).toBe(false);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is not kept from starting by a pid file whose number now belongs to another process', async () => {
    const folder = newFolder();
    const { data } = await openCluster(folder);
    writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);
    const url = await startEmbeddedPostgres(newTree(), folder);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts again when the server dies', async () => {
    const folder = newFolder();
    const url = await startEmbeddedPostgres(newTree(), folder);
    const pid = serverPid(folder);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]), { timeout: 30_000, interval: 200 });
    expect(serverPid(folder)).not.toBe(pid);
  });

  it.skipIf(!isRoot)('runs for root below a folder that only root may enter (skipped unless root)', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'closed-'));
    cleanups.push(() => rmSync(closed, { recursive: true, force: true }));
    chmodSync(closed, 0o700);
    const folder = join(closed, 'data');
    mkdirSync(folder);
    const { data } = await openCluster(folder);
    cleanups.push(() => rmSync(join(data, '..'), { recursive: true, force: true }));
    expect(data).toMatch(/^\/var\/tmp\/secondsight-/);
    const url = await startEmbeddedPostgres(newTree(), folder);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('the process tree', () => {
  /** A child that writes its id, and does what `code` says. */
  function module(code: string): string {
    const file = join(newFolder(), 'child.mjs');
    writeFileSync(file, `console.log('pid ' + process.pid);\n${code}\nsetInterval(() => undefined, 1000);\n`);
    return file;
  }

  function watchLines() {
    const lines: string[] = [];
    return { lines, onLine: (line: string) => void lines.push(line), pids: () => lines.flatMap((line) => (line.startsWith('pid ') ? [Number(line.slice(4))] : [])) };
  }

  const READY = `process.send({ type: 'ready' });`;

  it('starts a child again when it dies', async () => {
    const { onLine, pids } = watchLines();
    const child = await newTree().start({ name: 'child', module: module(READY), ready: 'ready', stopSeconds: 5, onLine });
    await vi.waitFor(() => expect(pids()).toHaveLength(1));
    process.kill(pids()[0]!, 'SIGKILL');
    await vi.waitFor(() => expect(pids()).toHaveLength(2), { timeout: 10_000 });
    expect(child.restarts).toBe(1);
  });

  it('says what a child wrote when it ends before it is ready', async () => {
    const failing = module(`console.error('no model'); process.exit(3);`);
    const started = newTree().start({ name: 'child', module: failing, ready: 'ready', stopSeconds: 5, onLine: () => undefined });
    await expect(started).rejects.toMatchObject({ code: 'process.start_failed', message: expect.stringMatching(/child ended .*\(3\).*no model/s) as string });
  });

  it('stops the last one first, and kills one that will not stop together with what it forked', async () => {
    const tree = newTree();
    const { lines, onLine, pids } = watchLines();
    const orderly = (name: string): string => module(`process.on('SIGTERM', () => { console.log('${name} stops'); process.exit(0); });${READY}`);
    const stubborn = module(`
      import { fork } from 'node:child_process';
      process.on('SIGTERM', () => console.log('no'));
      if (!process.argv[2]) fork(process.argv[1], ['forked']);
      ${READY}`);
    await tree.start({ name: 'a', module: orderly('a'), ready: 'ready', stopSeconds: 10, onLine });
    await tree.start({ name: 'b', module: orderly('b'), ready: 'ready', stopSeconds: 10, onLine });
    await tree.start({ name: 'c', module: stubborn, ready: 'ready', stopSeconds: 0.5, onLine });
    await vi.waitFor(() => expect(pids()).toHaveLength(4));
    await tree.stop();
    for (const pid of pids()) await gone(pid);
    expect(lines.filter((line) => /stops|no/.test(line))).toEqual(['no', 'b stops', 'a stops']);
  });
});

describe('the claim on a data folder', () => {
  it('is held by one process and taken over from a dead one', async () => {
    const folder = newFolder();
    const claim = await claimFolder(folder);
    await claim?.publish({ baseUrl: 'http://127.0.0.1:1', databaseUrl: null });
    expect(await claimFolder(folder)).toBeUndefined();
    expect(await runningService(folder)).toMatchObject({ pid: process.pid, baseUrl: 'http://127.0.0.1:1' });
    await claim?.release();
    expect(await runningService(folder)).toBeUndefined();

    const recycled = { pid: process.pid, identity: 'somebody before', baseUrl: 'http://127.0.0.1:2', databaseUrl: null };
    writeFileSync(join(folder, 'service.json'), JSON.stringify(recycled));
    expect(await runningService(folder)).toBeUndefined();
    expect(await claimFolder(folder)).toBeDefined();
  });
});

// Real servers for the tests: the embedded Postgres always, Debian's Postgres and Redis where they are installed.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { vi } from 'vitest';
import { startEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.js';
import { freePort } from '../../src/platform/embedded/free-port.js';
import { serverUser } from '../../src/platform/embedded/postgres-binaries.js';
import { ProcessTree } from '../../src/platform/embedded/process-tree.js';

export interface TestServer {
  readonly url: string;
  /** Kills the server and brings it back at the same place. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerKind {
  readonly name: string;
  /** Why it cannot be tested here; undefined when it can. */
  readonly missing: string | undefined;
  start(): Promise<TestServer>;
}

const HOST = '127.0.0.1';

/** A folder that every user may enter, as Postgres needs it when the tests run as root. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'secondsight test ')); // with a space in its name
  chmodSync(folder, 0o755);
  return folder;
}

export async function startPostgres(): Promise<TestServer> {
  const folder = temporaryFolder();
  const tree = new ProcessTree();
  const url = await startEmbeddedPostgres(tree, folder);
  return {
    url,
    restart: async () => {
      const [pid] = readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
      await untilAnswering(url); // its guard starts it again
    },
    stop: async () => {
      await tree.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const embeddedPostgres: ServerKind = { name: 'the embedded Postgres', missing: undefined, start: startPostgres };

const systemBinaries = installedPostgres();

export const systemPostgres: ServerKind = {
  name: systemBinaries ? `Postgres ${systemBinaries.version} of the system` : 'Postgres of the system',
  missing: systemBinaries ? undefined : 'no Postgres below /usr/lib/postgresql',
  start: async () => {
    const { bin } = systemBinaries ?? { bin: '' };
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    const user = serverUser();
    mkdirSync(data, { mode: 0o700 });
    if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid);
    execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], { ...user, cwd: '/', stdio: 'ignore' });
    const port = await freePort(HOST);
    const args = ['-D', data, '-p', String(port), '-h', HOST, '-k', ''];
    const launch = () => spawn(join(bin, 'postgres'), args, { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    return run(`postgres://postgres@${HOST}:${port}/postgres`, launch, /ready to accept connections/, folder);
  },
};

export const redis: ServerKind = {
  name: 'Redis',
  missing: onPath('redis-server') ? undefined : 'no redis-server on PATH',
  start: async () => {
    const folder = temporaryFolder();
    const port = await freePort(HOST);
    const args = ['--port', String(port), '--bind', HOST, '--save', '', '--dir', folder];
    const launch = () => spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    return run(`redis://${HOST}:${port}`, launch, /Ready to accept connections/, folder);
  },
};

/** The name of a suite; it says why where the suite is skipped. */
export const titleOf = ({ name, missing }: Pick<ServerKind, 'name' | 'missing'>): string => (missing ? `${name} (skipped: ${missing})` : name);

function installedPostgres(): { bin: string; version: string } | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const version = readdirSync(root).find((name) => existsSync(join(root, name, 'bin/postgres')));
  return version === undefined ? undefined : { bin: join(root, version, 'bin'), version };
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}

/** Starts the server and waits for the line that says that it is ready. */
async function run(url: string, launch: () => ChildProcess, ready: RegExp, folder: string): Promise<TestServer> {
  const start = async (): Promise<ChildProcess> => {
    const server = launch();
    const output = server.stdout ?? server.stderr;
    await new Promise<void>((resolve, reject) => {
      if (output) createInterface({ input: output }).on('line', (text) => ready.test(text) && resolve());
      server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
    return server;
  };
  const end = async (server: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  };
  let server = await start();
  return {
    url,
    restart: async () => {
      await end(server, 'SIGKILL');
      server = await start();
    },
    stop: async () => {
      await end(server, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilAnswering(url: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.end();
    },
    { timeout: 30_000, interval: 100 },
  );
}

// Real servers for the tests: the embedded Postgres always, Debian's Postgres and Redis where they are installed.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.js';
import { freePort } from '../../src/platform/embedded/free-port.js';
import { serverUser } from '../../src/platform/embedded/postgres-binaries.js';
import { ProcessTree } from '../../src/platform/embedded/process-tree.js';

export interface TestServer {
  readonly url: string;
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
    const server = spawn(join(bin, 'postgres'), args, { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    await line(server, /ready to accept connections/);
    return { url: `postgres://postgres@${HOST}:${port}/postgres`, stop: () => end(server, 'SIGINT', folder) };
  },
};

export const redis: ServerKind = {
  name: 'Redis',
  missing: onPath('redis-server') ? undefined : 'no redis-server on PATH',
  start: async () => {
    const folder = temporaryFolder();
    const port = await freePort(HOST);
    const server = spawn('redis-server', ['--port', String(port), '--bind', HOST, '--save', '', '--dir', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
    await line(server, /Ready to accept connections/);
    return { url: `redis://${HOST}:${port}`, stop: () => end(server, 'SIGTERM', folder) };
  },
};

/** The name of a suite; it says why where the suite is skipped. */
export const titleOf = ({ name, missing }: ServerKind): string => (missing ? `${name} (skipped: ${missing})` : name);

function installedPostgres(): { bin: string; version: string } | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const version = readdirSync(root).find((name) => existsSync(join(root, name, 'bin/postgres')));
  return version === undefined ? undefined : { bin: join(root, version, 'bin'), version };
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}

async function line(server: ChildProcess, pattern: RegExp): Promise<void> {
  const output = server.stdout ?? server.stderr;
  if (!output) throw new Error('the server has no output');
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: output }).on('line', (text) => pattern.test(text) && resolve());
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

async function end(server: ChildProcess, signal: NodeJS.Signals, folder: string): Promise<void> {
  const gone = once(server, 'exit');
  server.kill(signal);
  await gone;
  rmSync(folder, { recursive: true, force: true });
}

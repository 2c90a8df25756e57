// The commands and health checks of docker-compose.yml with the settings that they have there, on this machine: nothing of Docker can be run here.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { PROJECT_ROOT } from '../../src/platform/config/config.js';
import { freePort } from '../../src/platform/embedded/free-port.js';
import { PATIENCE } from '../faults/breakable-product.js';
import { MODEL } from '../medium/bundled-model.js';
import { type ObjectStore, s3rver } from '../medium/object-store.js';
import { startPostgres, temporaryFolder, type TestServer } from '../medium/servers.js';

interface Service {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

const text = readFileSync(resolve(PROJECT_ROOT, 'docker-compose.yml'), 'utf8').replace(/\$\{\w+:-([^}]*)\}/g, '$1');
const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, Service>> };

let postgres: TestServer;
let store: ObjectStore;
let folder: string;
/** What has another name outside of the network of the containers. */
let here: Readonly<Record<string, string>>;
const running: ChildProcess[] = [];

beforeAll(async () => {
  [postgres, store, folder] = [await startPostgres(), await s3rver.start(), temporaryFolder()];
  const [port, metricsPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  const { S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = store.env;
  here = {
    ...{ DATABASE_URL: postgres.url, REDIS_URL: '', S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_BUCKET: await store.bucket() },
    ...{ DATA_DIR: join(folder, 'data'), PORT: String(port), METRICS_PORT: String(metricsPort), HEALTH_URL: `http://127.0.0.1:${port}/health/ready` },
  };
});
afterAll(async () => {
  for (const child of running) {
    if (child.exitCode !== null) continue;
    child.kill();
    await once(child, 'exit');
  }
  await store?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A process of that container: what it does not set is what the image sets. */
function start(name: string, [program = '', ...args]: readonly string[], mounts: Readonly<Record<string, string>> = {}): ChildProcess {
  const own = Object.fromEntries(Object.entries(services[name]!.environment).map(([variable, value]) => [variable, here[variable] ?? mounts[String(value)] ?? String(value)]));
  const child = spawn(program, args, { cwd: PROJECT_ROOT, env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...own }, stdio: ['ignore', 'ignore', 'ignore'] });
  running.push(child);
  return child;
}

const codeOf = async (child: ChildProcess): Promise<unknown> => ((await once(child, 'exit')) as unknown[])[0];

const untilHealthy = (name: string): Promise<void> =>
  vi.waitFor(async () => expect(await codeOf(start(name, services[name]!.healthcheck!.test.slice(1)))).toBe(0), PATIENCE);

it('migrates, serves, scans and answers, each as its own health check finds', async () => {
  expect(await codeOf(start('migrate', services['migrate']!.command))).toBe(0);
  const check = services['api']!.healthcheck!.test.slice(1);
  expect(await codeOf(start('api', check))).toBe(1);
  start('api', services['api']!.command);
  await untilHealthy('api');
  for (const name of ['media', 'model']) {
    const worker = start(name, services[name]!.command, { '/model': MODEL });
    await untilHealthy(name);
    worker.kill();
    expect(await codeOf(worker)).toBe(0);
    await vi.waitFor(async () => expect(await codeOf(start(name, services[name]!.healthcheck!.test.slice(1)))).toBe(1), PATIENCE);
  }
  expect((await fetch(`http://127.0.0.1:${here['METRICS_PORT']}/metrics`)).status).toBe(200);
});

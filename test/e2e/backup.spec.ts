// A backup as the runbook describes it, restored into a new database and a new folder: the same videos, segments, answers, keys and webhooks.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type MomentsJson, type SegmentJson } from '../../src/cli/api-client.js';
import { systemPostgres, temporaryFolder, type TestServer, titleOf } from '../medium/servers.js';
import { startCheckedProduct } from './checked-product.js';
import { demoClip, type RunningProduct } from './running-product.js';

/** What is kept besides the dump. */
const KEPT = ['storage', 'api-key-pepper', 'webhook-key'];
const QUESTION = 'a red circle moves';

describe.skipIf(systemPostgres.missing)(`a backup, with ${titleOf(systemPostgres)} and its pg_dump`, () => {
  const folders = { backup: temporaryFolder(), restored: temporaryFolder() };
  let postgres: TestServer;
  let product: RunningProduct | undefined;
  beforeAll(async () => {
    postgres = await systemPostgres.start();
  });
  afterAll(async () => {
    await product?.stop();
    await postgres?.stop();
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
  });

  const database = (name: string): string => new URL(name, postgres.url).href;

  async function start(databaseUrl: string, env: Record<string, string> = {}): Promise<RunningProduct> {
    product = await startCheckedProduct({ DATABASE_URL: databaseUrl, AUTH: 'required', ...env });
    return product;
  }

  async function call<T>({ baseUrl }: RunningProduct, key: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(baseUrl + path, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
    expect(response.ok, await response.clone().text()).toBe(true);
    return (await response.json()) as T;
  }

  it('brings everything back', async () => {
    const admin = new pg.Client({ connectionString: postgres.url });
    await admin.connect();
    for (const name of ['original', 'restored']) await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();

    const original = await start(database('original'));
    const key = original.key!;
    const api = new ApiClient(original.baseUrl, undefined, key);
    const video = await api.upload(demoClip('short_30s'));
    await api.follow(await api.analyze(video.id));
    await call(original, key, '/v1/webhooks', { url: 'https://receiver.example/hook' });
    const before = { segments: await api.segments(video.id), answer: await api.ask(video.id, QUESTION) };
    const webhooks = await call<{ data: object[] }>(original, key, '/v1/webhooks');
    expect(before.segments.length).toBeGreaterThan(0);

    for (const path of ['/metrics', '/queues/', '/queues/api/queues']) expect((await fetch(original.baseUrl + path)).status, path).toBe(401);

    // while it runs, in the order of the runbook
    const dump = join(folders.backup, 'secondsight.sql');
    execFileSync('pg_dump', ['--no-owner', '--file', dump, database('original')]);
    for (const name of KEPT) cpSync(join(original.directory, name), join(folders.backup, name), { recursive: true });
    await original.stop();

    execFileSync('psql', ['--quiet', '--set', 'ON_ERROR_STOP=1', '--file', dump, database('restored')], { stdio: ['ignore', 'ignore', 'pipe'] });
    mkdirSync(folders.restored, { recursive: true });
    for (const name of KEPT) cpSync(join(folders.backup, name), join(folders.restored, name), { recursive: true });
    const restored = await start(database('restored'), { DATA_DIR: folders.restored });
    const again = new ApiClient(restored.baseUrl, undefined, key); // the key of before opens
    expect(await again.segments(video.id)).toEqual(before.segments satisfies SegmentJson[]);
    expect(await again.ask(video.id, QUESTION)).toEqual({ ...before.answer, cached: true } satisfies MomentsJson & { cached: true });
    expect((await call<{ data: object[] }>(restored, key, '/v1/webhooks')).data).toEqual(webhooks.data);

    // and it works: a question that was never asked has the video decoded, whose features were not kept
    const found = await again.ask(video.id, 'a blue square');
    expect(found.status).toBe('ready');
    const content = await fetch(`${restored.baseUrl}/v1/videos/${video.id}/content`, { headers: { authorization: `Bearer ${key}` } });
    expect((await content.arrayBuffer()).byteLength).toBe((video as unknown as { bytes: number }).bytes);
    expect((await again.follow(await again.analyze(video.id))).status).toBe('ready');
    expect((await again.segments(video.id)).map(({ start_time, end_time, text }) => [start_time, end_time, text])).toEqual(
      before.segments.map(({ start_time, end_time, text }) => [start_time, end_time, text]),
    );
  });
});

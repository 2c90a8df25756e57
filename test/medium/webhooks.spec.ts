// Webhooks on a real Postgres, with a clock that a test sets: what is told, to whom, how often, and what becomes of receivers that fail.
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AnalysisModule, TaskState, type WindowOutcome } from '../../src/analysis/index.js';
import { entities } from '../../src/entities.js';
import { configureHttp } from '../../src/http-server.js';
import { readBody } from '../../src/read-body.js';
import { CLOCK } from '../../src/platform/clock.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { DeliveryState, tell, WebhooksModule, WebhooksService } from '../../src/webhooks/index.js';
import { DeliverWebhooksProcessor } from '../../workers/deliver-webhooks.processor.js';
import { DeliveryBell } from '../../workers/delivery-bell.js';
import { INFERENCE, WorkerContext } from '../../workers/worker-context.js';
import { asLocalCaller } from './local-caller.js';
import { startPostgres, temporaryFolder, type TestServer } from './servers.js';
import { WebhookReceiver } from './webhook-receiver.js';

const HOUR = 3600 * 1000;

let postgres: TestServer;
let app: INestApplication;
let db: DataSource;
let baseUrl: string;
let receiver: WebhookReceiver;
let ahead = 0; // milliseconds by which the clock of the test is ahead of the wall's
const folder = temporaryFolder();
const clock = (): Date => new Date(Date.now() + ahead);

beforeAll(async () => {
  postgres = await startPostgres();
  await migrate(postgres.url);
  const config = loadConfig({ DATABASE_URL: postgres.url, DATA_DIR: folder, LOG_LEVEL: 'silent', OUTGOING_ALLOW: '127.0.0.1', LEASE_SECONDS: '2' });
  const platform = PlatformModule.with(config, entities);
  class TestModule {}
  Module({
    imports: [{ ...platform, providers: [...(platform.providers ?? []), { provide: CLOCK, useValue: clock }] }, AnalysisModule, WebhooksModule],
    providers: [{ provide: INFERENCE, useValue: undefined }, WorkerContext, DeliveryBell, DeliverWebhooksProcessor],
  })(TestModule);
  app = await NestFactory.create(TestModule, { logger: false, abortOnError: false });
  configureHttp(app, '0');
  app.use(asLocalCaller, readBody);
  await app.listen(0, '127.0.0.1');
  baseUrl = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;
  db = app.get(DataSource);
});
afterAll(async () => {
  app?.get(DeliveryBell).stop();
  await app?.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  ahead = 0;
  await db.query('DELETE FROM webhook_endpoints');
  await db.query('DELETE FROM webhook_messages');
  await db.query('DELETE FROM videos');
  receiver = await new WebhookReceiver().start();
  return () => receiver.stop();
});

interface Json {
  readonly [name: string]: unknown;
  readonly id: string;
  readonly secret: string;
  readonly data: readonly Json[];
  readonly log: readonly Json[];
}

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(baseUrl + path, { method, ...init });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Json };
}

const add = async (path = '/', more: object = {}): Promise<Json> => (await call('POST', '/v1/webhooks', { url: receiver.url(path), ...more })).body;
const show = async (id: string): Promise<Json> => (await call('GET', `/v1/webhooks/${id}`)).body;
const deliveries = async (id: string, query = ''): Promise<readonly Json[]> => (await call('GET', `/v1/webhooks/${id}/deliveries${query}`)).body.data;

/** Something that happens to a tenant. */
const happen = (tenantId = 'default', batchId = newId()): Promise<void> =>
  db.transaction((manager) => tell(manager, { type: 'batch.completed', data: { batch_id: batchId, items: { ready: 1 } }, url: `/v1/analyze/batches/${batchId}`, of: { tenantId } }));

/** Sends what is due by the clock. */
async function deliver(): Promise<void> {
  const processor = app.get(DeliverWebhooksProcessor);
  await Promise.all((await app.get(DeliveryState).due()).map(({ id }) => processor.process(id, new AbortController().signal)));
}

/** Until so many wait for a lock. */
async function waiting(count: number): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
  await expect.poll(async () => (await db.query<unknown[]>(sql)).length, { timeout: 10_000 }).toBe(count);
}

const advance = (ms: number): void => void (ahead += ms);

/** Lets the time pass until the first delivery of an endpoint is due again; returns how long that was. */
async function untilDue(id: string): Promise<number> {
  const due = (await deliveries(id)).map((delivery) => delivery['next_attempt_at']).filter((at) => at !== null) as string[];
  const wait = Math.max(0, Math.min(...due.map((at) => Date.parse(at))) - clock().getTime());
  advance(wait);
  return wait;
}

describe('a webhook', () => {
  it('shows its secret once, and the database does not know it', async () => {
    const made = await add('/', { description: 'ours' });
    expect(made).toMatchObject({ object: 'webhook', enabled: true, events: null, description: 'ours', secret: expect.stringMatching(/^whsec_/) as string });
    expect(await show(made.id)).not.toHaveProperty('secret');
    const dump = JSON.stringify(await db.query('SELECT * FROM webhook_endpoints'));
    expect(dump).not.toContain(made.secret.slice('whsec_'.length));
  });

  it.each([
    ['http://127.0.0.2/', 422, 'address.refused'],
    ['http://[::1]/', 422, 'address.refused'],
    ['ftp://example.com/', 400, 'request.invalid'],
    ['https://user:pass@example.com/', 400, 'request.invalid'],
  ])('at %s is refused', async (url, status, code) => {
    expect(await call('POST', '/v1/webhooks', { url })).toMatchObject({ status, body: { code } });
  });

  it('is nobody else’s', async () => {
    const { id } = await add();
    await expect(app.get(WebhooksService).get('other', id)).rejects.toMatchObject({ code: 'webhook.not_found' });
    await happen('other');
    await deliver();
    expect([await deliveries(id), receiver.received]).toEqual([[], []]);
    expect(await db.query('SELECT * FROM webhook_messages')).toEqual([]);
  });

  it('is told what it wants to hear, signed, and listed page by page', async () => {
    const { id, secret } = await add('/all');
    await add('/tasks', { events: ['task.ready'] });
    for (let k = 0; k < 3; k++) await happen();
    await deliver();
    expect(receiver.at('/tasks')).toEqual([]);
    expect(receiver.at('/all')).toHaveLength(3);
    for (const { body, headers } of receiver.at('/all')) expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'batch.completed' });
    const { body: page } = await call('GET', `/v1/webhooks/${id}/deliveries?limit=2&status=delivered&type=batch.completed`);
    const { body: rest } = await call('GET', `/v1/webhooks/${id}/deliveries?limit=2&cursor=${page['next_cursor'] as string}`);
    expect([page.data.length, rest.data.length, rest['next_cursor']]).toEqual([2, 1, null]);
    expect(new Set([...page.data, ...rest.data].map((delivery) => delivery['message_id'])).size).toBe(3);
  });

  it('that is pinged hears a ping, and its answer is in the log', async () => {
    receiver.answer = (_path, response) => response.end(`\0${'é'.repeat(1000)}`);
    const { id } = await add('/', { events: ['task.ready'] });
    const { status, body: ping } = await call('POST', `/v1/webhooks/${id}/ping`);
    expect([status, ping['status'], ping['type']]).toEqual([202, 'pending', 'webhook.ping']);
    await deliver();
    const { body: detail } = await call('GET', `/v1/webhooks/${id}/deliveries/${ping.id}`);
    expect(detail).toMatchObject({ status: 'delivered', attempts: 1, payload: { type: 'webhook.ping', data: { webhook_id: id } } });
    expect(detail.log).toMatchObject([{ number: 1, status_code: 200, error_code: null, response: expect.stringMatching(/^é{500,512}/) as string }]);
  });

  it('signs with both secrets for a day after a rotation', async () => {
    const { id, secret } = await add();
    const { body: rotated } = await call('POST', `/v1/webhooks/${id}/rotate-secret`);
    await happen();
    await deliver();
    const headers = receiver.received[0]!.headers as Record<string, string>;
    for (const each of [secret, rotated.secret]) new Webhook(each).verify(receiver.received[0]!.body, headers);
    advance(24 * HOUR);
    await happen();
    await deliver();
    expect(receiver.received.map((each) => String(each.headers['webhook-signature']).split(' ').length)).toEqual([2, 1]);
  });

  it('that two rotate at once tells one of them that the other’s secret holds', async () => {
    const { id } = await add();
    const both = await db.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM webhook_endpoints WHERE id = $1 FOR UPDATE', [id]);
      const rotations = [1, 2].map(() => call('POST', `/v1/webhooks/${id}/rotate-secret`));
      await waiting(2);
      return rotations;
    });
    const answers = (await Promise.all(both)).sort((a, b) => a.status - b.status);
    expect(answers).toMatchObject([{ status: 200 }, { status: 409, body: { code: 'webhook.rotated_meanwhile' } }]);
    await happen();
    await deliver();
    new Webhook(answers[0]!.body.secret).verify(receiver.received[0]!.body, receiver.received[0]!.headers as Record<string, string>);
  });

  it('that is disabled while something happens has nothing pending', async () => {
    const { id } = await add();
    const disabling = await db.transaction(async (manager) => {
      await tell(manager, { type: 'batch.completed', data: { batch_id: newId(), items: { ready: 1 } }, url: '/', of: { tenantId: 'default' } });
      const change = call('PATCH', `/v1/webhooks/${id}`, { enabled: false });
      await waiting(1);
      return [change];
    });
    await Promise.all(disabling);
    expect(await deliveries(id)).toMatchObject([{ status: 'failed', next_attempt_at: null }]);
    await db.query(`UPDATE webhook_deliveries SET status = 'pending', next_attempt_at = now(), finished_at = NULL`); // a ping that was on its way
    const other = await add();
    await happen();
    await app.get(DeliveryState).endOfDisabled();
    expect([await deliveries(id, '?status=pending'), (await deliveries(other.id)).map((delivery) => delivery['status'])]).toEqual([[], ['pending']]);
  });
});

describe('a receiver that is down', () => {
  const failures: Record<string, WebhookReceiver['answer']> = {
    'answers 500': (_path, response) => void response.writeHead(500).end('broken'),
    'answers 302': (_path, response) => void response.writeHead(302, { location: receiver.url('/elsewhere') }).end(),
    'cuts the connection': (_path, response) => void response.destroy(),
  };
  const cases = Object.keys(failures).flatMap((kind) => [1, 9].map((times) => [times, kind] as const));

  it.each([[0, 'answers 500'] as const, ...cases])('for %s attempt(s), and %s, is told once it is up', async (times, kind) => {
    const { id, secret } = await add('/hook');
    await happen();
    receiver.answer = failures[kind]!;
    for (let k = 0; k < times; k++) {
      await untilDue(id);
      await deliver();
    }
    receiver.answer = (_path, response) => void response.end('thanks');
    await untilDue(id);
    await deliver();
    advance(100 * HOUR);
    await deliver();
    const sent = receiver.at('/hook');
    expect(sent).toHaveLength(times + 1);
    expect(new Set(sent.map(({ headers, body }) => `${String(headers['webhook-id'])} ${body}`)).size).toBe(1);
    expect(receiver.at('/elsewhere')).toEqual([]);
    expect(await deliveries(id)).toMatchObject([{ status: 'delivered', attempts: times + 1 }]);
    if (times === 0) new Webhook(secret).verify(sent[0]!.body, sent[0]!.headers as Record<string, string>);
    expect(await show(id)).toMatchObject({ enabled: true, failing_since: null });
  });

  it('for ten attempts over 75 hours is given up, and told when that is asked for', async () => {
    const { id } = await add();
    await happen();
    receiver.answer = failures['answers 500']!;
    const waits: number[] = [];
    for (let k = 0; k < 10; k++) {
      waits.push(await untilDue(id));
      await deliver();
    }
    const [delivery] = await deliveries(id, '?status=failed');
    expect(delivery).toMatchObject({ attempts: 10, next_attempt_at: null });
    const schedule = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for (const [k, seconds] of schedule.entries()) {
      // the clock of the test goes on by itself while it looks
      expect(waits[k + 1]! / 1000).toBeGreaterThan(seconds * 0.8 - 3);
      expect(waits[k + 1]! / 1000).toBeLessThan(seconds * 1.2 + 0.1);
    }
    advance(HOUR);
    await deliver();
    expect(receiver.received).toHaveLength(10);
    receiver.answer = (_path, response) => void response.end();
    expect(await call('POST', `/v1/webhooks/${id}/deliveries/${delivery!.id}/redeliver`)).toMatchObject({ status: 202, body: { status: 'pending' } });
    await deliver();
    expect(await deliveries(id)).toMatchObject([{ status: 'delivered', attempts: 11 }]);
  });

  it('is left alone for as long as it asks, with every message', async () => {
    const { id } = await add();
    for (let k = 0; k < 3; k++) await happen();
    receiver.answer = (_path, response) => void response.writeHead(429, { 'retry-after': '3600' }).end();
    await deliver();
    advance(HOUR / 2);
    await deliver();
    expect(receiver.received).toHaveLength(1);
    receiver.answer = (_path, response) => void response.end();
    advance(HOUR / 2 + 1000);
    await deliver();
    expect((await deliveries(id)).map((delivery) => delivery['status'])).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('for five days is disabled and says so; one that takes a message now and then is not', async () => {
    const dead = await add('/dead');
    const sporadic = await add('/sporadic');
    let sporadicWorks = false;
    receiver.answer = (path, response) => void response.writeHead(path === '/sporadic' && sporadicWorks ? 200 : 500).end();
    for (let day = 0; day <= 6; day++) {
      await happen();
      sporadicWorks = day === 3;
      await deliver();
      advance(24 * HOUR);
    }
    expect(await show(sporadic.id)).toMatchObject({ enabled: true, disabled_reason: null, failing_since: expect.any(String) as string });
    expect(await show(dead.id)).toMatchObject({ enabled: false, disabled_reason: 'failing' });
    expect(await deliveries(dead.id, '?status=pending')).toEqual([]);
  });

  it('for good (410) is disabled at once; what happens meanwhile is told when it is enabled and asks', async () => {
    const { id } = await add();
    await happen();
    await happen();
    receiver.answer = (_path, response) => void response.writeHead(410).end();
    await deliver();
    expect(receiver.received).toHaveLength(1);
    expect(await show(id)).toMatchObject({ enabled: false, disabled_reason: 'gone' });
    await happen();
    expect((await deliveries(id)).map((delivery) => delivery['status'])).toEqual(['failed', 'failed', 'failed']);
    expect(await call('POST', `/v1/webhooks/${id}/redeliver`)).toMatchObject({ status: 409, body: { code: 'webhook.disabled' } });
    receiver.answer = (_path, response) => void response.end();
    expect(await call('PATCH', `/v1/webhooks/${id}`, { enabled: true })).toMatchObject({ body: { enabled: true, disabled_reason: null, failing_since: null } });
    const later = new Date(Date.now() + HOUR).toISOString();
    expect(await call('POST', `/v1/webhooks/${id}/redeliver`, { created_after: later })).toMatchObject({ body: { deliveries: 0, status: 'failed', type: null, created_after: later, created_before: null } });
    expect(await call('POST', `/v1/webhooks/${id}/redeliver`)).toMatchObject({ status: 202, body: { deliveries: 3 } });
    await deliver();
    expect((await deliveries(id)).map((delivery) => delivery['status'])).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('is slow, and delays itself alone, with one request at a time', async () => {
    const slow = await add('/slow');
    await add('/fast');
    for (let k = 0; k < 3; k++) await happen();
    const held: (() => void)[] = [];
    receiver.answer = (path, response) => (path === '/slow' && held.length === 0 ? void held.push(() => response.end()) : void response.end());
    const all = deliver();
    await expect.poll(() => receiver.at('/fast').length, { timeout: 10_000 }).toBe(3);
    await deliver(); // somebody else who rings for the slow one finds it taken
    expect(receiver.at('/slow')).toHaveLength(1);
    held[0]!();
    await all;
    expect(receiver.mostOpen.get('/slow')).toBe(1);
    expect(await deliveries(slow.id, '?status=delivered')).toHaveLength(3);
  });

  it('is slow and has many endpoints, and is told at a few of them at a time, in turn', async () => {
    const bell = vi.spyOn(app.get(DeliveryBell), 'ringAt');
    onTestFinished(() => bell.mockRestore());
    for (let k = 0; k < 20; k++) await add(`/#${k}`); // all of one address, told apart by what is not sent
    await happen();
    const held: (() => void)[] = [];
    receiver.answer = (_path, response) => void held.push(() => response.end());
    const all = deliver();
    await expect.poll(() => held.length, { timeout: 10_000 }).toBe(8);
    expect(bell).not.toHaveBeenCalled();
    receiver.answer = (_path, response) => void response.end();
    for (const release of held) release();
    await all;
    expect(receiver.mostOpen.get('/')).toBe(8);
    expect(new Set(bell.mock.calls.map(([id]) => id)).size).toBe(8); // of those that wait, as many as are done with
    await expect.poll(async () => (await deliver(), receiver.received.length), { timeout: 10_000 }).toBe(20);
    expect(receiver.mostOpen.get('/')).toBe(8);
  });

  it('hears of it again when its worker died in the middle', async () => {
    const { id } = await add();
    await happen();
    const dead = await app.get(DeliveryState).claim(id, 'a worker that dies');
    await deliver();
    expect(receiver.received).toEqual([]);
    await db.query(`UPDATE webhook_endpoints SET lease_until = now() - interval '1 second'`);
    await deliver();
    expect(receiver.received).toHaveLength(1);
    await expect(app.get(DeliveryState).release(dead!)).rejects.toMatchObject({ code: 'lease.lost' });
  });
});

describe('an analysis', () => {
  let videoId: string;

  beforeEach(async () => {
    videoId = newId();
    await db.query(
      `INSERT INTO videos (id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
       VALUES ($1, 'a', 1, $2, $3, 'mp4', 'h264', 2, 2, 1, 25, 0, 0, 54, false)`,
      [videoId, '0'.repeat(64), newId()],
    );
  });

  const outcome: WindowOutcome = {
    record: {
      ...{ effective_fps: 2, second_per_grid_ts: 1, frame_times: [], temporal_ids: [], video_grid_thw: [1, 2, 2], width: 28, height: 28 },
      ...{ prompt_hash: '', answer: '', finish_reason: 'stop' },
    },
    segments: [{ startTime: 1, endTime: 2, type: 'event', text: 'A circle moves.', confidence: 0.5, evidence: { model: { name: 'm', hash: 'h' }, windows: [] } }],
    ...{ unparsed: 0, warnings: [], model: { name: 'm', hash: 'h' } },
  };

  async function analyse(id: string): Promise<void> {
    const state = app.get(TaskState);
    const windows = [{ startTime: 0, endTime: 54, sampling: { fps: 2 }, why: {} }];
    await state.addWindows((await state.claimTask(id, 'a', ['queued', 'scan']))!, { windows, warnings: [], plannedUntil: 54, isLast: true });
    await state.commitWindow((await state.claimWindow('a'))!, outcome);
    await state.finishTask((await state.claimTask(id, 'a', ['windows']))!, (events) => events.map((event) => ({ ...event })));
  }

  const told = (path: string): unknown[] => receiver.at(path).map(({ body }) => JSON.parse(body) as unknown);

  it('is told of as it goes on, to all and to the webhook of its request', async () => {
    await add('/all');
    const { body: task } = await call('POST', '/v1/analyze/tasks', { video_id: videoId, webhook: { url: receiver.url('/own'), events: ['task.ready'] } });
    const { body: other } = await call('POST', '/v1/analyze/tasks', { video_id: videoId });
    expect(await call('POST', `/v1/analyze/tasks/${other.id}/cancel`)).toMatchObject({ status: 200 });
    await analyse(task.id);
    await deliver();
    const ids = { task_id: task.id, video_id: videoId };
    expect(told('/own')).toMatchObject([{ type: 'task.ready', data: { ...ids, segments: 1, url: `/v1/analyze/tasks/${task.id}` } }]);
    expect(told('/all')).toMatchObject([
      { type: 'task.canceled', data: { task_id: other.id } },
      { type: 'segment.created', data: { ...ids, window: { start_time: 0, end_time: 54 }, segments: [{ text: 'A circle moves.', start_time: 1, end_time: 2 }], segments_left_out: 0 } },
      { type: 'task.progress', data: { ...ids, windows: { done: 1, total: 1 } } },
      { type: 'task.ready', data: ids },
    ]);
    expect(await show(task['webhook_id'] as string)).toMatchObject({ subject_id: task.id, events: ['task.ready'] });
  });

  it('that fails is told of; what a canceled transaction would have told is not', async () => {
    await add('/all', { events: ['task.failed', 'segment.created'] });
    const { body: task } = await call('POST', '/v1/analyze/tasks', { video_id: videoId });
    const state = app.get(TaskState);
    const claimed = (await state.claimTask(task.id, 'a', ['queued']))!;
    await state.returnTask(claimed, { refund: true });
    await expect(state.failTask(claimed, { code: 'video.unreadable', message: 'late' })).rejects.toMatchObject({ code: 'lease.lost' });
    await state.failTask((await state.claimTask(task.id, 'a', ['queued']))!, { code: 'video.unreadable', message: 'No picture.' });
    await deliver();
    expect(told('/all')).toMatchObject([{ type: 'task.failed', data: { task_id: task.id, error: { code: 'video.unreadable', message: 'No picture.' } } }]);
  });

  it('that waits for longer than the log is kept is told of all the same', async () => {
    const { body: task } = await call('POST', '/v1/analyze/tasks', { video_id: videoId, webhook: { url: receiver.url('/own'), events: ['task.canceled'] } });
    advance(31 * 24 * HOUR);
    await app.get(DeliveryState).forget();
    await call('POST', `/v1/analyze/tasks/${task.id}/cancel`);
    await deliver();
    expect(told('/own')).toMatchObject([{ type: 'task.canceled', data: { task_id: task.id } }]);
    advance(31 * 24 * HOUR);
    await app.get(DeliveryState).forget();
    expect(await db.query('SELECT id FROM webhook_endpoints')).toEqual([]);
  });

  it('whose webhook leads inside is not begun', async () => {
    expect(await call('POST', '/v1/analyze/tasks', { video_id: videoId, webhook: { url: 'http://169.254.169.254/' } })).toMatchObject({ status: 422, body: { code: 'address.refused' } });
    expect(await db.query('SELECT id FROM tasks')).toEqual([]);
  });
});

describe('the log', () => {
  it('is kept for as long as it should be, and what was not told yet for longer', async () => {
    const { id } = await add();
    await happen();
    await deliver();
    const state = app.get(DeliveryState);
    advance(29 * 24 * HOUR);
    await state.forget();
    expect(await deliveries(id)).toHaveLength(1);
    advance(2 * 24 * HOUR);
    await happen(); // not told yet, however old
    await state.forget();
    expect(await deliveries(id)).toMatchObject([{ status: 'pending' }]);
  });
});

// What an operator sees of one analysis, from upload to webhook: metrics, logs, traces; and what is left when it is deleted.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { json as readJson } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { ApiClient, type TaskJson } from '../../src/cli/api-client.js';
import { PROJECT_ROOT } from '../../src/platform/config/config.js';
import { freePort } from '../../src/platform/embedded/free-port.js';
import { NOTES } from '../medium/bundled-model.js';
import { startCheckedProduct } from './checked-product.js';
import { demoClip, type RunningProduct } from './running-product.js';

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly links: readonly { readonly traceId: string }[];
}

const TRACE = 'c0ffee00c0ffee00c0ffee00c0ffee01';
const CALLER = '00f067aa0ba902b7';
const PATIENCE = { timeout: 30_000, interval: 200 };
const KEY = `ss_live_${'0123456789abcdef'.repeat(2)}_${'Ab1'.repeat(14)}Z`;
const WEBHOOK_SECRET = `whsec_${Buffer.from('a signing secret of 32 characters').toString('base64')}`;
const PEPPER = 'a pepper that nobody may read in any log';

let product: RunningProduct;
let api: ApiClient;
let metricsPort: number;
let videoId: string;
let task: TaskJson;
let spans: OtlpSpan[] = [];
const told: { type: string }[] = [];
const servers: Server[] = [];

/** A server that takes JSON and answers `{}`; returns its port. */
async function receiver(take: (body: unknown) => void): Promise<number> {
  const server = createServer((request, response) => {
    void readJson(request).then((body) => {
      take(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}

const traced = { traceparent: `00-${TRACE}-${CALLER}-01` };

async function send<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(product.baseUrl + path, init);
  expect(response.ok, await response.clone().text()).toBe(true);
  return (await response.json()) as T;
}

const post = <T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> =>
  send(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });

beforeAll(async () => {
  const collector = await receiver((body) => {
    const { resourceSpans } = body as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] };
    spans = [...spans, ...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))];
  });
  const hook = await receiver((body) => void told.push(body as { type: string }));
  metricsPort = await freePort('127.0.0.1');
  product = await startCheckedProduct({
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector}`, METRICS_PORT: String(metricsPort), OUTGOING_ALLOW: '127.0.0.1' },
    ...{ LOG_LEVEL: 'debug', LOG_FORMAT: 'json', API_KEY_PEPPER: PEPPER, SWEEP_SECONDS: '2' },
  });
  api = new ApiClient(product.baseUrl);
  await post('/v1/webhooks', { url: `http://127.0.0.1:${hook}/`, events: ['task.ready'], secret: WEBHOOK_SECRET });
  const form = new FormData();
  form.set('file', new Blob([readFileSync(demoClip('short_30s'))]), 'clip.mp4');
  videoId = (await send<{ id: string }>('/v1/videos', { method: 'POST', body: form, headers: traced })).id;
  task = await api.follow(await post('/v1/analyze/tasks', { video_id: videoId }, { ...traced, 'x-request-id': 'request-of-the-test' }));
  for (let asked = 0; asked < 2; asked++) await post(`/v1/videos/${videoId}/moments`, { query: 'a red circle moves', wait: 60 });
  await vi.waitFor(() => expect(told.map(({ type }) => type)).toContain('task.ready'), PATIENCE);
});
afterAll(async () => {
  await product?.stop();
  for (const server of servers) server.close();
});

const logOf = (process: 'api' | 'worker'): string => readFileSync(join(product.directory, 'logs', `${process}.log`), 'utf8');

const linesOf = (process: 'api' | 'worker'): Record<string, unknown>[] =>
  logOf(process)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** The value of one series, `name{label="value"}`; undefined without it. */
const valueOf = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
};

const metrics = async (): Promise<string> => (await fetch(`${product.baseUrl}/metrics`)).text();

describe('/metrics', () => {
  it('counts what was done', async () => {
    await vi.waitFor(async () => {
      const text = await metrics();
      expect(task.status).toBe('ready');
      expect(valueOf(text, 'secondsight_windows_finished_total{status="ready"}')).toBe(task.windows.total);
      for (const stage of ['scan', 'decode', 'encode', 'answer']) expect(valueOf(text, `secondsight_stage_seconds_total{stage="${stage}"}`), stage).toBeGreaterThan(0);
      expect(valueOf(text, 'secondsight_scanned_video_seconds_total')).toBeGreaterThan(29);
      for (const kind of ['encoded', 'generated']) expect(valueOf(text, `secondsight_tokens_total{kind="${kind}"}`), kind).toBeGreaterThan(0);
      expect(valueOf(text, 'secondsight_windows_seen_total{from="now"}')).toBeGreaterThanOrEqual(1);
      expect(valueOf(text, 'secondsight_questions_total{cached="false"}')).toBe(1);
      expect(valueOf(text, 'secondsight_questions_total{cached="true"}')).toBe(1);
      expect(valueOf(text, 'secondsight_tasks{status="ready"}')).toBe(1);
      expect(valueOf(text, 'secondsight_due_jobs{kind="analyze-window"}')).toBe(0);
      expect(valueOf(text, 'secondsight_workers{status="ready"}')).toBe(1);
      expect(valueOf(text, `secondsight_models{model="${NOTES.name}"}`)).toBe(1);
      expect(valueOf(text, 'secondsight_webhook_deliveries{status="delivered"}')).toBe(1);
    }, PATIENCE);
  });

  it('tells requests by the template of their route, and names nothing that is one of many', async () => {
    await send(`/v1/videos/${videoId}`);
    expect((await fetch(`${product.baseUrl}/v1/nothing/${videoId}`)).status).toBe(404);
    const text = await metrics();
    expect(text).toContain('method="GET",route="/v1/videos/:id",status="200"');
    expect(text).toMatch(/route="[^"]*",status="404"/);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(text).not.toContain('nothing');
    expect(text).not.toMatch(/[{,](job|instance)=/); // Prometheus gives these itself, and would rename ours
  });

  it('is also told at METRICS_PORT, which tells nothing else', async () => {
    const at = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${metricsPort}${path}`);
    expect(await (await at('/metrics')).text()).toContain('secondsight_database_up 1');
    expect((await at('/v1/videos')).status).toBe(404);
  });

  it('has every series that the dashboard and the alerts ask for', async () => {
    const dashboard = JSON.parse(readFileSync(resolve(PROJECT_ROOT, 'deploy/grafana/secondsight.json'), 'utf8')) as { panels: { targets: { expr: string }[] }[] };
    const alerts = parseYaml(readFileSync(resolve(PROJECT_ROOT, 'deploy/prometheus/alerts.yml'), 'utf8')) as { groups: { rules: { alert: string; expr: string }[] }[] };
    const expressions = [...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)), ...alerts.groups.flatMap(({ rules }) => rules.map(({ expr }) => expr))];
    const asked = expressions.flatMap((expr) => [...expr.matchAll(/\b((?:secondsight|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)]);
    expect(new Set(asked.map(([, name]) => name)).size).toBeGreaterThan(20);
    const text = await metrics();
    for (const [, name, labels = ''] of asked) {
      const series = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
      expect(series, name).not.toEqual([]);
      for (const [, label, value] of labels.matchAll(/(\w+)="([^"]*)"/g)) expect(series.some((line) => line.includes(`${label}="${value}"`)), `${name}{${label}="${value}"}`).toBe(true);
    }
    const shown = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');
    const totals = [...text.matchAll(/^# TYPE (secondsight_\w+_total) counter$/gm)].map(([, name]) => name);
    expect(totals.length).toBeGreaterThan(5);
    expect(totals.filter((name) => !shown.includes(name ?? ''))).toEqual([]);
    const page = readFileSync(resolve(PROJECT_ROOT, 'docs/runbook.md'), 'utf8');
    for (const { alert } of alerts.groups.flatMap(({ rules }) => rules)) expect(page).toContain(`\`${alert}\``);
  });
});

describe('the board of the queue', () => {
  it('is a page that shows every job, and changes nothing', async () => {
    const page = await fetch(`${product.baseUrl}/queues/`);
    expect(page.headers.get('content-security-policy')).toContain("base-uri 'self'");
    const html = await page.text();
    expect(html).toContain('<base href="/queues/"');
    const [, script = ''] = /<script defer src="(static\/js\/main[^"]+)"/.exec(html) ?? [];
    expect((await fetch(`${product.baseUrl}/queues/${script}`)).status).toBe(200);
    const { queues } = await send<{ queues: { name: string; readOnlyMode: boolean }[] }>('/queues/api/queues');
    expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining(['begin-scan', 'analyze-window', 'deliver-webhooks']));
    expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
    expect((await fetch(`${product.baseUrl}/queues/api/queues/analyze-window/pause`, { method: 'PUT' })).status).toBe(405);
  });
});

describe('the log', () => {
  it('names the request that the caller named, and gives others a name', async () => {
    const answer = async (id?: string): Promise<string | null> =>
      (await fetch(`${product.baseUrl}/v1/videos/${videoId}`, id === undefined ? {} : { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await answer('from.a:caller/7')).toBe('from.a:caller/7');
    expect(await answer('two words, "quoted"')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await answer()).toMatch(/^[0-9a-f-]{36}$/);
    await vi.waitFor(() => {
      const line = linesOf('api').find(({ request_id }) => request_id === 'request-of-the-test');
      expect(line).toMatchObject({ msg: 'request', method: 'POST', path: '/v1/analyze/tasks', status: 201, trace_id: TRACE });
    }, PATIENCE);
  });

  it('says of work which job, task and window it was for, and whose request it came from', () => {
    const done = linesOf('worker').filter(({ task_id }) => task_id === task.id);
    expect(new Set(done.map(({ job }) => job))).toEqual(new Set(['plan-task', 'analyze-window', 'merge-task']));
    expect(done.filter(({ job }) => job === 'analyze-window').every(({ window_id }) => typeof window_id === 'string')).toBe(true);
    expect(done.every(({ trace_id }) => trace_id === TRACE)).toBe(true);
  });

  it('holds no secret, whatever is sent', async () => {
    const headers = { authorization: `Bearer ${KEY}`, cookie: 'secondsight_session=id.17.sessionhash', 'x-request-id': KEY };
    await fetch(`${product.baseUrl}/v1/videos?access_token=tokeninquery&limit=${KEY}`, { headers });
    await fetch(`${product.baseUrl}/v1/videos/${KEY}`, { headers });
    for (const url of ['https://user:passinurl@10.0.0.1/hook?key=keyinquery', `http://127.0.0.1:1/${KEY}`]) {
      await fetch(`${product.baseUrl}/v1/webhooks`, { method: 'POST', body: JSON.stringify({ url, secret: WEBHOOK_SECRET }), headers: { 'content-type': 'application/json' } });
    }
    await vi.waitFor(() => expect(linesOf('api').filter(({ path }) => path === '/v1/webhooks').length).toBeGreaterThanOrEqual(3), PATIENCE);
    const logs = logOf('api') + logOf('worker');
    for (const secret of [KEY.slice(-43), WEBHOOK_SECRET.slice(6), PEPPER, 'sessionhash', 'tokeninquery', 'passinurl', 'keyinquery', new URL(product.databaseUrl).password]) {
      expect(logs.includes(secret), secret).toBe(false);
    }
  });
});

describe('the trace of a caller', () => {
  it('goes from upload to webhook, every span below another', async () => {
    const expected = ['POST /v1/videos', 'begin-scan', 'scan-chunk', 'finish-scan', 'POST /v1/analyze/tasks', 'plan-task', 'analyze-window', 'merge-task', 'webhook'];
    await vi.waitFor(() => expect(spans.filter(({ traceId }) => traceId === TRACE).map(({ name }) => name)).toEqual(expect.arrayContaining(expected)), PATIENCE);
    const own = spans.filter(({ traceId }) => traceId === TRACE);
    const ids = new Set([CALLER, ...own.map(({ spanId }) => spanId)]);
    for (const { name, parentSpanId, startTimeUnixNano, endTimeUnixNano } of own) {
      expect(ids.has(parentSpanId ?? ''), name).toBe(true);
      expect(BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano), name).toBe(true);
    }
  });

  it('is linked from requests about the video that have a trace of their own', async () => {
    await vi.waitFor(() => {
      const question = spans.find(({ name, links }) => name === 'POST /v1/videos/:id/moments' && links.length > 0);
      expect(question?.links).toEqual([expect.objectContaining({ traceId: TRACE })]);
      expect(question?.traceId).not.toBe(TRACE);
    }, PATIENCE);
  });
});

describe('gc and deletion', () => {
  const filesBelow = (folder: string): string[] =>
    readdirSync(join(product.directory, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));

  function gc(...options: string[]): Promise<{ code: number; findings: { kind: string; name: string; bytes: number; removed: boolean }[] }> {
    const env = { ...process.env, DATA_DIR: product.directory };
    return new Promise((done) => {
      execFile(process.execPath, [resolve(PROJECT_ROOT, 'scripts/secondsight.mjs'), 'gc', '--json', ...options], { env }, (error, stdout) => {
        done({ code: error ? Number(error.code) : 0, findings: stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as never) });
      });
    });
  }

  it('lists what is nobody\'s and what is lost, and removes it only when told to', async () => {
    expect(await gc()).toEqual({ code: 0, findings: [] });
    const [object, sha256] = ['019ab123-4567-7000-8000-00000000000a', 'f'.repeat(64)];
    const paths = [join(product.directory, 'storage/objects/0a', object), join(product.directory, 'features/ff', sha256, 'record')];
    for (const path of paths) {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, 'twelve bytes');
    }
    expect((await gc()).findings).not.toContainEqual(expect.objectContaining({ kind: 'object' })); // it may be an upload that is under way
    utimesSync(paths[0]!, 1, 1);
    const found = await gc();
    expect(found.code).toBe(3);
    expect(found.findings).toContainEqual({ kind: 'object', name: object, bytes: 12, removed: false });
    expect(existsSync(paths[0]!)).toBe(true);
    expect((await gc('--delete')).code).toBe(0);
    expect(paths.map(existsSync)).toEqual([false, false]);
    expect(await gc()).toEqual({ code: 0, findings: [] });
  });

  it('leaves nothing of a deleted video: no file, no feature, no row', async () => {
    const lost = await api.upload(demoClip('long_4min'));
    await api.follow(await api.analyze(lost.id, { end_time: 60 }));
    const client = new pg.Client({ connectionString: product.databaseUrl });
    await client.connect();
    try {
      const { rows } = await client.query<{ key: string; sha256: string }>('SELECT storage_key AS key, sha256 FROM videos WHERE id = $1', [lost.id]);
      rmSync(join(product.directory, 'storage/objects', rows[0]!.key.slice(-2), rows[0]!.key));
      expect((await gc('--delete')).findings).toEqual([expect.objectContaining({ kind: 'lost', name: `${rows[0]!.key} of video ${lost.id}`, removed: false })]);
      for (const id of [lost.id, videoId]) await api.delete(id);
      expect(filesBelow('storage')).toEqual([]);
      await vi.waitFor(() => expect(filesBelow('features')).toEqual([]), PATIENCE);
      const tables = await client.query<{ table_name: string }>(
        `SELECT DISTINCT columns.table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
          WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name IN ('video_id', 'task_id', 'segment_id', 'moment_query_id')`,
      );
      expect(tables.rows.length).toBeGreaterThan(8);
      for (const { table_name } of tables.rows) expect((await client.query(`SELECT 1 FROM ${table_name}`)).rowCount, table_name).toBe(0);
    } finally {
      await client.end();
    }
  });
});

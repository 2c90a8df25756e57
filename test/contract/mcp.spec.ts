// The MCP server as agents meet it: the official client, on stdin and stdout and over HTTP, against the running product.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../src/platform/embedded/free-port.js';
import { runningService } from '../../src/platform/embedded/single-instance.js';
import { anotherCopy } from '../e2e/clip-copies.js';
import { demoClip, type RunningProduct, startProduct, trueEvents, type TrueEvent } from '../e2e/running-product.js';
import { temporaryFolder } from '../medium/servers.js';

const SCRIPT = resolve('scripts/secondsight.mjs');
const ABSENT = 'blue square moves right';
const SHORT = demoClip('short_30s');
const NOBODY = '00000000-0000-4000-8000-000000000000';

let product: RunningProduct;
let folder: string;
let event: TrueEvent;
beforeAll(async () => {
  [product, event] = [await startProduct({ AUTH: 'required' }), (await trueEvents('short_30s'))[0]!];
  folder = temporaryFolder();
});
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What a tool gives, or the text of its error. */
interface Given {
  readonly error: string | undefined;
  readonly data: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- what the schemas of the tools promise, and the client has checked
  readonly content: CallToolResult['content'];
}

async function call(client: Client, name: string, args: Record<string, unknown> = {}, options: Parameters<Client['callTool']>[2] = {}): Promise<Given> {
  const { content, structuredContent, isError } = (await client.callTool({ name, arguments: args }, undefined, options)) as CallToolResult;
  const text = content[0]?.type === 'text' ? content[0].text : '';
  if (!isError) expect(JSON.parse(text)).toEqual(structuredContent);
  return { error: isError ? text : undefined, data: structuredContent ?? {}, content };
}

async function upload(client: Client, path = SHORT): Promise<string> {
  const { error, data } = await call(client, 'upload_by_path', { path });
  expect(error).toBeUndefined();
  return data['video_id'] as string;
}

describe('on stdin and stdout', () => {
  let client: Client;
  let transport: StdioClientTransport;
  const stderr: string[] = [];
  beforeAll(async () => {
    const env = { PATH: process.env['PATH'] ?? '', SECONDSIGHT_SERVER: product.baseUrl, SECONDSIGHT_API_KEY: product.key ?? '' };
    transport = new StdioClientTransport({ command: process.execPath, args: [SCRIPT, 'mcp'], env, stderr: 'pipe' });
    transport.stderr?.on('data', (chunk: Buffer) => stderr.push(String(chunk)));
    client = new Client({ name: 'test', version: '1' });
    client.onerror = (error) => stderr.push(`not of the protocol: ${error.message}`);
    await client.connect(transport);
  });
  afterAll(() => client?.close());

  it('offers its tools, each with words and schemas for an agent', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(['analyze', 'find_moments', 'get_frame', 'list_segments', 'list_videos', 'search', 'upload_by_path']);
    for (const { name, description, inputSchema, outputSchema } of tools) {
      expect(description, name).toMatch(/\w+ .*\./);
      expect(inputSchema, name).toMatchObject({ type: 'object', additionalProperties: false });
      expect(outputSchema, name).toMatchObject({ type: 'object' });
      for (const [field, schema] of Object.entries(inputSchema.properties ?? {})) expect(schema, `${name}.${field}`).toHaveProperty('description');
    }
    expect(client.getInstructions()).toContain('seconds');
  });

  it('answers when something happens, that something does not, and shows it', async () => {
    const video_id = await upload(client);
    const found = await call(client, 'find_moments', { video_id, query: event.query });
    expect(found.data).toMatchObject({ status: 'ready', answer: 'found' });
    const [best] = found.data['moments'] as { start_time: number; end_time: number }[];
    expect(best!.start_time).toBeLessThan(event.end_time);
    expect(best!.end_time).toBeGreaterThan(event.start_time);
    expect((await call(client, 'find_moments', { video_id, query: ABSENT })).data).toMatchObject({ status: 'ready', answer: 'not_in_video', moments: [] });
    const frame = await call(client, 'get_frame', { video_id, time: best!.start_time, width: 100 });
    expect(frame.data['frame_time']).toBeLessThanOrEqual(best!.start_time);
    const image = frame.content.find(({ type }) => type === 'image') as { data: string; mimeType: string };
    expect(image.mimeType).toBe('image/jpeg');
    expect(Buffer.from(image.data, 'base64').subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect((await call(client, 'list_videos', { limit: 1 })).data).toMatchObject({ videos: [{ video_id, name: 'short_30s.mp4' }], next_cursor: null });
  });

  it('analyses with progress, and gives what it found in pages', async () => {
    const video_id = await upload(client, anotherCopy(SHORT));
    const progress: number[] = [];
    const onprogress = (step: { progress: number }): void => void progress.push(step.progress);
    const begun = await call(client, 'analyze', { video_id, wait_seconds: 0 });
    const { data } = await call(client, 'analyze', { task_id: begun.data['task_id'], wait_seconds: 100 }, { onprogress, timeout: 110_000 });
    expect(data).toMatchObject({ status: 'ready', progress: 1, video_id });
    expect(progress.length).toBeGreaterThan(0);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    const texts: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await call(client, 'list_segments', { video_id, type: 'event', limit: 2, ...(cursor && { cursor }) });
      const segments = page.data['segments'] as { text: string }[];
      expect(segments.length).toBeLessThanOrEqual(2);
      texts.push(...segments.map(({ text }) => text));
      cursor = (page.data['next_cursor'] as string | null) ?? undefined;
    } while (cursor !== undefined);
    expect(texts.length).toBeGreaterThan(2);
    expect((await call(client, 'search', { query: texts[0] })).data['hits']).toContainEqual(expect.objectContaining({ video_id, text: texts[0] }));
  });

  it('ends an analysis whose call is canceled', async () => {
    const video_id = await upload(client, anotherCopy(demoClip('long_4min')));
    const canceling = new AbortController();
    const calling = call(client, 'analyze', { video_id, wait_seconds: 600 }, { signal: canceling.signal, onprogress: () => canceling.abort('enough') });
    await expect(calling).rejects.toThrow('enough');
    const tasks = async (): Promise<unknown> => (await fetch(`${product.baseUrl}/v1/analyze/tasks?video_id=${video_id}`, { headers: { authorization: `Bearer ${product.key}` } })).json();
    await vi.waitFor(async () => expect(await tasks()).toMatchObject({ data: [{ status: 'canceled' }] }), { timeout: 30_000, interval: 100 });
  });

  it.each([
    ['find_moments', { video_id: NOBODY, query: 'x' }, /^video\.not_found: .*0000/],
    ['find_moments', { video_id: NOBODY }, /^request\.invalid: Give query/],
    ['analyze', {}, /^request\.invalid: Give video_id/],
    ['analyze', { task_id: NOBODY }, /^task\.not_found/],
    ['get_frame', { video_id: 'mine', time: 0 }, /video_id/],
    ['get_frame', { video_id: NOBODY, time: -1 }, /time/],
    ['list_videos', { cursor: 'x' }, /^request\.invalid_cursor/],
    ['list_videos', { limit: 100_000 }, /limit/],
    ['list_videos', { nonsense: 1 }, /nonsense/],
    ['upload_by_path', { path: 'clip.mp4' }, /^path\.not_absolute/],
    ['upload_by_path', { path: '/nowhere/clip.mp4' }, /^file\.not_found/],
    ['upload_by_path', { path: '/dev/zero' }, /^file\.not_found/],
    ['upload_by_path', { path: '/tmp' }, /^file\.not_found/],
    ['upload_by_path', { path: '/tmp/\0' }, /^file\.not_found/],
    ['upload_by_path', { path: resolve('package.json') }, /^video\.not_a_video/],
    ['nothing', {}, /nothing not found/],
  ])('refuses %s %j with a code and a reason', async (name, args, message) => {
    expect((await call(client, name, args)).error).toMatch(message);
  });

  it('reads no call that is too large to be one', async () => {
    expect((await call(client, 'search', { query: 'x', video_ids: Array.from({ length: 5000 }, () => NOBODY) })).error).toMatch(/more than the maximum/);
  });

  it('wrote nothing but the protocol on stdout', () => expect(stderr.join('')).toBe(''));
});

describe('without its service', () => {
  async function oneCall(env: Record<string, string>): Promise<Given> {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [SCRIPT, 'mcp'], env: { PATH: process.env['PATH'] ?? '', ...env }, stderr: 'ignore' }));
    try {
      return await call(client, 'list_videos');
    } finally {
      await client.close();
    }
  }

  it('says that nothing is there, or that a key is needed, and how to give one', async () => {
    const nobody = `http://127.0.0.1:${await freePort('127.0.0.1')}`;
    expect((await oneCall({ SECONDSIGHT_SERVER: nobody })).error).toMatch(new RegExp(`^api\\.unreachable: .*${nobody} \\(ECONNREFUSED\\)`));
    expect((await oneCall({ SECONDSIGHT_SERVER: product.baseUrl })).error).toMatch(/^key\.missing: .*SECONDSIGHT_API_KEY/);
    expect((await oneCall({ SECONDSIGHT_SERVER: product.baseUrl, SECONDSIGHT_API_KEY: 'ss_live_nonsense' })).error).toMatch(/^key\.invalid: /);
  });

  it('starts one where none runs, and stops it when its client goes', async () => {
    const own = join(folder, 'own');
    expect(await oneCall({ DATA_DIR: own })).toMatchObject({ error: undefined, data: { videos: [] } });
    await vi.waitFor(async () => expect(await runningService(own)).toBeUndefined(), { timeout: 60_000, interval: 100 });
  });
});

describe('over HTTP', () => {
  interface Listening {
    readonly url: URL;
    readonly child: ChildProcess;
  }
  const children: ChildProcess[] = [];
  afterAll(async () => {
    for (const child of children) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect((await ended)[0]).toBe(0);
    }
  });

  async function listen(args: readonly string[] = [], key = product.key ?? ''): Promise<Listening> {
    const env = { PATH: process.env['PATH'] ?? '', SECONDSIGHT_SERVER: product.baseUrl, SECONDSIGHT_API_KEY: key };
    const child = spawn(process.execPath, [SCRIPT, 'mcp', '--http', '0', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(child);
    const lines = createInterface({ input: child.stderr });
    for await (const line of lines) {
      const [, url] = /^MCP +(http\S+)$/.exec(line) ?? [];
      if (url !== undefined) return { url: new URL(url), child };
    }
    throw new Error('it does not listen');
  }

  async function connect(url: URL, key?: string): Promise<Client> {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } } }));
    return client;
  }

  /** A first request, as it is; fetch lets nobody choose Host. */
  function begin(url: URL, headers: Record<string, string>): Promise<{ status: number; body: string }> {
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    return new Promise((done, fail) => {
      const sent = request(url, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done({ status: response.statusCode ?? 0, body: String(Buffer.concat(chunks)) }));
      });
      sent.on('error', fail).end(body);
    });
  }

  it('uploads from open folders alone, and answers', async () => {
    const [open, link] = [join(folder, 'open'), join(folder, 'link')];
    mkdirSync(open);
    symlinkSync(open, link);
    copyFileSync(SHORT, join(open, 'clip.mp4'));
    writeFileSync(join(folder, 'secret.mp4'), 'secret');
    symlinkSync(join(folder, 'secret.mp4'), join(open, 'a link.mp4'));
    linkSync(SHORT, join(open, 'the same file.mp4'));
    execFileSync('mkfifo', [join(open, 'a pipe.mp4')]);
    const { url } = await listen(['--allow-path', link]);
    const client = await connect(url);
    const video_id = await upload(client, join(link, 'clip.mp4'));
    expect(await upload(client, join(open, 'the same file.mp4'))).toBe(video_id);
    const refusals = { '../secret.mp4': 'path.not_allowed', 'a link.mp4': 'path.not_allowed', 'a pipe.mp4': 'file.not_found', 'nothing.mp4': 'file.not_found', '.': 'path.not_allowed' };
    for (const [name, code] of Object.entries(refusals)) expect((await call(client, 'upload_by_path', { path: `${open}/${name}` })).error, name).toMatch(`${code}: `);
    for (const path of [SHORT, '/etc/passwd', '/nowhere']) expect((await call(client, 'upload_by_path', { path })).error, path).toMatch(/^path\.not_allowed: /);
    expect((await call(client, 'find_moments', { video_id, query: event.query })).data).toMatchObject({ answer: 'found' });
    await client.close();
  });

  it('opens no file where no folder was named', async () => {
    const client = await connect((await listen()).url);
    expect((await call(client, 'upload_by_path', { path: SHORT })).error).toMatch(/^path\.not_allowed: .*--allow-path/);
    await client.close();
  });

  it('serves no page of another site, and nobody under another name', async () => {
    const { url } = await listen();
    expect((await begin(url, {})).status).toBe(200);
    expect((await begin(url, { host: `localhost:${url.port}` })).status).toBe(200);
    const stranger = { host: `attacker.example:${url.port}` };
    for (const headers of [stranger, { ...stranger, origin: `http://attacker.example:${url.port}` }, { origin: 'https://attacker.example' }, { origin: 'null' }]) {
      expect((await begin(url, headers)).status, JSON.stringify(headers)).toBe(403);
    }
  });

  it('elsewhere serves those who have a key, each by its own', async () => {
    const made = await fetch(`${product.baseUrl}/v1/api-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${product.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'other', scopes: ['videos:read'], tenant_id: 'other' }),
    });
    const { key } = (await made.json()) as { key: string };
    const { url } = await listen(['--host', '0.0.0.0', '--allow-path', folder]);
    url.hostname = '127.0.0.1';
    expect(await begin(url, {})).toMatchObject({ status: 401, body: expect.stringContaining('key.missing') as string });
    expect(await begin(url, { authorization: `Bearer ${product.key}x` })).toMatchObject({ status: 401, body: expect.stringContaining('key.invalid') as string });
    const [ours, theirs] = [await connect(url, product.key), await connect(url, key)];
    expect((await call(ours, 'list_videos')).data['videos']).not.toEqual([]);
    expect((await call(theirs, 'list_videos')).data['videos']).toEqual([]);
    expect((await call(theirs, 'upload_by_path', { path: join(folder, 'open', 'clip.mp4') })).error).toMatch(/^key\.scope_missing: /);
    const session = (ours.transport as StreamableHTTPClientTransport).sessionId ?? '';
    expect(await begin(url, { authorization: `Bearer ${key}`, 'mcp-session-id': session })).toMatchObject({ status: 404 });
    await Promise.all([ours.close(), theirs.close()]);
  });
});

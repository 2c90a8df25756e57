// The examples do what they say, as they stand, against the running product.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { execFile, execFileSync, type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { demoClip, type RunningProduct, startProduct, trueEvents, type TrueEvent } from '../e2e/running-product.js';
import { temporaryFolder } from '../medium/servers.js';

const EXAMPLES = resolve('examples');
const ABSENT = 'blue square moves right';
const run = promisify(execFile);

/** Whether a program runs here. */
function works(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const python = [process.env['OTIO_PYTHON'], 'python3'].find((program) => program !== undefined && works(program, '-c', 'import requests'));
const hasCurl = works('curl', '--version') && works('jq', '--version');

let product: RunningProduct;
let folder: string;
let event: TrueEvent;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  [product, event] = [await startProduct({ OUTGOING_ALLOW: '127.0.0.1', AUTH: 'required' }), (await trueEvents('short_30s'))[0]!];
  folder = temporaryFolder();
  env = { ...process.env, SECONDSIGHT_SERVER: product.baseUrl, SECONDSIGHT_API_KEY: product.key };
});
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What an example prints of a question. */
async function answers(program: string, ...args: string[]): Promise<string> {
  return (await run(program, args, { env, cwd: folder })).stdout;
}

/** The best moment, which the example prints after the answer, overlaps the true one. */
function expectFound(printed: string): void {
  const [, start, end] = /found\n([\d.]+) - ([\d.]+) s, [\d.]+ sure/.exec(printed) ?? [];
  expect(Number(start), printed).toBeLessThan(event.end_time);
  expect(Number(end), printed).toBeGreaterThan(event.start_time);
}

describe('the examples', () => {
  it('are all in their index', () => {
    const index = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
    for (const name of readdirSync(EXAMPLES)) if (name !== 'README.md') expect(index, name).toContain(`](${name})`);
  });

  it('ask.mjs', async () => {
    const program = join(EXAMPLES, 'ask.mjs');
    expectFound(await answers(process.execPath, program, demoClip('short_30s'), event.query));
    expect(await answers(process.execPath, program, demoClip('short_30s'), ABSENT)).toMatch(/not_in_video\n$/);
    await expect(answers(process.execPath, program, resolve('package.json'), 'x')).rejects.toMatchObject({ stderr: expect.stringContaining('video.not_a_video: ') as string });
  });

  it.skipIf(!hasCurl)(`ask.sh${hasCurl ? '' : ' (skipped: curl or jq is missing)'}`, async () => {
    const printed = await answers(join(EXAMPLES, 'ask.sh'), demoClip('short_30s'), event.query);
    expectFound(printed);
    expect(printed).toMatch(/^video [\w-]{36}\n([\d.]+ - [\d.]+ {2}\w.*\n){3}found/);
    expect(readFileSync(join(folder, 'frame.jpg')).subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect(statSync(join(EXAMPLES, 'ask.sh')).mode & 0o111).toBeGreaterThan(0);
  });

  it.skipIf(!python)(`ask.py${python ? '' : ' (skipped: no Python with requests)'}`, async () => {
    const program = join(EXAMPLES, 'ask.py');
    expectFound(await answers(python ?? '', program, demoClip('short_30s'), event.query));
    expect(await answers(python ?? '', program, demoClip('short_30s'), ABSENT)).toMatch(/not_in_video\n$/);
    await expect(answers(python ?? '', program, resolve('package.json'), 'x')).rejects.toMatchObject({ stderr: expect.stringContaining('video.not_a_video: ') as string });
  });

  it('mcp.json', async () => {
    const { command, args, env: settings } = (JSON.parse(readFileSync(join(EXAMPLES, 'mcp.json'), 'utf8')) as { mcpServers: Record<string, { command: string; args: string[]; env: Record<string, string> }> })
      .mcpServers['secondsight']!;
    const [, ...rest] = args;
    expect([command, args[0]]).toEqual(['npx', 'secondsight']); // what npm-pack.spec.ts runs as it is
    expect(Object.keys(settings)).toEqual(['SECONDSIGHT_SERVER', 'SECONDSIGHT_API_KEY']);
    const given = { SECONDSIGHT_SERVER: product.baseUrl, SECONDSIGHT_API_KEY: product.key ?? '' };
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [resolve('scripts/secondsight.mjs'), ...rest], env: { ...getDefaultEnvironment(), ...settings, ...given } }));
    expect(await client.callTool({ name: 'list_videos', arguments: {} })).not.toHaveProperty('isError');
    await client.close();
  });
});

describe('webhook-receiver.mjs', () => {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const printed: string[] = [];
  let receiver: ChildProcess;
  let url: string;
  beforeAll(async () => {
    receiver = spawn(process.execPath, [join(EXAMPLES, 'webhook-receiver.mjs')], { env: { ...process.env, WEBHOOK_SECRET: secret, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: receiver.stdout! });
    url = await new Promise((found) => lines.once('line', (line) => found(`http://127.0.0.1:${line.split(' ').at(-1)}`)));
    lines.on('line', (line) => printed.push(line));
  });
  afterAll(() => receiver?.kill());

  it('believes the service', async () => {
    const post = async (path: string, body: unknown): Promise<{ id: string }> => {
      const headers = { authorization: `Bearer ${product.key}`, 'content-type': 'application/json' };
      return (await fetch(product.baseUrl + path, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<{ id: string }>;
    };
    const { id } = await post('/v1/webhooks', { url, secret });
    await post(`/v1/webhooks/${id}/ping`, {});
    await vi.waitFor(() => expect(printed).toContainEqual(expect.stringMatching(/^webhook\.ping \{/)), { timeout: 30_000, interval: 50 });
  });

  it('believes nobody else, and nothing that is old, and no message twice', async () => {
    const send = async (signedBy: string, at: Date, body = '{"type":"task.ready","data":{}}', sent = body): Promise<number> => {
      const id = 'msg_1';
      const headers = { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': new Webhook(signedBy).sign(id, at, body) };
      return (await fetch(url, { method: 'POST', headers, body: sent })).status;
    };
    const now = new Date();
    expect(await send(`whsec_${randomBytes(24).toString('base64')}`, now)).toBe(401);
    expect(await send(secret, new Date(now.getTime() - 301_000))).toBe(401);
    expect(await send(secret, now, '{}', '{"type":"task.ready"}')).toBe(401);
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
    for (let k = 0; k < 2; k++) expect(await send(secret, now)).toBe(204);
    expect(printed.filter((line) => line.startsWith('task.ready'))).toHaveLength(1);
  });
});

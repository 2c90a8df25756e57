// The commands on a service that is somewhere else: found by its address, opened by a key, sent large files over a line that breaks.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from '../../src/cli/api-client.js';
import { main } from '../../src/cli/main.js';
import { PIECE_BYTES } from '../../src/cli/upload-in-pieces.js';
import { freePort } from '../../src/platform/embedded/free-port.js';
import { paddedClip } from '../e2e/clip-copies.js';
import { demoClip, type RunningProduct, startProduct, trueEvents, type TrueEvent } from '../e2e/running-product.js';
import { temporaryFolder } from '../medium/servers.js';
import { CuttingProxy } from './cutting-proxy.js';

/** Bytes of those of all requests, at most. */
const HEADERS = 64 * 1024;

const CLIP = demoClip('short_30s');

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

describe('a command with --server', () => {
  let out: string;
  let err: string;
  beforeEach(() => {
    [out, err] = ['', ''];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out += String(text)) !== '');
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => (err += String(text)) !== '');
    vi.stubEnv('DATA_DIR', join(folder, 'nothing runs here'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('asks the service that is there', async () => {
    expect(await main(['ask', CLIP, event.query, '--json', '--server', `${product.baseUrl}/`, '--key', product.key ?? '']), err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ status: 'ready', answer: 'found' });
  });

  it('finds address and key in the environment too', async () => {
    vi.stubEnv('SECONDSIGHT_SERVER', product.baseUrl);
    vi.stubEnv('SECONDSIGHT_API_KEY', product.key);
    expect(await main(['analyze', CLIP, resolve('package.json'), '--jsonl'])).toBe(1);
    const lines = out.trim().split('\n').map((line) => JSON.parse(line) as { status: string; error: { code: string } | null; segments: unknown[] });
    expect(lines).toMatchObject([{ status: 'ready', error: null }, { status: 'refused', error: { code: 'video.not_a_video' } }]);
    expect(lines[0]!.segments.length).toBeGreaterThan(3);
  });

  it('says which key is missing or refused', async () => {
    expect(await main(['ask', CLIP, 'x', '--server', product.baseUrl])).toBe(1);
    expect(err).toMatch(/^key\.missing: .*--key or SECONDSIGHT_API_KEY/);
    err = '';
    expect(await main(['ask', CLIP, 'x', '--server', product.baseUrl, '--key', `${product.key}x`])).toBe(1);
    expect(err).toMatch(/^key\.invalid: /);
  });

  it.each(['video.example', 'ftp://video.example', ''])('takes %j for no address', async (address) => {
    expect(await main(['ask', CLIP, 'x', '--server', address])).toBe(2);
    expect(err).toContain('--server');
  });

  it.each<[string, RequestListener | undefined, RegExp]>([
    ['nobody', undefined, /^api\.unreachable: No answer from http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)/],
    ['somebody who hangs up', (_request, response) => void response.destroy(), /^api\.unreachable: /],
    ['a page', (_request, response) => void response.end('<html>'), /^api\.not_understood: .*\/v1\/models/],
    ['another service', (_request, response) => void response.writeHead(404).end('<html>'), /^api\.failed: .* answered 404/],
    ['one who sends on', (_request, response) => void response.writeHead(301, { location: 'https://video.example/' }).end(), /^api\.redirected: .*https:\/\/video\.example\//],
  ])('says what is there instead: %s', async (_who, answer, message) => {
    const server = createServer(answer).listen(answer ? 0 : await freePort('127.0.0.1'), '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (!answer) await new Promise((closed) => server.close(closed));
    expect(await main(['ask', CLIP, 'x', '--server', `http://127.0.0.1:${port}`])).toBe(1);
    expect(err).toMatch(message);
    server.close();
  });
});

describe('a large file', () => {
  const bytes = paddedClip(CLIP, 40 * 1024 ** 2);
  const path = (): string => join(folder, 'large.mp4');
  beforeAll(() => writeFileSync(path(), bytes));

  it('arrives whole over a line that breaks, at most one piece of it sent again at each break', async () => {
    const cuts = [0.01, 0.2, 0.21, 0.5, 0.77, 0.999].map((share) => Math.round(share * bytes.length));
    const proxy = await CuttingProxy.start(Number(new URL(product.baseUrl).port), cuts);
    try {
      const { id } = await new ApiClient(`http://127.0.0.1:${proxy.port}`, undefined, product.key).upload(path());
      expect(proxy.cuts).toBe(cuts.length);
      expect(proxy.passed).toBeLessThan(bytes.length + cuts.length * PIECE_BYTES + HEADERS);
      expect(await new ApiClient(product.baseUrl, undefined, product.key).video(id)).toMatchObject({ name: 'large.mp4', sha256: createHash('sha256').update(bytes).digest('hex') });
    } finally {
      proxy.stop();
    }
  });

  it('that is no video is refused, and leaves nothing behind', async () => {
    const client = new ApiClient(product.baseUrl, undefined, product.key);
    writeFileSync(join(folder, 'noise.mp4'), bytes.subarray(-17 * 1024 ** 2));
    await expect(client.upload(join(folder, 'noise.mp4'))).rejects.toMatchObject({ code: expect.stringMatching(/^video\./) as string });
    const uploads = (await (await fetch(`${product.baseUrl}/v1/uploads`, { headers: { authorization: `Bearer ${product.key}` } })).json()) as { data: { status: string }[] };
    expect(uploads.data.map(({ status }) => status)).toEqual(['ready']);
  });

  it('that its sender gives up is forgotten', async () => {
    const giveUp = new AbortController();
    const client = new ApiClient(product.baseUrl, undefined, product.key).until(giveUp.signal);
    const { openFile } = await import('../../src/cli/open-file.js');
    const file = await openFile(path());
    await expect(client.uploadFile(file, () => giveUp.abort(new Error('enough')))).rejects.toThrow('enough');
    await file.handle.close();
    const uploads = (await (await fetch(`${product.baseUrl}/v1/uploads`, { headers: { authorization: `Bearer ${product.key}` } })).json()) as { data: { status: string }[] };
    expect(uploads.data.map(({ status }) => status)).toEqual(['ready']);
  });

  describe('whose sender is killed', () => {
    const state = (): string => join(folder, 'state');
    const kept = (): string[] => readdirSync(join(state(), 'secondsight', 'uploads'));
    let proxy: CuttingProxy;
    beforeEach(async () => {
      rmSync(state(), { recursive: true, force: true });
      proxy = await CuttingProxy.start(Number(new URL(product.baseUrl).port), [Math.round(0.6 * bytes.length)]);
    });
    afterEach(() => proxy.stop());

    /** A copy of other bytes, as the same ones are a video already. */
    const another = (name: string): { path: string; sha256: string } => {
      const copy = paddedClip(CLIP, bytes.length);
      writeFileSync(join(folder, name), copy);
      return { path: join(folder, name), sha256: createHash('sha256').update(copy).digest('hex') };
    };
    const ask = async (path: string): Promise<{ code: number | null; signal: string | null; out: string }> => {
      const args = ['scripts/secondsight.mjs', 'ask', path, event.query, '--json', '--server', `http://127.0.0.1:${proxy.port}`, '--key', product.key ?? ''];
      const child = spawn(process.execPath, args, { env: { ...process.env, XDG_STATE_HOME: state() }, stdio: ['ignore', 'pipe', 'inherit'] });
      proxy.onCut = () => child.kill('SIGKILL');
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
      return { code, signal, out };
    };
    const get = async (route: string): Promise<{ data: { id: string; sha256: string; status: string }[] }> =>
      (await (await fetch(product.baseUrl + route, { headers: { authorization: `Bearer ${product.key}` } })).json()) as { data: { id: string; sha256: string; status: string }[] };

    it('is gone on with by the next process, and at most one piece of it is sent again', async () => {
      const { path, sha256 } = another('killed.mp4');
      expect(await ask(path)).toMatchObject({ code: null, signal: 'SIGKILL' });
      expect(kept()).toHaveLength(1);
      const { code, out } = await ask(path);
      expect([code, proxy.cuts]).toEqual([0, 1]);
      expect(JSON.parse(out)).toMatchObject({ answer: 'found' });
      expect(proxy.passed).toBeLessThan(bytes.length + PIECE_BYTES + HEADERS);
      expect((await get('/v1/videos')).data.map((video) => video.sha256)).toContain(sha256);
      expect(kept()).toEqual([]);
    });

    it('begins anew where the service has forgotten it', async () => {
      const { path, sha256 } = another('forgotten.mp4');
      await ask(path);
      const [open] = (await get('/v1/uploads')).data.filter(({ status }) => status === 'receiving');
      const headers = { authorization: `Bearer ${product.key}`, 'tus-resumable': '1.0.0' };
      expect((await fetch(`${product.baseUrl}/v1/uploads/${open?.id}`, { method: 'DELETE', headers })).status).toBe(204);
      expect(await ask(path)).toMatchObject({ code: 0 });
      expect((await get('/v1/videos')).data.map((video) => video.sha256)).toContain(sha256);
      expect(kept()).toEqual([]);
    });

    it('is not gone on with as another file that has taken its place', async () => {
      const { path } = another('changed.mp4');
      await ask(path);
      const { sha256 } = another('changed.mp4');
      expect(await ask(path)).toMatchObject({ code: 0 });
      expect((await get('/v1/videos')).data.map((video) => video.sha256)).toContain(sha256);
    });
  });
});

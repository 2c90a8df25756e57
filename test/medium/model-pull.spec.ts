// `secondsight model pull` against a server that speaks the hub's protocol: pages of a listing, redirects to a store, ranges, hashes, and its faults.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';

const GOLDEN = join(import.meta.dirname, '../parity/golden/tiny_b');
const REPO = 'owner/tiny-vl';
const COMMIT = 'a'.repeat(40);
const SHARD = 'model-00002-of-00002.safetensors';

/** What the store does with one request for a file's bytes. */
type Fault = 'cut' | 'spoil' | 'refuse';

const files = new Map<string, Buffer>();
let faults: { path: string; fault: Fault }[];
let ranges: { path: string; range: string | undefined }[];
let strayTokens: string[];
let hub: Server;
let store: Server;
const at = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  for (const name of ['config.json', 'generation_config.json', 'model.safetensors.index.json', 'model-00001-of-00002.safetensors', SHARD]) files.set(name, await readFile(join(GOLDEN, name)));
  files.set('pytorch_model.bin', Buffer.from('other weights, which nobody needs'));
  hub = createServer(serveHub).listen(0, '127.0.0.1');
  store = createServer(serveStore).listen(0, '127.0.0.1');
  for (const server of [hub, store]) if (!server.listening) await once(server, 'listening');
});
afterAll(() => [hub, store].forEach((server) => server.close()));

const isLarge = (name: string): boolean => name.endsWith('.safetensors') || name.endsWith('.bin');
const sha = (kind: 'sha1' | 'sha256', ...parts: (string | Buffer)[]): string => parts.reduce((hash, part) => hash.update(part), createHash(kind)).digest('hex');

function entryOf(name: string): object {
  const bytes = files.get(name)!;
  const pointer = { oid: sha('sha1', 'a pointer'), lfs: { oid: sha('sha256', bytes), size: bytes.length, pointerSize: 130 } };
  return { type: 'file', path: name, size: bytes.length, ...(isLarge(name) ? pointer : { oid: sha('sha1', `blob ${bytes.length}\0`, bytes) }) };
}

function serveHub(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', at(hub));
  const json = (status: number, body: unknown, headers = {}) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  if (request.headers.authorization !== 'Bearer hf_secret') return void json(401, { error: 'Invalid username or password.' });
  if (url.pathname === `/api/models/${REPO}/revision/main`) return void json(200, { _id: '1', id: REPO, sha: COMMIT, private: true, gated: false, downloads: 0, likes: 0, lastModified: '2026-01-01' });
  if (url.pathname === `/api/models/${REPO}/tree/${COMMIT}`) {
    const names = [...files.keys()];
    const isSecond = url.searchParams.has('cursor');
    const next = { link: `<${at(hub)}${url.pathname}?cursor=2>; rel="next"` };
    const folder = { type: 'directory', path: 'onnx', size: 0, oid: '' };
    return void json(200, isSecond ? names.slice(3).map(entryOf) : [folder, ...names.slice(0, 3).map(entryOf)], isSecond ? {} : next);
  }
  const name = url.pathname.replace(`/${REPO}/resolve/${COMMIT}/`, '');
  if (!files.has(name)) return void json(404, { error: 'Entry not found' }, { 'x-error-code': 'EntryNotFound' });
  if (!isLarge(name)) return send(request, response, name, files.get(name)!);
  const linked = { 'x-linked-size': files.get(name)!.length, 'x-linked-etag': `"${sha('sha256', files.get(name)!)}"` };
  response.writeHead(302, { location: `${at(store)}/${name}`, ...linked }).end();
}

function serveStore(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.authorization !== undefined) strayTokens.push(request.headers.authorization);
  const name = (request.url ?? '').slice(1);
  send(request, response, name, files.get(name)!);
}

function send(request: IncomingMessage, response: ServerResponse, name: string, bytes: Buffer): void {
  const { range } = request.headers;
  const [, from = '0', to = String(bytes.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  const part = Buffer.from(bytes.subarray(Number(from), Number(to) + 1));
  const isProbe = part.length === 1;
  const fault = isProbe ? undefined : takeFault(name);
  if (!isProbe) ranges.push({ path: name, range });
  if (fault === 'refuse') return void response.writeHead(403).end();
  if (fault === 'spoil') part[part.length >> 1]! ^= 1;
  const whole = range === undefined;
  response.writeHead(whole ? 200 : 206, { etag: `"${name}"`, 'content-length': part.length, ...(whole ? {} : { 'content-range': `bytes ${from}-${to}/${bytes.length}` }) });
  if (fault !== 'cut') return void response.end(part);
  response.write(part.subarray(0, part.length >> 1), () => response.destroy());
}

function takeFault(name: string): Fault | undefined {
  const at = faults.findIndex(({ path }) => path === name);
  return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
}

let folder: string;
let [out, err] = ['', ''];
beforeEach(async () => {
  [faults, ranges, strayTokens, out, err] = [[], [], [], '', ''];
  folder = await mkdtemp(join(tmpdir(), 'pulled '));
  vi.stubEnv('HF_ENDPOINT', at(hub));
  vi.stubEnv('HF_TOKEN', 'hf_secret');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out += String(text)) !== '');
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (err += String(text)) !== '');
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const pull = (...more: string[]): Promise<number> => main(['model', 'pull', REPO, '--to', folder, '--json', ...more]);
const wanted = (): string[] => [...files.keys()].filter((name) => !name.endsWith('.bin')).sort();

async function expectWhole(): Promise<void> {
  expect((await readdir(folder)).sort()).toEqual(wanted());
  for (const name of wanted()) expect((await readFile(join(folder, name))).equals(files.get(name)!)).toBe(true);
}

it('fetches a checkpoint of several pages and shards, once, and keeps the token from the store', async () => {
  expect(await pull()).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ repo: REPO, revision: COMMIT, files: 5, fetched: 5 });
  await expectWhole();
  expect(strayTokens).toEqual([]);

  [out, ranges] = ['', []];
  expect(await pull()).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ fetched: 0 });
  expect(ranges).toEqual([]);
});

it('goes on where a connection was cut, as often as it is', async () => {
  faults = Array.from({ length: 3 }, () => ({ path: SHARD, fault: 'cut' as const }));
  expect(await pull()).toBe(0);
  await expectWhole();
  const froms = ranges.filter(({ path }) => path === SHARD).map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]));
  expect(froms).toHaveLength(4);
  for (const [k, from] of froms.entries()) if (k > 0) expect(from).toBeGreaterThan(froms[k - 1]!);
});

it('keeps what came when it has to give up, and needs only the rest the next time', async () => {
  faults = [{ path: SHARD, fault: 'cut' }, { path: SHARD, fault: 'refuse' }];
  expect(await pull()).toBe(1);
  expect(err).toContain('pull.broken_off');
  expect(err).toContain(SHARD);
  expect(await readdir(folder)).not.toContain(SHARD);

  ranges = [];
  expect(await pull()).toBe(0);
  await expectWhole();
  expect(ranges).toEqual([{ path: SHARD, range: expect.stringMatching(/^bytes=[1-9]/) as string }]);
});

it.each([SHARD, 'config.json'])('refuses other bytes of %s than the hub names, and drops them', async (path) => {
  faults = [{ path, fault: 'spoil' }];
  expect(await pull()).toBe(1);
  expect(err).toContain('pull.hash_mismatch');
  expect((await readdir(folder)).filter((name) => name === path || name.startsWith(`.${path}`))).toEqual([]);
  expect(await pull()).toBe(0);
  await expectWhole();
});

it.each([
  ['a token that opens nothing', { HF_TOKEN: 'hf_wrong' }, [], 'pull.refused'],
  ['a revision that is not there', {}, ['--revision', 'nowhere'], 'pull.refused'],
  ['a hub that is not there', { HF_ENDPOINT: 'http://127.0.0.1:9' }, [], 'pull.refused'],
])('says why it fetches nothing: %s', async (_, env, more, code) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  expect(await pull(...more)).toBe(1);
  expect(err).toContain(code);
  expect(await readdir(folder)).toEqual([]);
});

it('refuses what is no repository', async () => {
  expect(await main(['model', 'pull', '../../etc/passwd'])).toBe(2);
});

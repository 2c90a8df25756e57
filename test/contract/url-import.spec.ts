// Videos by URL: fetched by a worker from a source that breaks off, changes, refuses or leads elsewhere; and videos of a watched folder.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { paddedClip } from '../e2e/clip-copies.js';
import { demoClip } from '../e2e/running-product.js';
import { BreakableProduct, PATIENCE } from '../faults/breakable-product.js';
import { temporaryFolder } from '../medium/servers.js';

const CLIP = demoClip('short_30s');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A source of one video, as good or as bad as a test wants it. */
class Source {
  bytes: Buffer = Buffer.alloc(0);
  etag = '"one"';
  /** Bytes of a body after which the connection breaks. */
  breakAfter = Infinity;
  /** Answers instead of the video. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Called before each body. */
  onBody: () => void = () => undefined;
  readonly ranges: (string | undefined)[] = [];
  sent = 0;
  private readonly server: Server = createServer((request, response) => this.respond(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}/films/first%20film.mp4?signature=secret`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  reset(): void {
    Object.assign(this, { etag: '"one"', breakAfter: Infinity, answer: undefined, onBody: () => undefined, sent: 0 });
    this.ranges.length = 0;
  }

  private respond(request: IncomingMessage, response: ServerResponse): void {
    const range = request.headers['if-range'] === this.etag ? request.headers.range : undefined;
    this.ranges.push(range);
    if (this.answer) return this.answer(request, response);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const body = this.bytes.subarray(from);
    response.writeHead(range === undefined ? 200 : 206, {
      ...{ 'content-type': 'video/mp4', etag: this.etag, 'content-length': body.length },
      ...(range !== undefined && { 'content-range': `bytes ${from}-${this.bytes.length - 1}/${this.bytes.length}` }),
    });
    const part = body.subarray(0, this.breakAfter);
    this.sent += part.length;
    this.onBody();
    response.write(part, () => (part.length < body.length ? setTimeout(() => response.destroy(), 20) : response.end()));
  }
}

const source = new Source();
const watched = temporaryFolder();
let product: BreakableProduct;

beforeAll(async () => {
  await source.start();
  const env = { OUTGOING_ALLOW: '127.0.0.1', UPLOAD_MAX_BYTES: String(16 * 1024 ** 2), WATCH_DIR: watched, WATCH_SETTLE_SECONDS: '0.5', WORKER_ROLES: 'media' };
  product = await BreakableProduct.start({ env });
});
beforeEach(() => source.reset());
afterAll(async () => {
  source.stop();
  await product?.stop();
});

interface UploadJson {
  readonly id: string;
  readonly source: string;
  readonly name: string;
  readonly status: string;
  readonly video_id: string | null;
  readonly duplicate: boolean;
  readonly received_bytes: number;
  readonly error: { readonly code: string } | null;
}

const json = async <T>(path: string, init?: RequestInit): Promise<T> => (await (await fetch(`${product.baseUrl}${path}`, init)).json()) as T;
const ask = (body: unknown): Promise<Response> =>
  fetch(`${product.baseUrl}/v1/videos`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

async function begin(url = source.url, name?: string): Promise<UploadJson> {
  const response = await ask({ url, ...(name !== undefined && { name }) });
  expect(response.status).toBe(202);
  return (await response.json()) as UploadJson;
}

const ended = ({ id }: UploadJson): Promise<UploadJson> =>
  vi.waitFor(async () => {
    const upload = await json<UploadJson>(`/v1/uploads/${id}`);
    expect(upload.status).toBeOneOf(['ready', 'failed', 'canceled']);
    return upload;
  }, PATIENCE);

const failedWith = async (url?: string): Promise<string | undefined> => (await ended(await begin(url))).error?.code;

describe('a video by URL', () => {
  it('is fetched although its source breaks off again and again, and nothing is sent twice', async () => {
    source.bytes = paddedClip(CLIP, 4 * 1024 ** 2);
    source.breakAfter = 1024 ** 2;
    const upload = await ended(await begin());
    expect(upload).toMatchObject({ status: 'ready', name: 'first film.mp4', received_bytes: source.bytes.length, duplicate: false });
    expect(await json(`/v1/videos/${upload.video_id}`)).toMatchObject({ sha256: sha256(source.bytes), name: 'first film.mp4' });
    expect(source.ranges[0]).toBeUndefined();
    expect(source.ranges.slice(1).every((range) => range !== undefined)).toBe(true);
    expect(source.sent).toBeLessThan(source.bytes.length + source.ranges.length * 128 * 1024); // what was under way at each break
  });

  it('is gone on with by another worker when the one that fetches it is killed', async () => {
    source.bytes = paddedClip(CLIP, 3 * 1024 ** 2);
    source.answer = undefined;
    source.breakAfter = 2 * 1024 ** 2;
    let bodies = 0;
    source.onBody = () => {
      bodies++;
      if (bodies === 1) setTimeout(() => void product.worker.kill(), 10);
    };
    const upload = await ended(await begin(source.url, 'renamed.mp4'));
    expect(upload).toMatchObject({ status: 'ready', name: 'renamed.mp4' });
    expect(product.worker.restarts).toBeGreaterThan(0);
    expect(source.ranges.at(-1)).toMatch(/^bytes=[1-9]/);
    expect(await json(`/v1/videos/${upload.video_id}`)).toMatchObject({ sha256: sha256(source.bytes) });
  });

  it('is begun again when the source has become another one', async () => {
    const first = paddedClip(CLIP, 2 * 1024 ** 2);
    const second = paddedClip(CLIP, 2 * 1024 ** 2);
    source.bytes = first;
    source.breakAfter = 1024 ** 2;
    source.onBody = () => Object.assign(source, { bytes: second, etag: '"two"', breakAfter: Infinity });
    const upload = await ended(await begin());
    expect(await json(`/v1/videos/${upload.video_id}`)).toMatchObject({ sha256: sha256(second) });
  });

  it('that the tenant has already is that video', async () => {
    source.bytes = paddedClip(CLIP);
    const [first, second] = [await ended(await begin()), await ended(await begin())];
    expect(second).toMatchObject({ status: 'ready', duplicate: true, video_id: first.video_id });
  });

  const answers: readonly [string, string, (response: ServerResponse) => void][] = [
    ['that is not there', 'import.refused', (response) => response.writeHead(404).end()],
    ['that is a page', 'import.not_a_video', (response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>')],
    ['that is a playlist', 'import.not_a_video', (response) => response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end('#EXTM3U')],
    ['that says it is larger than what is taken', 'video.too_large', (response) => response.writeHead(200, { 'content-length': String(2 ** 34) }).write('x')],
    ['that turns out larger than what is taken', 'video.too_large', (response) => response.writeHead(200).end(Buffer.alloc(17 * 1024 ** 2))],
    ['that is no video', 'video.not_a_video', (response) => response.writeHead(200).end('words, words, words')],
    ['that leads inside', 'address.refused', (response) => response.writeHead(302, { location: 'http://127.0.0.2:9/' }).end()],
    ['that leads to a file', 'address.refused', (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()],
    ['that leads in a circle', 'import.refused', (response) => response.writeHead(302, { location: '/again' }).end()],
  ];

  it.each(answers)('%s ends with %s', async (_, code, answer) => {
    source.answer = (_request, response) => answer(response);
    expect(await failedWith()).toBe(code);
  });

  it('that nobody answers at is tried again, which is told meanwhile, and ends with the reason', async () => {
    const gone = new Source();
    await gone.start();
    const { url } = gone;
    gone.stop();
    const { id } = (await (await ask({ url })).json()) as { id: string };
    const reason = `127.0.0.1:${new URL(url).port} cannot be reached: it refuses the connection.`;
    await vi.waitFor(async () => {
      const waiting = await json<Record<string, unknown>>(`/v1/uploads/${id}`);
      expect(waiting).toMatchObject({ status: 'queued', error: { code: 'http.unreachable', message: reason } });
      expect(Date.parse(String(waiting['next_try_at']))).toBeGreaterThan(0);
    }, PATIENCE);
    await vi.waitFor(async () => expect(await json<object>(`/v1/uploads/${id}`)).toMatchObject({ status: 'failed', next_try_at: null, error: { code: 'import.unreachable', message: reason } }), PATIENCE);
  });

  it('inside is refused at once, and so is what is no address', async () => {
    for (const url of ['http://10.0.0.1/a.mp4', 'http://169.254.169.254/latest', 'http://[::ffff:10.0.0.1]/', 'http://[::1]/a.mp4']) {
      const refused = await ask({ url });
      expect([refused.status, ((await refused.json()) as { code: string }).code], url).toEqual([422, 'address.refused']);
    }
    for (const url of ['file:///etc/passwd', 'ftp://example.com/a.mp4', 'nothing', 'https://user:password@example.com/a.mp4']) {
      expect((await ask({ url })).status, url).toBe(400);
    }
  });

  it('can be canceled, once, and leaves nothing', async () => {
    source.answer = (_request, response) => void response.writeHead(200, { 'content-type': 'video/mp4' }).write(Buffer.alloc(1024)); // and never ends
    const upload = await begin();
    await vi.waitFor(async () => expect((await json<UploadJson>(`/v1/uploads/${upload.id}`)).received_bytes).toBe(1024), PATIENCE);
    expect(await json(`/v1/uploads/${upload.id}/cancel`, { method: 'POST' })).toMatchObject({ status: 'canceled', received_bytes: 0 });
    expect(readdirSync(join(product.directory, 'storage/parts'))).toEqual([]);
    source.answer = undefined;
    source.bytes = paddedClip(CLIP);
    const ready = await ended(await begin());
    const late = await fetch(`${product.baseUrl}/v1/uploads/${ready.id}/cancel`, { method: 'POST' });
    expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([409, 'upload.finished']);
  });
});

describe('a watched folder', () => {
  const named = async (name: string): Promise<UploadJson[]> => (await json<{ data: UploadJson[] }>('/v1/uploads?limit=1000')).data.filter((upload) => upload.source === 'folder' && upload.name === name);
  const taken = (name: string): Promise<UploadJson> =>
    vi.waitFor(async () => {
      const [upload] = await named(name);
      expect(upload?.status).toBeOneOf(['ready', 'failed']);
      return upload!;
    }, PATIENCE);

  it('gives each file that stands still once, whatever restarts meanwhile', async () => {
    const bytes = paddedClip(CLIP);
    mkdirSync(join(watched, 'deep'));
    writeFileSync(join(watched, 'deep', 'growing.mp4.part'), bytes.subarray(0, 1000));
    writeFileSync(join(watched, 'deep', 'growing.mp4.part'), bytes);
    renameSync(join(watched, 'deep', 'growing.mp4.part'), join(watched, 'deep', 'whole.mp4'));
    const upload = await taken('whole.mp4');
    expect(upload).toMatchObject({ status: 'ready' });
    expect(await json(`/v1/videos/${upload.video_id}`)).toMatchObject({ sha256: sha256(bytes), name: 'whole.mp4' });
    await product.worker.kill();
    await product.untilServing(product.worker);
    writeFileSync(join(watched, 'second.mp4'), paddedClip(CLIP));
    await taken('second.mp4'); // by the new worker, which has seen the first one too
    expect(await named('whole.mp4')).toHaveLength(1);
  });

  it('says beside a file why it is none', async () => {
    writeFileSync(join(watched, 'words.mp4'), 'words, words, words');
    expect(await taken('words.mp4')).toMatchObject({ status: 'failed', error: { code: 'video.not_a_video' } });
    await vi.waitFor(() => expect(readFileSync(join(watched, 'words.mp4.refused.txt'), 'utf8')).toMatch(/^video\.not_a_video: /), PATIENCE);
    writeFileSync(join(watched, 'words.mp4'), paddedClip(CLIP));
    await vi.waitFor(async () => expect((await named('words.mp4')).map(({ status }) => status)).toEqual(['ready', 'failed']), PATIENCE);
    await vi.waitFor(() => expect(readdirSync(watched)).not.toContain('words.mp4.refused.txt'), PATIENCE); // it goes once the video is stored
  });
});

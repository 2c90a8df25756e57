// Vectors from an OpenAI-compatible address and from a CLIP pair, stored in the background and searched; and what is lost without them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EmbedSegmentsProcessor } from '../../workers/embed-segments.processor.js';
import { DueVectors } from '../../workers/due-vectors.js';
import { AppError } from '../../src/app-error.js';
import { EMBEDDERS, type Embedders, HttpEmbedder, VectorStore } from '../../src/embeddings/index.js';
import { ClipChild } from '../../src/inference/clip/index.js';
import { newId } from '../../src/platform/database/id.js';
import { STORAGE, type Storage } from '../../src/platform/storage/storage.js';
import { type MomentsResource } from '../../src/moments/moment.schema.js';
import { type Hit, type SearchResource } from '../../src/search/search.schema.js';
import { writeClipPair } from './clip-pair.js';
import { type QuestionService, startQuestionService } from './question-service.js';
import { temporaryFolder } from './servers.js';

/** An endpoint that knows three things, by several words each. */
const MEANINGS = [/dog|puppy|hound/i, /rain|storm|wet/i, /car|truck|motor/i];
const meaning = (text: string): number[] => MEANINGS.map((words) => (words.test(text) ? 1 : 0.01));

type Answer = (request: { model: string; input: string[]; authorization: string | undefined }, response: ServerResponse) => void;
const send = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
const wellBehaved: Answer = ({ input }, response) =>
  send(response, 200, { data: input.map((text, index) => ({ object: 'embedding', index, embedding: meaning(text) })).reverse() });

let answer: Answer = wellBehaved;
let requests: { model: string; input: string[]; authorization: string | undefined }[] = [];
let server: Server;
let url: string;

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as { model: string; input: string[] };
  const asked = { ...body, authorization: request.headers.authorization };
  requests.push(asked);
  if (request.url === '/v1/embeddings') answer(asked, response);
  else send(response, 404, {});
}

beforeAll(async () => {
  server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server?.close());
afterEach(() => {
  answer = wellBehaved;
  requests = [];
});

type Found = Omit<SearchResource, 'data'> & { readonly data: readonly Hit[] };

describe('the address', () => {
  const embedder = (more: object = {}) => new HttpEmbedder({ url, model: 'm', retryMs: [1, 1], timeoutMs: 500, ...more });
  const code = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'ok', (error: { code: string }) => error.code);

  it('gets texts in batches, with the key, and gives vectors of length 1 in order', async () => {
    const texts = Array.from({ length: 130 }, (_, k) => (k % 2 ? 'a dog' : 'rain'));
    const vectors = await embedder({ url: `${url}/v1/`, apiKey: 'secret' }).texts(texts);
    expect(requests.map(({ input }) => input.length)).toEqual([64, 64, 2]);
    expect(requests[0]).toMatchObject({ model: 'm', authorization: 'Bearer secret' });
    expect(vectors).toHaveLength(130);
    for (const [k, vector] of vectors.entries()) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      expect(vector.indexOf(Math.max(...vector))).toBe(k % 2 ? 0 : 1);
    }
  });

  it('is tried again when it fails for a moment, and not for ever', async () => {
    let left = 2;
    answer = (asked, response) => (left-- > 0 ? send(response, 503, 'busy') : wellBehaved(asked, response));
    expect(await code(embedder().texts(['a']))).toBe('ok');
    answer = (_asked, response) => send(response, 500, 'broken');
    requests = [];
    expect(await code(embedder().texts(['a']))).toBe('embeddings.unavailable');
    expect(requests).toHaveLength(3);
  });

  it.each<[string, Answer, string]>([
    ['refuses the texts', (_a, r) => send(r, 400, { error: 'too long' }), 'embeddings.refused'],
    ['refuses the key', (_a, r) => send(r, 401, {}), 'embeddings.unavailable'],
    ['sends one elsewhere', (_a, r) => send(r, 307, '', { location: url }), 'embeddings.unavailable'],
    ['says nothing', () => undefined, 'embeddings.unavailable'],
    ['is no JSON', (_a, r) => send(r, 200, 'hello'), 'embeddings.unavailable'],
    ['answers something else', (_a, r) => send(r, 200, { vectors: [] }), 'embeddings.invalid'],
    ['leaves one out', (_a, r) => send(r, 200, { data: [{ index: 0, embedding: [1] }] }), 'embeddings.invalid'],
    ['changes its sides', ({ input }, r) => send(r, 200, { data: input.map((_, index) => ({ index, embedding: index ? [1] : [1, 2] })) }), 'embeddings.invalid'],
  ])('that %s is told apart', async (_name, behaviour, expected) => {
    answer = behaviour;
    expect(await code(embedder().texts(['a', 'b']))).toBe(expected);
  });

  it('that is not there is told apart', async () => {
    expect(await code(embedder({ url: 'http://127.0.0.1:1' }).texts(['a']))).toBe('embeddings.unavailable');
  });
});

describe('texts', () => {
  let service: QuestionService;
  beforeAll(async () => {
    service = await startQuestionService({ EMBEDDINGS_URL: `${url}/v1`, EMBEDDINGS_MODEL: 'meanings' });
  });
  afterAll(() => service?.stop());

  const embed = (videoId: string) => service.app.get(EmbedSegmentsProcessor).process(videoId, new AbortController().signal);
  const search = async (body: unknown) => (await service.post<Found>('/v1/search', body)).body;
  const due = (now: number) => service.app.get(DueVectors).list(now);

  it('get their vectors in the background and are found by what they mean', async () => {
    const { id } = await service.addVideo();
    const taskId = await service.addTask(id);
    const puppy = await service.addSegment(id, { text: 'A puppy runs over the grass.', taskId, start: 10 });
    await service.addSegment(id, { text: 'A storm comes up.', type: 'speech', source: 'track', start: 40 });
    await service.addSegment(id, { text: 'Shot 1', type: 'shot', source: 'signal' });
    expect((await search({ query: 'hound' })).data).toEqual([]);
    expect(await due(Date.now() + 60_000)).toEqual([id]);
    await embed(id);
    expect(await due(Date.now() + 120_000)).toEqual([]);
    const [{ count }] = await service.db.query<[{ count: number }]>(`SELECT count(*)::int AS count FROM segment_vectors WHERE model = 'http:meanings'`);
    expect(count).toBe(2);
    const { data, warnings } = await search({ query: 'hound' });
    expect(warnings).toEqual([]);
    expect(data[0]).toMatchObject({ segment_id: puppy, found_by: [{ list: 'vector', rank: 1 }], highlight: null });
    requests = [];
    await embed(id);
    expect(requests).toEqual([]);
  });

  it('that came long ago are found to lack them too, within the hour', async () => {
    const { id } = await service.addVideo();
    const segment = await service.addSegment(id, { text: 'A truck.', type: 'speech', source: 'track', start: 10 });
    await embed(id);
    const start = Date.now() + 10 * 3_600_000;
    expect(await due(start)).toEqual([]);
    await service.db.query('DELETE FROM segment_vectors WHERE segment_id = $1', [segment]);
    expect(await due(start + 60_000)).toEqual([]);
    expect(await due(start + 3_600_000)).toEqual([id]);
    expect(await due(start + 3_660_000)).toEqual([id]); // and as long as they do
    await embed(id);
    expect(await due(start + 3_720_000)).toEqual([]);
  });

  it('lead a question to windows that its words do not name', async () => {
    const video = await service.addVideo({ duration: 600, events: [{ text: 'hound', start: 300, end: 305, sure: -1.5 }] });
    const taskId = await service.addTask(video.id, { end: 600, windows: Array.from({ length: 25 }, (_, k) => ({ start: k * 24, end: Math.min(600, k * 24 + 30) })) });
    await service.addSegment(video.id, { text: 'A dog.', taskId, start: 298, end: 306 });
    await embed(video.id);
    const { body } = await service.post<MomentsResource>(`/v1/videos/${video.id}/moments`, { query: 'hound', allow_none: false });
    expect(body.data[0]).toMatchObject({ start_time: 300, end_time: 305 });
  });

  it('whose embedder is away are searched by their words, with a warning, and are not given up', async () => {
    const { id } = await service.addVideo();
    await service.addSegment(id, { text: 'The motor starts.', type: 'speech', source: 'track' });
    answer = (_asked, response) => send(response, 401, {});
    await embed(id);
    const found = await search({ query: 'motor', filter: { video_ids: [id] } });
    expect(found.data[0]!.text).toBe('The motor starts.');
    expect(found.warnings).toMatchObject([{ code: 'embeddings.unavailable' }]);
    const asked = (await service.post<MomentsResource>(`/v1/videos/${id}/moments`, { query: 'motor' })).body;
    expect(asked).toMatchObject({ status: 'ready', warnings: [{ code: 'embeddings.unavailable' }] });
    answer = wellBehaved;
    expect((await service.post<MomentsResource>(`/v1/videos/${id}/moments`, { query: 'motor' })).body).toMatchObject({ cached: false, warnings: [] });
    await embed(id);
    expect((await search({ query: 'truck', filter: { video_ids: [id] } })).data[0]!.text).toBe('The motor starts.');
  });

  it('that are refused cost nobody else a vector, and are not sent for ever', async () => {
    const { id } = await service.addVideo();
    for (const text of ['a dog', 'poison', 'the rain', ' ']) await service.addSegment(id, { text, type: 'speech', source: 'track' });
    answer = (asked, response) => (asked.input.includes('poison') ? send(response, 400, {}) : wellBehaved(asked, response));
    await embed(id);
    requests = [];
    await embed(id);
    expect(requests).toEqual([]);
    const texts = (await search({ query: 'hound', filter: { video_ids: [id] } })).data.map((hit) => hit.text);
    expect(texts).toEqual(['a dog', 'the rain']);
  });

  it('of one video are embedded by one worker at a time', async () => {
    const { id } = await service.addVideo();
    await service.addSegment(id, { text: 'a dog', type: 'speech', source: 'track' });
    const other = new VectorStore(service.db); // as in another process
    let done = (): void => undefined;
    const holding = other.alone(id, () => new Promise<void>((resolve) => (done = resolve)));
    await expect.poll(async () => (await service.db.query<unknown[]>(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7316002`)).length).toBe(1);
    requests = [];
    await embed(id);
    expect(requests).toEqual([]);
    done();
    await holding;
    await embed(id);
    expect(requests).toHaveLength(1);
  });

  it('that get nowhere hold up no other video', async () => {
    const ids: string[] = [];
    for (let k = 0; k < 150; k++) {
      const { id } = await service.addVideo();
      await service.addSegment(id, { text: `a dog ${k}`, type: 'speech', source: 'track' });
      ids.push(id);
    }
    const start = Date.now() + 1e9;
    const first = await due(start);
    const second = await due(start + 60_000);
    expect([first.length, second.length]).toEqual([100, 100]);
    expect(new Set([...first, ...second])).toEqual(new Set(ids));
    for (const id of ids) await service.db.query('DELETE FROM videos WHERE id = $1', [id]);
  }, 30_000);

  it('get new vectors from a new embedder', async () => {
    const { id } = await service.addVideo();
    await service.addSegment(id, { text: 'a dog', type: 'speech', source: 'track' });
    await embed(id);
    await service.db.query(`UPDATE segment_vectors SET model = 'http:older'`);
    expect((await search({ query: 'hound', filter: { video_ids: [id] } })).data).toEqual([]);
    await embed(id);
    expect((await search({ query: 'hound', filter: { video_ids: [id] } })).data).toHaveLength(1);
  });
});

describe('a CLIP pair', () => {
  const folder = temporaryFolder();
  let service: QuestionService;
  beforeAll(async () => {
    writeClipPair(folder);
    service = await startQuestionService({ CLIP_DIR: folder });
  });
  afterAll(async () => {
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const plain = (background: string) => sharp({ create: { width: 40, height: 30, channels: 3, background } }).png().toBuffer();

  it('puts words and pictures into one space', async () => {
    const { pictures } = service.app.get<Embedders>(EMBEDDERS);
    const [red, blue] = await pictures!.pictures([await plain('#ff0000'), await plain('#0000ff')]);
    const [word, long] = await pictures!.texts(['Red', 'blue '.repeat(50)]);
    const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
    expect(product(red!, word!)).toBeCloseTo(1, 2);
    expect(product(blue!, word!)).toBeCloseTo(0, 2);
    expect(product(blue!, long!)).toBeCloseTo(1, 2);
    await expect(pictures!.pictures([new Uint8Array([1, 2, 3])])).rejects.toMatchObject({ code: 'embeddings.refused' });
  });

  /** A scanned chunk whose sheet has a plain picture for each time. */
  async function addChunk(id: string, endTime: number, tiles: readonly { color: string; time: number }[]): Promise<void> {
    const [columns, rows] = [3, Math.ceil(tiles.length / 3)];
    const sheet = sharp({ create: { width: columns * 40, height: rows * 30, channels: 3, background: 'black' } }).composite(
      await Promise.all(tiles.map(async ({ color }, k) => ({ input: await plain(color), left: (k % columns) * 40, top: Math.floor(k / columns) * 30 }))),
    );
    const { key } = await service.app.get<Storage>(STORAGE).receive(Readable.from([await sheet.jpeg({ quality: 95 }).toBuffer()]), {
      ...{ maxBytes: 1e6, tooLarge: () => new AppError('test.too_large', '') },
    });
    await service.db.query('INSERT INTO scans (id) VALUES ($1)', [id]);
    const sprite = { columns, rows, tileWidth: 40, tileHeight: 30, times: tiles.map(({ time }) => time) };
    await service.db.query(
      `INSERT INTO scan_chunks (id, video_id, ordinal, start_time, end_time, status, findings, sprite_key, sprite) VALUES ($1, $2, 0, 0, $5, 'ready', '{}', $3, $4)`,
      [newId(), id, key, JSON.stringify(sprite), endTime],
    );
  }

  it('finds seconds by words and by another picture, from the thumbnails of the scan', async () => {
    const { id } = await service.addVideo({ duration: 12 });
    const colors = ['#ff0000', '#ff0000', '#00ff00', '#00ff00', '#0000ff', '#0000ff'];
    await addChunk(id, 12, [0, 2, 4, 6.04, 8, 10].map((time, k) => ({ color: colors[k]!, time })));
    expect(await service.app.get(DueVectors).list()).toEqual([id]);
    await service.app.get(EmbedSegmentsProcessor).process(id, new AbortController().signal);
    const words = (await service.post<Found>('/v1/search', { query: 'green' })).body;
    expect(words.method).toBe('words');
    expect(words.data[0]).toMatchObject({ kind: 'frames', video_id: id, start_time: 4, end_time: 8, segment_id: null, found_by: [{ list: 'frames', rank: 1 }] });
    const image = `data:image/png;base64,${(await plain('#1010ff')).toString('base64')}`;
    const alike = (await service.post<Found>('/v1/search', { image })).body;
    expect(alike.method).toBe('embedding');
    expect(alike.data[0]).toMatchObject({ start_time: 8, end_time: 12 });
    expect(await service.app.get(DueVectors).list(Date.now() + 60_000)).toEqual([]);
  });

  it('gives a chunk all of its pictures, also after it went away half way', async () => {
    const { id } = await service.addVideo({ duration: 100 });
    await addChunk(id, 100, Array.from({ length: 100 }, (_, time) => ({ color: '#00ff00', time })));
    const pictures = service.app.get<Embedders>(EMBEDDERS).pictures!;
    const embed = pictures.pictures.bind(pictures);
    const away = new AppError('embeddings.unavailable', 'away');
    const spy = vi.spyOn(pictures, 'pictures').mockImplementationOnce(embed).mockRejectedValueOnce(away);
    const look = () => service.app.get(EmbedSegmentsProcessor).process(id, new AbortController().signal);
    await look();
    expect(spy).toHaveBeenCalledTimes(2);
    spy.mockRestore();
    expect(await service.app.get(DueVectors).list(Date.now() + 120_000)).toContain(id);
    await look();
    const [{ seconds }] = await service.db.query<[{ seconds: number }]>('SELECT count(*)::int AS seconds FROM frame_vectors WHERE video_id = $1', [id]);
    expect(seconds).toBe(100);
  });

  let look = Date.now() + 1e10;
  it.each([
    ['gone', undefined],
    ['broken', Buffer.from('no picture')],
    ['smaller than it says', 'small'],
  ])('is not asked for ever about a sheet that is %s', async (_name, content) => {
    const { id } = await service.addVideo({ duration: 12 });
    const bytes = content === 'small' ? await plain('red') : (content as Buffer | undefined) ?? Buffer.from('x');
    const storage = service.app.get<Storage>(STORAGE);
    const { key } = await storage.receive(Readable.from([bytes]), { maxBytes: 1e6, tooLarge: () => new AppError('test.too_large', '') });
    if (content === undefined) await storage.remove(key);
    await service.db.query('INSERT INTO scans (id) VALUES ($1)', [id]);
    await service.db.query(
      `INSERT INTO scan_chunks (id, video_id, ordinal, start_time, end_time, status, findings, sprite_key, sprite) VALUES ($1, $2, 0, 0, 12, 'ready', '{}', $3, $4)`,
      [newId(), id, key, JSON.stringify({ columns: 3, rows: 2, tileWidth: 40, tileHeight: 30, times: [0, 2, 4, 6] })],
    );
    expect(await service.app.get(DueVectors).list((look += 60_000))).toEqual([id]);
    await service.app.get(EmbedSegmentsProcessor).process(id, new AbortController().signal);
    expect(await service.app.get(DueVectors).list((look += 60_000))).toEqual([]);
    expect((await service.post<Found>('/v1/search', { query: 'green', filter: { video_ids: [id] } })).body.data).toEqual([]);
    await service.db.query('DELETE FROM videos WHERE id = $1', [id]);
  });

  it('is started again when it died, and holds nobody up for ever', async () => {
    const clip = new ClipChild({ directory: folder });
    await clip.texts(['red']);
    process.kill(clip.pid!, 'SIGKILL');
    await expect.poll(() => clip.pid).toBeUndefined();
    expect(await clip.texts(['red'])).toHaveLength(1);
    await clip.close();
    expect(clip.pid).toBeUndefined();
    await expect(clip.texts(['red'])).rejects.toMatchObject({ code: 'embeddings.unavailable' });
  });

  it.each([
    ['there is no folder', (path: string) => rmSync(path, { recursive: true }), 'checkpoint.directory_missing'],
    ['a graph is missing', (path: string) => rmSync(join(path, 'vision_model.onnx')), 'checkpoint.file_missing'],
    ['a graph is none', (path: string) => writeFileSync(join(path, 'text_model.onnx'), 'no'), 'checkpoint.load_failed'],
    ['a file is no JSON', (path: string) => writeFileSync(join(path, 'tokenizer.json'), '{'), 'checkpoint.json_invalid'],
    ['the size of a picture is not told', (path: string) => writeFileSync(join(path, 'preprocessor_config.json'), '{}'), 'checkpoint.config_invalid'],
  ])('is refused where %s', async (_name, breakIt, code) => {
    const broken = join(folder, newId());
    mkdirSync(broken);
    writeClipPair(broken);
    breakIt(broken);
    const clip = new ClipChild({ directory: broken });
    await expect(clip.name()).rejects.toMatchObject({ code });
    await clip.close();
  });

  it('that is broken costs its lists, not the search', async () => {
    const { id } = await service.addVideo();
    await service.addSegment(id, { text: 'a red car', type: 'speech', source: 'track' });
    writeFileSync(join(folder, 'text_model.onnx'), 'no');
    process.kill((service.app.get<Embedders>(EMBEDDERS).pictures as ClipChild).pid!, 'SIGKILL');
    await expect.poll(() => (service.app.get<Embedders>(EMBEDDERS).pictures as ClipChild).pid).toBeUndefined();
    const { body } = await service.post<Found>('/v1/search', { query: 'car' });
    expect(body.data[0]!.text).toBe('a red car');
    expect(body.warnings.map(({ code }) => code)).toEqual(['checkpoint.load_failed', 'checkpoint.load_failed']);
  });
});

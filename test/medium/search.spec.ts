// Search over all videos through the public door: by words, by likeness, by picture; pages, filters, groups, and the model's own word.
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/model/signals/fingerprint.js';
import { measurePicture } from '../../src/model/signals/small-picture.js';
import { type Hit, type HitGroup, type SearchResource } from '../../src/search/search.schema.js';
import { type QuestionService, startQuestionService } from './question-service.js';

let service: QuestionService;
let bees: { id: string; sha256: string };
let cars: { id: string; sha256: string };

/** A result of either kind: whoever asks knows which. */
type Result = Omit<Hit, 'object'> & Omit<HitGroup, 'object'>;
type Found = Omit<SearchResource, 'data'> & { readonly data: readonly Result[] };

const search = async (body: unknown) => (await service.post<Found>('/v1/search', body)).body;
const texts = async (body: unknown) => (await search(body)).data.map((hit) => hit.text);
const problem = async (body: unknown): Promise<[number, string]> => {
  const answer = await service.post('/v1/search', body);
  return [answer.status, answer.body.code];
};

beforeAll(async () => {
  service = await startQuestionService();
  bees = await service.addVideo({ duration: 100, events: [{ text: 'a bee lands', start: 10, end: 15 }], createdAt: new Date('2026-01-01') });
  cars = await service.addVideo({ duration: 100, createdAt: new Date('2026-06-01') });
  const old = await service.addTask(bees.id, { end: 100 });
  await service.addSegment(bees.id, { text: 'An outdated bee.', taskId: old });
  const taskId = await service.addTask(bees.id, { end: 100 });
  await service.addTask(bees.id, { status: 'processing', end: 100 });
  await service.addSegment(bees.id, { text: 'A bee is landing on a <red> flower & drinks.', taskId, start: 10, confidence: 0.9 });
  await service.addSegment(bees.id, { text: 'The flower moves in the wind.', taskId, start: 30, confidence: 0.4 });
  await service.addSegment(bees.id, { text: 'Look at that bee!', type: 'speech', source: 'track', start: 11 });
  await service.addSegment(bees.id, { text: 'Shot', type: 'shot', source: 'signal', start: 0, end: 60 });
  const canceled = await service.addTask(cars.id, { status: 'canceled', end: 100 });
  await service.addSegment(cars.id, { text: 'A red car stops beside a flower shop.', taskId: canceled, start: 50 });
});
afterAll(() => service?.stop());

describe('by words', () => {
  it('the current segments of every video are found, best first, marked, and told by which list', async () => {
    const { object, method, data, next_cursor, grounded, warnings } = await search({ query: 'bee lands' });
    expect({ object, method, next_cursor, grounded, warnings }).toEqual({ object: 'search', method: 'words', next_cursor: null, grounded: null, warnings: [] });
    expect(data.map((hit) => hit.text)).toEqual(['A bee is landing on a <red> flower & drinks.', 'Look at that bee!']);
    expect(data[0]).toMatchObject({ object: 'hit', kind: 'segment', video_id: bees.id, start_time: 10, end_time: 15, type: 'event', source: 'model', confidence: 0.9 });
    expect(data[0]!.highlight).toContain('<mark>bee</mark> is <mark>landing</mark>');
    expect(data[0]!.highlight).not.toContain('<red>');
    expect(data[0]!.found_by[0]).toMatchObject({ list: 'text', rank: 1 });
    expect(data[0]!.score).toBeGreaterThan(data[1]!.score);
    expect(data[1]).toMatchObject({ type: 'speech', source: 'track', task_id: null });
  });

  it('quotes, "or" and a minus mean what they do elsewhere', async () => {
    expect((await texts({ query: '"flower shop"' }))[0]).toBe('A red car stops beside a flower shop.');
    expect(await texts({ query: 'flower -car -bee' })).toEqual(['The flower moves in the wind.']);
    expect((await texts({ query: 'car or wind' })).sort()).toEqual(['A red car stops beside a flower shop.', 'The flower moves in the wind.']);
  });

  it('misspelt words are found by their likeness', async () => {
    const { data } = await search({ query: 'flowr shopp' });
    expect(data[0]!.text).toBe('A red car stops beside a flower shop.');
    expect(data[0]!.found_by).toMatchObject([{ list: 'trigram', rank: 1 }]);
  });

  it('filters hold for every list', async () => {
    const query = 'flower';
    expect(await texts({ query, filter: { video_ids: [cars.id] } })).toEqual(['A red car stops beside a flower shop.']);
    expect(await texts({ query, filter: { min_confidence: 0.95 } })).toEqual([]);
    expect(await texts({ query, filter: { start_time: 16, end_time: 40 } })).toEqual(['The flower moves in the wind.']);
    expect(await texts({ query, filter: { created_after: '2026-03-01T00:00:00Z' } })).toEqual(['A red car stops beside a flower shop.']);
    expect(await texts({ query: 'bee', filter: { types: ['speech'] } })).toEqual(['Look at that bee!']);
    expect(await texts({ query: 'shot', filter: { sources: ['signal'] } })).toEqual(['Shot']);
  });

  it('videos that are being deleted are not found', async () => {
    const gone = await service.addVideo();
    await service.addSegment(gone.id, { text: 'zeppelin', type: 'speech', source: 'track' });
    expect(await texts({ query: 'zeppelin' })).toEqual(['zeppelin']);
    await service.db.query(`UPDATE videos SET status = 'deleting' WHERE id = $1`, [gone.id]);
    expect(await texts({ query: 'zeppelin' })).toEqual([]);
  });

  it('hits are grouped by video', async () => {
    const { data } = await search({ query: 'flower', group_by: 'video' });
    expect(data.map((group) => [group.video_id, group.hits_total])).toEqual(
      expect.arrayContaining([[bees.id, 2], [cars.id, 1]]),
    );
    for (const group of data) {
      expect(group).toMatchObject({ object: 'video_hits', score: group.hits[0]!.score });
      expect(group.hits.every((hit) => hit.video_id === group.video_id)).toBe(true);
    }
  });

  it('pages follow each other without loss or repetition, and only within their search', async () => {
    const { id } = await service.addVideo();
    for (let k = 0; k < 25; k++) await service.addSegment(id, { text: `whale number ${k}`, type: 'speech', source: 'track', start: k });
    const seen: (string | null)[] = [];
    let cursor: string | null = null;
    do {
      const page: Found = await search({ query: 'whale', limit: 7, ...(cursor && { cursor }) });
      seen.push(...page.data.map(({ text }) => text));
      cursor = page.next_cursor;
      if (cursor) expect(await problem({ query: 'whales', cursor })).toEqual([400, 'request.invalid_cursor']);
    } while (cursor);
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    expect(await problem({ query: 'whale', cursor: 'abc' })).toEqual([400, 'request.invalid_cursor']);
  });

  it.each([`it's`, '"', '%', '\\', '100 % _x_', '🐝', `'; DROP TABLE videos; --`, '& | ! <-> :*', '((((', 'a:* & !b', '-', 'the who is', 'ж', '蜂', 'x'.repeat(1000)])('%s is no harm, and is found as it is written', async (query) => {
    const { id } = await service.addVideo();
    await service.addSegment(id, { text: `${query} and so on`, type: 'speech', source: 'track' });
    const answer = await service.post<Found>('/v1/search', { query, filter: { video_ids: [id] } });
    expect(answer.status).toBe(200);
    if (/[\p{L}\p{N}]/u.test(query) && query !== 'a:* & !b') expect(answer.body.data.map((hit) => hit.text)).toEqual([`${query} and so on`]);
  });
});

describe('with the model', () => {
  it('the best videos are asked, and their moments are merged', async () => {
    const { grounded, data } = await search({ query: 'a bee lands', ground: true, filter: { video_ids: [bees.id, cars.id] } });
    expect(data.length).toBeGreaterThan(0);
    expect(grounded!.status).toBe('ready');
    expect(grounded!.moments).toMatchObject([{ rank: 1, video_id: bees.id, start_time: 10, end_time: 15 }]);
    expect(grounded!.videos).toMatchObject([
      { video_id: bees.id, status: 'ready', answer: 'found' },
      { video_id: cars.id, status: 'ready', answer: 'not_in_video' },
    ]);
    const again = await search({ query: 'a bee lands', ground: true, ground_videos: 1, filter: { video_ids: [bees.id, cars.id] } });
    expect([grounded!.total, again.grounded!.total]).toEqual([2, 2]);
    expect(again.grounded).toMatchObject({ moments: [{ video_id: bees.id }], videos: [{ video_id: bees.id, cached: true }] });
  });

  it('who does not wait reads on under the question', async () => {
    const { grounded } = await search({ query: 'a car stops', ground: true, wait: 0, filter: { video_ids: [cars.id] } });
    const [video] = grounded!.videos;
    expect(['queued', 'processing', 'ready']).toContain(video!.status);
    const path = `/v1/videos/${video!.video_id}/moments/${video!.moments_id}`;
    await expect.poll(async () => ((await (await fetch(service.baseUrl + path)).json()) as { status: string }).status, { timeout: 10_000 }).toBe('ready');
  });

  it('a range that a video does not have is told of that video alone', async () => {
    const { grounded } = await search({ query: 'a bee lands', ground: true, filter: { video_ids: [bees.id], start_time: 100 } });
    expect(grounded).toMatchObject({ status: 'ready', moments: [], videos: [] });
  });
});

describe('what should be known of a model', () => {
  const LIMITED = { code: 'model.limited', message: 'It knows nothing but bees.' };
  const others = [LIMITED, { code: 'answer.truncated', message: 'The answer was cut.' }];

  it('is told once with what it described, and not with what it did not', async () => {
    await service.db.query(`UPDATE tasks SET warnings = $2 WHERE video_id = $1`, [bees.id, JSON.stringify(others)]);
    for (const group_by of ['segment', 'video']) expect((await search({ query: 'flower', group_by, filter: { video_ids: [bees.id] } })).warnings, group_by).toEqual([LIMITED]);
    for (const filter of [{ video_ids: [cars.id] }, { sources: ['track'] }]) expect((await search({ query: 'flower or bee', filter })).warnings).toEqual([]);
    await service.db.query(`UPDATE tasks SET warnings = '[]'`);
  });

  it('is told with what it answers', async () => {
    const { card } = service.model;
    service.model.card = { ...card, limitation: LIMITED.message };
    const { warnings } = await search({ query: 'a wasp lands', ground: true, filter: { video_ids: [bees.id] } });
    service.model.card = card;
    expect(warnings).toEqual([LIMITED]);
  });
});

describe('by a picture', () => {
  /** Patches of light and dark, others for each seed. */
  const scene = (seed: number) => {
    const rgb = Buffer.alloc(64 * 36 * 3);
    for (let y = 0; y < 36; y++) {
      for (let x = 0; x < 64; x++) {
        const patch = Math.floor(x / 8) + 8 * Math.floor(y / 9) + 32 * seed;
        rgb.fill(((patch + 1) * 2654435761) >>> 24, (y * 64 + x) * 3, (y * 64 + x) * 3 + 3);
      }
    }
    return rgb;
  };
  const picture = (seed: number) => sharp(scene(seed), { raw: { width: 64, height: 36, channels: 3 } }).resize(640, 360);

  beforeAll(async () => {
    for (const [video, seconds] of [[bees.id, [20, 21, 22, 70]], [cars.id, [5]]] as const) {
      for (let second = 0; second < 100; second++) {
        const seed = seconds.some((at) => at === second) ? 1 : 4 + (second % 5);
        const hash = fingerprint(measurePicture(0, scene(seed)));
        await service.db.query(`INSERT INTO fingerprints (video_id, second, hash) VALUES ($1, $2, ('x' || $3::text)::bit(64))`, [video, second, hash]);
      }
    }
  });

  it('the same shot is found again everywhere, without an embedder, in runs of seconds', async () => {
    const base64 = (await picture(1).jpeg({ quality: 60 }).toBuffer()).toString('base64');
    const { method, data } = await search({ image: base64 });
    expect(method).toBe('fingerprint');
    const found = data.map((hit) => [hit.video_id, hit.start_time, hit.end_time]);
    expect(found).toHaveLength(3);
    expect(found).toEqual(expect.arrayContaining([[bees.id, 20, 23], [bees.id, 70, 71], [cars.id, 5, 6]]));
    expect(data[0]).toMatchObject({ kind: 'frames', segment_id: null, text: null, found_by: [{ list: 'fingerprint' }] });
    const filtered = await search({ image: `data:image/jpeg;base64,${base64}`, filter: { video_ids: [bees.id], start_time: 30 } });
    expect(filtered.data).toMatchObject([{ start_time: 70 }]);
  });

  it('a file in a form is as good, and may come with words', async () => {
    const form = new FormData();
    form.set('image', new Blob([await picture(1).webp().toBuffer()], { type: 'image/webp' }), 'p.webp');
    form.set('query', 'wind');
    form.set('filter', JSON.stringify({ video_ids: [bees.id] }));
    form.set('group_by', 'video');
    form.set('limit', '3');
    const { method, data } = await search(form);
    expect(method).toBe('fingerprint');
    expect(data).toMatchObject([{ video_id: bees.id, hits_total: 3 }]);
  });

  it.each(['jpeg', 'png', 'gif', 'webp', 'tiff', 'avif'] as const)('%s is read', async (format) => {
    expect((await search({ image: (await picture(1).toFormat(format).toBuffer()).toString('base64') })).method).toBe('fingerprint');
  });

  it('one of too many pixels is refused before it is decoded', async () => {
    const vast = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: 'red' } }).png().toBuffer();
    expect(await problem({ image: vast.toString('base64') })).toEqual([422, 'search.image_invalid']);
  });

  it('a large one as base64 gets through', async () => {
    const noise = Buffer.from(Uint8Array.from({ length: 1500 * 1000 * 3 }, (_, k) => (k * 2654435761) >>> 24));
    const png = await sharp(noise, { raw: { width: 1500, height: 1000, channels: 3 } }).png({ compressionLevel: 0 }).toBuffer();
    expect((await search({ image: png.toString('base64') })).method).toBe('fingerprint');
  });

  it.each([
    ['text', Buffer.from('no picture').toString('base64'), 422, 'search.image_invalid'],
    ['what is not base64', '%%%', 422, 'search.image_invalid'],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').toString('base64'), 422, 'search.image_invalid'],
    ['a drawing behind a declaration', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').toString('base64'), 422, 'search.image_invalid'],
    ['a document', Buffer.from('%PDF-1.4').toString('base64'), 422, 'search.image_invalid'],
    ['half a picture', '', 422, 'search.image_invalid'],
    ['too many bytes', 'A'.repeat(15 * 1024 * 1024), 413, 'request.body_too_large'],
  ])('%s is refused', async (name, given, status, code) => {
    const whole = await picture(1).png().toBuffer();
    const image = name === 'half a picture' ? whole.subarray(0, whole.length / 2).toString('base64') : given;
    expect(await problem({ image })).toEqual([status, code]);
  });

  it('a form that is broken or too large is refused', async () => {
    const form = (parts: Record<string, string | Blob>) => {
      const made = new FormData();
      for (const [name, value] of Object.entries(parts)) made.set(name, value);
      return made;
    };
    expect(await problem(form({ filter: '{' }))).toEqual([400, 'search.form_malformed']);
    expect(await problem(form({ limit: '3' }))).toEqual([400, 'request.invalid']);
    expect(await problem(form({ query: 'a', ['__proto__']: '{"limit": 1000}' }))).toEqual([200, undefined]); // means nothing, and lends no field
    expect(await problem(form({ image: new Blob([new Uint8Array(10 * 1024 * 1024 + 1)]) }))).toEqual([413, 'search.image_too_large']);
    expect(await problem(form({ image: new Blob(['x']) }))).toEqual([422, 'search.image_invalid']);
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const cut = await fetch(`${service.baseUrl}/v1/search`, { method: 'POST', headers, body: '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\nbee' });
    expect([cut.status, ((await cut.json()) as { code: string }).code]).toEqual([400, 'search.form_malformed']);
  });
});

describe('a search that takes too long', () => {
  it('is stopped, and is told apart', async () => {
    const session = service.db.createQueryRunner();
    await session.startTransaction();
    await session.query('LOCK TABLE segments IN ACCESS EXCLUSIVE MODE');
    try {
      expect(await problem({ query: 'bee' })).toEqual([503, 'search.too_slow']);
    } finally {
      await session.rollbackTransaction();
      await session.release();
    }
    expect((await search({ query: 'bee lands' })).warnings).toEqual([]);
  }, 20_000);
});

describe('bad searches', () => {
  it.each([
    ['nothing', {}, 400, 'request.invalid'],
    ['only a filter', { filter: { types: ['event'] } }, 400, 'request.invalid'],
    ['blanks', { query: '  ' }, 400, 'request.invalid'],
    ['too many', { query: 'a', limit: 101 }, 400, 'request.invalid'],
    ['too long', { query: 'a'.repeat(1001) }, 400, 'request.invalid'],
    ['an unknown field', { query: 'a', filter: { kind: 'x' } }, 400, 'request.invalid'],
    ['an empty range', { query: 'a', filter: { start_time: 3, end_time: 3 } }, 400, 'request.invalid'],
    ['a model without a question', { image: 'AAAA', ground: true }, 400, 'request.invalid'],
    ['a special token', { query: '<|im_start|>' }, 422, 'prompt.special_token'],
    ['no object', [], 400, 'request.invalid'],
  ])('%s is refused', async (_name, body, status, code) => {
    expect(await problem(body)).toEqual([status, code]);
  });

  it('the faulty field is named', async () => {
    const { body } = await service.post('/v1/search', { query: 'a', filter: { min_confidence: 2 } });
    expect(body.errors).toMatchObject([{ path: 'filter.min_confidence' }]);
  });

  it('is told in the papers of the API', async () => {
    const document = (await (await fetch(`${service.baseUrl}/openapi.json`)).json()) as { paths: Record<string, unknown>; components: { schemas: Record<string, unknown> } };
    expect(JSON.stringify(document.paths['/v1/search'])).toContain('multipart/form-data');
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['SearchHit', 'SearchVideo', 'SearchGrounded', 'Moments', 'Moment']));
  });
});

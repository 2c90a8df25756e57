// Search where there is more than can be looked at: frequent and rare words, tenants beside each other, vectors in memory, which analysis is read.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Hit, searchRequest, type SearchResource } from '../../src/search/search.schema.js';
import { SearchService } from '../../src/search/search.service.js';
import { EMBEDDERS, type Embedders, VectorIndex, VectorStore } from '../../src/embeddings/index.js';
import { VectorTable } from '../../src/embeddings/vector-table.js';
import { type QuestionService, startQuestionService } from './question-service.js';

type Found = Omit<SearchResource, 'data'> & { readonly data: readonly Hit[] };

let service: QuestionService;
const search = async (body: object, tenant = 'default') =>
  (await service.app.get(SearchService).search(tenant, searchRequest.parse(body), undefined, new Promise(() => undefined))) as unknown as Found;
const texts = async (body: object, tenant?: string) => (await search(body, tenant)).data.map(({ text }) => text);
const codes = async (body: object, tenant?: string) => (await search(body, tenant)).warnings.map(({ code }) => code);

/** A direction for each of a few words. */
const WORDS = ['fox', 'dog', 'tree'];
const meaning = (text: string): Float32Array => {
  const vector = Float32Array.from(WORDS, (word) => (text.includes(word) ? 1 : 0.01));
  return vector.map((value) => value / Math.hypot(...vector));
};

beforeAll(async () => {
  service = await startQuestionService({ EMBEDDINGS_URL: 'http://127.0.0.1:9' }, { withWorker: false });
  const { texts } = service.app.get<Embedders>(EMBEDDERS);
  texts!.texts = (asked) => Promise.resolve(asked.map(meaning));
});
afterAll(() => service?.stop());

async function addVideoOf(tenant: string): Promise<string> {
  const { id } = await service.addVideo({ duration: 3600 });
  await service.db.query('UPDATE videos SET tenant_id = $2 WHERE id = $1', [id, tenant]);
  return id;
}

/** Segments of a track; ids ascend. */
const addSegments = (video: string, count: number, text: string) =>
  service.db.query(
    `INSERT INTO segments (id, video_id, ordinal, start_time, end_time, type, text, source)
     SELECT ('0190' || lpad(to_hex((SELECT count(*) FROM segments) + k), 8, '0') || '7000' || '8000' || lpad(to_hex(k), 12, '0'))::uuid, $1, k, k / 10.0, k / 10.0 + 5, 'speech', $3, 'track'
       FROM generate_series(1, $2) k ORDER BY k`,
    [video, count, text],
  );

describe('among 31,000 segments of a tenant', () => {
  beforeAll(async () => {
    await addSegments(await addVideoOf('default'), 1, 'the zebra runs quickly');
    await addSegments(await addVideoOf('default'), 31_000, 'the horse walks');
    await addSegments(await addVideoOf('default'), 2, 'the horse runs');
    await addSegments(await addVideoOf('small'), 3, 'the horse runs');
    await service.db.query('ANALYZE segments');
  });

  it('a frequent word is looked for among the newest, and that is told', async () => {
    const { data, warnings } = await search({ query: 'horse' });
    expect(data).toHaveLength(20);
    expect(warnings.map(({ code }) => code)).toEqual(['search.newest_only']);
    expect(await codes({ query: 'horse' }, 'small')).toEqual([]);
  });

  it('a rare word is found wherever it is, also beside a frequent one', async () => {
    expect(await texts({ query: 'zebra' })).toEqual(['the zebra runs quickly']);
    expect(await texts({ query: 'zebra horse', limit: 100 })).toContain('the zebra runs quickly');
    expect(await codes({ query: 'zebra' })).toEqual([]);
    expect(await texts({ query: 'zebra -horse' })).toEqual(['the zebra runs quickly']);
    expect(await texts({ query: 'zebra -runs' })).toEqual([]);
  });

  it('what holds all words is before what holds one, and a filter by video leaves nothing out', async () => {
    expect((await texts({ query: 'horse runs', limit: 4 })).slice(0, 2)).toEqual(['the horse runs', 'the horse runs']);
    const [{ id }] = await service.db.query<[{ id: string }]>(`SELECT video_id AS id FROM segments WHERE text = 'the horse walks' LIMIT 1`);
    expect(await codes({ query: 'horse', filter: { video_ids: [id] } })).toEqual([]);
  });

  it('words that nobody wrote are found by those that begin like them', async () => {
    const { data } = await search({ query: 'zebbra' });
    expect(data.map(({ text, found_by }) => [text, found_by[0]!.list])).toEqual([['the zebra runs quickly', 'trigram']]);
    expect(await texts({ query: 'zebbra' }, 'small')).toEqual([]);
  });

  it('pages go on to the end of the list', async () => {
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const page: Found = await search({ query: 'horse', limit: 100, ...(cursor !== null && { cursor }) });
      for (const { segment_id } of page.data) seen.add(segment_id!);
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen.size).toBe(1000);
  });
});

describe('vectors in memory', () => {
  const store = async (video: string, text: string): Promise<string> => {
    const id = await service.addSegment(video, { text, type: 'speech', source: 'track' });
    await service.app.get(VectorStore).storeTexts('http:default', video, [{ id, vector: meaning(text) }]);
    return id;
  };
  const byMeaning = async (query: string, tenant: string) => (await search({ query }, tenant)).data.filter(({ found_by }) => found_by.some(({ list }) => list === 'vector')).map(({ segment_id }) => segment_id);

  it('are found as soon as they are stored, no longer than their segment is there, and by their tenant alone', async () => {
    const [mine, other] = [await addVideoOf('mine'), await addVideoOf('other')];
    const fox = await store(mine, 'fox');
    const theirs = await store(other, 'fox');
    expect(await byMeaning('fox', 'mine')).toEqual([fox]);
    const again = await store(mine, 'fox');
    expect((await byMeaning('fox', 'mine')).sort()).toEqual([fox, again].sort());
    await service.db.query('DELETE FROM segments WHERE id = $1', [fox]);
    expect(await byMeaning('fox', 'mine')).toEqual([again]);
    expect(await byMeaning('fox', 'other')).toEqual([theirs]);
    expect(await byMeaning('fox', 'nobody')).toEqual([]);
  });

  it('of a transaction that ends late are not missed', async () => {
    const video = await addVideoOf('late');
    const late = await service.addSegment(video, { text: 'dog', type: 'speech', source: 'track' });
    const early = await service.addSegment(video, { text: 'dog', type: 'speech', source: 'track' });
    const session = service.db.createQueryRunner();
    await session.startTransaction();
    const insert = `INSERT INTO segment_vectors (segment_id, tenant_id, model, vector) VALUES ($1, 'late', 'http:default', $2)`;
    await session.query(insert, [late, [...meaning('dog')]]);
    await service.db.query(insert, [early, [...meaning('dog')]]);
    expect(await byMeaning('dog', 'late')).toEqual([early]);
    await session.commitTransaction();
    await session.release();
    expect((await byMeaning('dog', 'late')).sort()).toEqual([late, early].sort());
  });

  it('that do not fit are compared by the database', async () => {
    const video = await addVideoOf('large');
    const tree = await store(video, 'tree');
    const tight = new VectorIndex(service.db, { VECTOR_MEMORY_BYTES: 10 });
    expect(await tight.nearest({ tenantId: 'large', model: 'http:default' }, meaning('tree'), 5, {})).toBeUndefined();
    const index = service.app.get(VectorIndex);
    const nearest = index.nearest.bind(index);
    index.nearest = () => Promise.resolve(undefined);
    expect(await byMeaning('tree', 'large')).toEqual([tree]);
    index.nearest = nearest;
  });

  it('make room for those of the tenant that asks', async () => {
    const videos = [await addVideoOf('first'), await addVideoOf('second')];
    const ids = [await store(videos[0]!, 'fox'), await store(videos[1]!, 'fox')];
    for (const [tables, after] of [[2, [ids[0]]], [1, []]] as const) {
      const index = new VectorIndex(service.db, { VECTOR_MEMORY_BYTES: tables * VectorTable.bytesOf(1, WORDS.length) });
      const nearest = async (tenantId: string) => (await index.nearest({ tenantId, model: 'http:default' }, meaning('fox'), 5, {}))?.map(({ id }) => id);
      expect([await nearest('first'), await nearest('second')]).toEqual([[ids[0]], [ids[1]]]);
      const session = service.db.createQueryRunner();
      await session.query('DELETE FROM segment_vectors WHERE segment_id = $1', [ids[0]]); // a table that is kept knows it still
      expect(await nearest('first')).toEqual(after);
      await session.query(`INSERT INTO segment_vectors (segment_id, tenant_id, model, vector) VALUES ($1, 'first', 'http:default', $2)`, [ids[0], [...meaning('fox')]]);
      await session.release();
    }
  });

  it('that have grown out of their room are not read again at every question', async () => {
    const video = await addVideoOf('grown');
    const owner = { tenantId: 'grown', model: 'http:default' };
    await store(video, 'fox');
    const index = new VectorIndex(service.db, { VECTOR_MEMORY_BYTES: VectorTable.bytesOf(1, WORDS.length) });
    expect(await index.nearest(owner, meaning('fox'), 5, {})).toHaveLength(1);
    await store(video, 'fox');
    expect(await index.nearest(owner, meaning('fox'), 5, {})).toHaveLength(2);
    await service.db.query(`DELETE FROM segment_vectors WHERE tenant_id = 'grown'`); // there would be room for nothing
    expect(await index.nearest(owner, meaning('fox'), 5, {})).toBeUndefined();
  });

  it('of transactions that are far ahead are read once, however often is asked before these are reached', async () => {
    const id = await service.addSegment(await addVideoOf('copied'), { text: 'fox', type: 'speech', source: 'track' });
    await service.db.query(
      `INSERT INTO segment_vectors (segment_id, tenant_id, model, vector, written) VALUES ($1, 'copied', 'http:default', $2, (pg_current_xact_id()::text::bigint + 5)::text::xid8)`,
      [id, [...meaning('fox')]],
    );
    const index = new VectorIndex(service.db, { VECTOR_MEMORY_BYTES: 1_000_000 });
    for (let asked = 0; asked < 10; asked++) {
      const found = await index.nearest({ tenantId: 'copied', model: 'http:default' }, meaning('fox'), 5, {});
      expect(found?.map((each) => each.id), `asked ${asked} times before`).toEqual([id]);
      await service.db.query('SELECT pg_current_xact_id()');
    }
  });
});

describe('the analysis that is read', () => {
  const current = async (video: string) => (await service.db.query<{ id: string | null }[]>('SELECT current_task_id AS id FROM videos WHERE id = $1', [video]))[0]!.id;

  it('is the finished one before one that runs, the whole before a part, and the newest of equals', async () => {
    const { id } = await service.addVideo({ duration: 100 });
    expect(await current(id)).toBeNull();
    const canceled = await service.addTask(id, { status: 'canceled', end: 100 });
    expect(await current(id)).toBe(canceled);
    const running = await service.addTask(id, { status: 'processing', end: 100 });
    expect(await current(id)).toBe(running);
    const whole = await service.addTask(id, { end: 99 });
    expect(await current(id)).toBe(whole);
    await service.addTask(id, { end: 30 });
    expect(await current(id)).toBe(whole);
    await service.db.query(`UPDATE tasks SET status = 'ready', finished_at = now() WHERE id = $1`, [running]);
    expect(await current(id)).toBe(whole); // of equals the newest
    const newest = await service.addTask(id, { end: 100 });
    expect(await current(id)).toBe(newest);
  });

  it('is the better of two that end at the same time', async () => {
    const { id } = await service.addVideo({ duration: 100 });
    const [long, short] = [await service.addTask(id, { status: 'processing', end: 100 }), await service.addTask(id, { status: 'processing', end: 20 })];
    const sessions = [service.db.createQueryRunner(), service.db.createQueryRunner()];
    for (const session of sessions) await session.startTransaction();
    const end = `UPDATE tasks SET status = 'ready', finished_at = now() WHERE id = $1`;
    await sessions[0]!.query(end, [long]);
    const waiting = sessions[1]!.query(end, [short]);
    await sessions[0]!.commitTransaction();
    await waiting;
    await sessions[1]!.commitTransaction();
    for (const session of sessions) await session.release();
    expect(await current(id)).toBe(long);
  });
});

// Search by meaning where the server has pgvector: the same SQL on a Postgres that has it.
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { vector } from '@electric-sql/pglite-pgvector';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerVectors, VectorIndex } from '../../src/embeddings/index.js';
import { PROJECT_ROOT } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { VectorLists } from '../../src/search/vector-lists.js';
import { Dice } from '../../src/world/dice.js';

const MODEL = 'm';
const SIDES = 8;
const SEGMENTS = 300;

let server: PGlite;
let db: DataSource;
let lists: VectorLists;
const all: { id: string; tenant: string; video: string; vector: number[] }[] = [];

const randomUnit = (dice: Dice): number[] => {
  const values = Array.from({ length: SIDES }, () => dice.unit() + dice.unit() - 1);
  return values.map((value) => value / Math.hypot(...values));
};
const product = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

beforeAll(async () => {
  server = await PGlite.create({ extensions: { vector, pg_trgm } });
  const files = readdirSync(resolve(PROJECT_ROOT, 'migrations')).sort();
  const modules = await Promise.all(files.map((file) => import(resolve(PROJECT_ROOT, 'migrations', file)) as Promise<Record<string, unknown>>));
  const migrations = modules.flatMap((module) => Object.values(module)).filter((value) => typeof value === 'function') as (new () => object)[];
  db = await new DataSource({ type: 'postgres', extra: createPgConfig(server), migrations, installExtensions: false }).initialize();
  await db.runMigrations({ transaction: 'each' });
  const dice = new Dice(1, 1);
  const videos = ['a', 'b'].map((tenant) => ({ id: newId(), tenant }));
  for (const { id, tenant } of videos) {
    await db.query(
      `INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
       VALUES ($1, $2, 'a', 1, $3, $1::uuid::text, 'mp4', 'h264', 2, 2, 1, 25, 0, 0, 54, false)`,
      [id, tenant, id.replaceAll('-', '').repeat(2)],
    );
  }
  for (let k = 0; k < SEGMENTS; k++) {
    const { id: video, tenant } = videos[k % 3 === 0 ? 0 : 1]!;
    const row = { id: newId(), tenant, video, vector: randomUnit(dice) };
    await db.query(`INSERT INTO segments (id, video_id, ordinal, start_time, end_time, type, text, source) VALUES ($1, $2, $3, $3, $3 + 5, 'speech', 'x', 'track')`, [row.id, video, k]);
    await db.query('INSERT INTO segment_vectors (segment_id, tenant_id, model, vector) VALUES ($1, $2, $3, $4)', [row.id, tenant, MODEL, row.vector]);
    all.push(row);
  }
  lists = new VectorLists(db, new ServerVectors(db), new VectorIndex(db, { VECTOR_MEMORY_BYTES: 0 }));
});
afterAll(async () => {
  await db?.destroy();
  await server?.close();
});

describe('with pgvector', () => {
  it('an index is made for vectors of each length, once, and search goes by it', async () => {
    const vectors = new ServerVectors(db);
    expect(await vectors.areIndexed(SIDES)).toBe(false);
    await vectors.index(SIDES);
    await vectors.index(SIDES);
    expect(await vectors.areIndexed(SIDES)).toBe(true);
    for (const none of [0, 2001]) {
      await vectors.index(none);
      expect(await vectors.areIndexed(none)).toBe(false);
    }
  });

  it('the nearest of a tenant are found, with the same scores, under every filter', async () => {
    const question = randomUnit(new Dice(2, 1));
    const nearest = (tenant: string, startTime = 0) =>
      all
        .filter((row, k) => row.tenant === tenant && k + 5 > startTime)
        .map(({ id, vector }) => ({ id, score: product(vector, question) }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score);
    for (const [tenant, startTime] of [['a', undefined], ['b', undefined], ['b', 200], ['nobody', undefined]] as const) {
      const found = await lists.bySegment({ name: MODEL, vector: Float32Array.from(question) }, { tenantId: tenant, startTime }, 10);
      const expected = nearest(tenant, startTime).slice(0, 10);
      expect(found.map(({ segmentId }) => segmentId)).toEqual(expected.map(({ id }) => id));
      for (const [k, { score }] of found.entries()) expect(score).toBeCloseTo(expected[k]!.score, 5);
    }
  });

  it('the migration can be taken back', async () => {
    await db.undoLastMigration({ transaction: 'each' });
    await db.runMigrations({ transaction: 'each' });
  });
});

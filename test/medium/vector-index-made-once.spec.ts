// The index of vectors that several workers want at the same time, on a server that offers what pgvector does as far as making an index goes.
import { type DataSource, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerVectors } from '../../src/embeddings/index.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

const SIDES = 8;
const INDEX = `segment_vectors_nearest_${SIDES}`;

/** A type with a length, and an access method for its inner products: texts in a B-tree. */
const STAND_IN = `
  CREATE TYPE vector;
  CREATE FUNCTION vector_in(cstring, oid, integer) RETURNS vector LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
  CREATE FUNCTION vector_out(vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
  CREATE TYPE vector (INPUT = vector_in, OUTPUT = vector_out, TYPMOD_IN = varchartypmodin, LIKE = varchar);
  CREATE FUNCTION vector_of(real[], integer, boolean) RETURNS vector LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT 'x'::public.vector $$;
  CREATE CAST (real[] AS vector) WITH FUNCTION vector_of(real[], integer, boolean);
  CREATE FUNCTION vector_compared(vector, vector) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'bttextcmp';
  CREATE ACCESS METHOD hnsw TYPE INDEX HANDLER bthandler;
  CREATE OPERATOR CLASS vector_ip_ops FOR TYPE vector USING hnsw AS FUNCTION 1 vector_compared(vector, vector);`;

let server: StartedDatabase;
let db: DataSource;
beforeAll(async () => {
  server = await startDatabase();
  db = server.db;
  await db.query(STAND_IN);
});
afterAll(() => server?.stop());

const index = async () => (await db.query<{ id: number; whole: boolean }[]>('SELECT indexrelid::int AS id, indisvalid AS whole FROM pg_index WHERE indexrelid = to_regclass($1)', [INDEX]))[0];

/** Something that is written and not committed: an index that is made beside what goes on waits for it. */
async function writing(): Promise<QueryRunner> {
  const session = db.createQueryRunner();
  await session.startTransaction();
  await session.query('LOCK TABLE segment_vectors IN ROW EXCLUSIVE MODE');
  return session;
}

it('is made by one of them, and the others leave alone what is not whole yet', async () => {
  const session = await writing();
  const making = new ServerVectors(db).index(SIDES);
  await expect.poll(index, { timeout: 30_000 }).toMatchObject({ whole: false });
  const begun = await index();
  await Promise.all([1, 2, 3].map(() => new ServerVectors(db).index(SIDES)));
  expect(await index()).toEqual(begun);
  await session.commitTransaction();
  await session.release();
  await making;
  expect(await index()).toEqual({ id: begun!.id, whole: true });
  expect(await new ServerVectors(db).areIndexed(SIDES)).toBe(true);
});

it('is made anew where it broke off', async () => {
  await db.query('UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass($1)', [INDEX]);
  const broken = await index();
  await new ServerVectors(db).index(SIDES);
  const made = await index();
  expect(made).toMatchObject({ whole: true });
  expect(made!.id).not.toBe(broken!.id);
});

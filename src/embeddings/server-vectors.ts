// Vectors of segments in an index of the database itself, where it has pgvector.
import { Injectable } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';
import { log } from '../platform/log/log.js';

/** Longest vectors that pgvector makes an index of. */
const MOST_SIDES = 2000;
const LOOK_MS = 60_000;

@Injectable()
export class ServerVectors {
  /** Candidates of one walk through the index; it walks on until enough of them pass the conditions. */
  static readonly SETTINGS = { 'hnsw.ef_search': '200', 'hnsw.iterative_scan': 'relaxed_order' };

  private readonly known = new Map<number, { readonly at: number; readonly indexed: boolean }>();

  constructor(private readonly dataSource: DataSource) {}

  /** Less than 0: the nearer, the less. `vector` is a column of `real[]`, `question` the place of a vector in text form. */
  static distance(vector: string, question: string, sides: number): string {
    return `${vector}::vector(${sides}) <#> ${question}::vector(${sides})`;
  }

  /** Whether there is an index for vectors of this length, and it is whole. */
  async areIndexed(sides: number): Promise<boolean> {
    const known = this.known.get(sides);
    if (known && Date.now() - known.at < LOOK_MS) return known.indexed;
    const rows = await this.dataSource.query<unknown[]>(`SELECT 1 FROM pg_index WHERE indexrelid = to_regclass($1) AND indisvalid`, [nameOf(sides)]);
    this.known.set(sides, { at: Date.now(), indexed: rows.length > 0 });
    return rows.length > 0;
  }

  /**
   * Makes the index where the server has pgvector and the vectors are short enough; beside what goes on, and again where it broke off. One
   * makes it at a time, the others go on; where it cannot be made, search goes on without.
   */
  async index(sides: number): Promise<void> {
    if (sides === 0 || sides > MOST_SIDES || (await this.areIndexed(sides))) return;
    const [row] = await this.dataSource.query<{ there: boolean }[]>(`SELECT to_regtype('vector') IS NOT NULL AS there`);
    if (!row?.there) return;
    const session = this.dataSource.createQueryRunner(); // that holds the lock
    try {
      const [lock] = (await session.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine', [nameOf(sides)])) as { mine: boolean }[];
      if (!lock?.mine) return;
      await this.make(session, sides).finally(() => session.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [nameOf(sides)]));
      this.known.delete(sides);
    } catch (error) {
      log.warn({ err: error, sides }, 'the server can make no index of vectors');
    } finally {
      await session.release();
    }
  }

  /** Looks again first: another may have made it meanwhile. One that is there and not whole broke off. */
  private async make(session: QueryRunner, sides: number): Promise<void> {
    const [found] = (await session.query('SELECT indisvalid AS whole FROM pg_index WHERE indexrelid = to_regclass($1)', [nameOf(sides)])) as { whole: boolean }[];
    if (found?.whole) return;
    if (found) await session.query(`DROP INDEX CONCURRENTLY ${nameOf(sides)}`);
    await session.query(`CREATE INDEX CONCURRENTLY ${nameOf(sides)} ON segment_vectors USING hnsw ((vector::vector(${sides})) vector_ip_ops) WHERE cardinality(vector) = ${sides}`);
  }
}

const nameOf = (sides: number): string => `segment_vectors_nearest_${sides}`;

// The vectors of one tenant's segments by one embedder, in memory, brought up to date from Postgres.
import type { DataSource } from 'typeorm';
import { VectorTable } from './vector-table.js';

export interface VectorOwner {
  readonly tenantId: string;
  readonly model: string;
}

/** Rows that are read at a time. */
const PAGE = 1000;

/** Comes before every place in the order of reading. */
const START = ['0', '00000000-0000-0000-0000-000000000000'] as const;

/** Bytes before the values in what `array_send` gives, and of each value with its length. */
const ARRAY_HEADER = 20;
const ARRAY_VALUE = 8;

interface VectorRow {
  readonly id: string;
  readonly video: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly type: string;
  readonly source: string;
  readonly confidence: number | null;
  /** The transaction that wrote it. */
  readonly written: string;
  readonly isAhead: boolean;
  readonly vector: Buffer;
}

/** In order of transactions. Those of a database that this one is a copy of may be ahead of all: they are read once, in the beginning. */
const ROWS = `
  SELECT e.segment_id AS id, s.video_id AS video, s.start_time AS "startTime", s.end_time AS "endTime", s.type, s.source, s.confidence,
         e.written::text AS written, e.written >= $5::xid8 AS "isAhead", array_send(e.vector) AS vector
    FROM segment_vectors e JOIN segments s ON s.id = e.segment_id
   WHERE e.tenant_id = $1 AND e.model = $2 AND cardinality(e.vector) > 0 AND (e.written, e.segment_id) > ($3::xid8, $4::uuid)
     AND ($6 OR e.written < pg_snapshot_xmax(pg_current_snapshot()))
   ORDER BY e.written, e.segment_id LIMIT ${PAGE}`;

export class TenantVectors {
  table: VectorTable | undefined;
  /** Every transaction before this one has ended, and what it wrote is in the table. */
  private readUntil: string | undefined;
  /** Written by later transactions and read all the same: by each segment, which. */
  private readonly ahead = new Map<string, bigint>();
  /** Vectors that there were when they were counted last. */
  private expected = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly owner: VectorOwner,
  ) {}

  /** How many the database holds now, and the bytes that they would take here. */
  async measure(): Promise<{ readonly count: number; readonly bytes: number }> {
    const { tenantId, model } = this.owner;
    const [row] = await this.dataSource.query<{ count: number; sides: number | null }[]>(
      `SELECT count(*)::int AS count, (SELECT cardinality(vector) FROM segment_vectors WHERE tenant_id = $1 AND model = $2 AND cardinality(vector) > 0 LIMIT 1) AS sides
         FROM segment_vectors WHERE tenant_id = $1 AND model = $2`,
      [tenantId, model],
    );
    const { count = 0, sides } = row ?? {};
    this.expected = count;
    return { count, bytes: sides ? VectorTable.bytesOf(count, sides) : 0 };
  }

  /** Reads what was written since the last time. */
  async read(): Promise<void> {
    const { tenantId, model } = this.owner;
    const [now] = await this.dataSource.query<{ oldest: string }[]>('SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest');
    const oldest = now?.oldest ?? '0';
    const isFirst = this.readUntil === undefined;
    let after: readonly [string, string] = [this.readUntil ?? START[0], START[1]];
    for (;;) {
      const rows = await this.dataSource.query<VectorRow[]>(ROWS, [tenantId, model, ...after, oldest, isFirst]);
      for (const row of rows) {
        if (!this.ahead.has(row.id)) this.add(row);
        if (row.isAhead) this.ahead.set(row.id, BigInt(row.written));
      }
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) break;
      after = [last.written, last.id];
    }
    this.readUntil = oldest;
    for (const [id, written] of this.ahead) if (written < BigInt(oldest)) this.ahead.delete(id);
  }

  /** A vector of another length than the first says nothing to the same questions. */
  private add({ vector, ...facts }: VectorRow): void {
    const values = valuesOf(vector);
    if (!this.table) {
      this.table = new VectorTable(values.length);
      this.table.reserve(this.expected);
    }
    if (values.length === this.table.sides) this.table.add(facts, values);
  }
}

function valuesOf(array: Buffer): Float32Array {
  const values = new Float32Array((array.length - ARRAY_HEADER) / ARRAY_VALUE);
  for (let k = 0; k < values.length; k++) values[k] = array.readFloatBE(ARRAY_HEADER + ARRAY_VALUE * k + 4);
  return values;
}

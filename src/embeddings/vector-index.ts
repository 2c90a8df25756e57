// What stands in for an index of vectors where the server has none: the vectors of the tenants that search, in the memory of this process.
import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { TenantVectors, type VectorOwner } from './tenant-vectors.js';
import { type Nearest, type VectorFilter } from './vector-table.js';

/** Longest that a question waits for vectors that are being read for the first time, milliseconds. */
const MOST_WAIT_MS = 2000;

/** What of a table is gone in the database by now is looked at this often, and read anew where it is more than this share; whether one fits, too. */
const LOOK_MS = 600_000;
const MOST_GONE = 0.25;

interface Kept {
  readonly vectors: TenantVectors;
  /** One reads at a time; undefined: nobody does. */
  reading: Promise<void> | undefined;
  bytes: number;
  isRead: boolean;
  lookedAt: number;
}

@Injectable()
export class VectorIndex {
  /** The last that were asked come last. */
  private readonly kept = new Map<string, Kept>();
  /** Those that did not fit, and when that was seen: they are not read again at every question. */
  private readonly tooLarge = new Map<string, number>();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<Config, 'VECTOR_MEMORY_BYTES'>,
  ) {}

  /**
   * The tenant's segments nearest to the vector that pass the filter, best first; some of them may be gone by now. Undefined where its vectors
   * do not fit into VECTOR_MEMORY_BYTES. Rejects with `embeddings.index_incomplete` while they are being read for the first time.
   */
  async nearest(owner: VectorOwner, vector: Float32Array, most: number, filter: VectorFilter): Promise<Nearest[] | undefined> {
    const kept = await this.open(owner);
    if (!kept) return undefined;
    kept.reading ??= this.read(owner, kept);
    kept.reading.catch(() => undefined); // who no longer waits is not told
    if (kept.isRead) await kept.reading;
    else await Promise.race([kept.reading, pause(MOST_WAIT_MS, undefined, { ref: false })]);
    if (!kept.isRead) throw new AppError('embeddings.index_incomplete', `The vectors of tenant ${owner.tenantId} are being read.`);
    const { table } = kept.vectors;
    return table?.sides === vector.length ? table.nearest(vector, most, filter) : [];
  }

  private async open(owner: VectorOwner): Promise<Kept | undefined> {
    const key = keyOf(owner);
    const known = this.kept.get(key);
    if (known) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known;
    }
    if (Date.now() - (this.tooLarge.get(key) ?? -Infinity) < LOOK_MS) return undefined;
    this.tooLarge.delete(key);
    const vectors = new TenantVectors(this.dataSource, owner);
    const { bytes } = await vectors.measure();
    const meanwhile = this.kept.get(key);
    if (meanwhile) return meanwhile;
    if (bytes > this.config.VECTOR_MEMORY_BYTES) {
      this.tooLarge.set(key, Date.now());
      return undefined;
    }
    const kept: Kept = { vectors, bytes, isRead: false, lookedAt: Date.now(), reading: undefined };
    this.kept.set(key, kept);
    this.makeRoom(key);
    return kept;
  }

  private async read(owner: VectorOwner, kept: Kept): Promise<void> {
    try {
      await kept.vectors.read();
      kept.isRead = true;
      kept.bytes = Math.max(kept.bytes, kept.vectors.table?.bytes ?? 0);
      this.makeRoom(keyOf(owner));
      await this.forgetWhatIsGone(owner, kept);
    } catch (error) {
      this.kept.delete(keyOf(owner)); // half of a reading is no state to go on from
      throw error;
    } finally {
      kept.reading = undefined;
    }
  }

  /** The next question reads anew. */
  private async forgetWhatIsGone(owner: VectorOwner, kept: Kept): Promise<void> {
    if (Date.now() - kept.lookedAt < LOOK_MS) return;
    kept.lookedAt = Date.now();
    const { count } = await kept.vectors.measure();
    if (count < (kept.vectors.table?.count ?? 0) * (1 - MOST_GONE)) this.kept.delete(keyOf(owner));
  }

  /** Lets those go that were not asked for longest, at last the one that takes more than all. */
  private makeRoom(key: string): void {
    let total = [...this.kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [other, { bytes }] of [...this.kept].sort(([a], [b]) => Number(a === key) - Number(b === key))) {
      if (total <= this.config.VECTOR_MEMORY_BYTES) return;
      this.kept.delete(other);
      if (other === key) this.tooLarge.set(key, Date.now());
      total -= bytes;
    }
  }
}

const keyOf = ({ tenantId, model }: VectorOwner): string => JSON.stringify([tenantId, model]);

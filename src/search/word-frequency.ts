// How many segments hold a word, as Postgres has counted for its own plans: an estimate that costs nothing.
import type { DataSource } from 'typeorm';

const KEEP_MS = 60_000;

interface Statistics {
  /** Of the most frequent words, the share of all segments that hold them. */
  readonly shares: ReadonlyMap<string, number>;
  readonly segments: number;
  /** Share of a word that is not among them: below the least of them. */
  readonly otherwise: number;
}

const NOTHING_COUNTED: Statistics = { shares: new Map(), segments: 0, otherwise: 0 };

/** What is among the frequent ones is there; of the rest half of the least of them is assumed. */
const REST = 0.5;

export class WordFrequency {
  private statistics: Promise<Statistics> | undefined;
  private readAt = -Infinity;

  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => number = Date.now,
  ) {}

  /** Words from rare to frequent, each with the segments of the whole installation that are likely to hold it. */
  async rank(words: readonly string[]): Promise<{ readonly word: string; readonly segments: number }[]> {
    const { shares, segments, otherwise } = await this.read();
    const ranked = words.map((word) => ({ word, segments: (shares.get(word) ?? otherwise) * segments }));
    return ranked.sort((a, b) => a.segments - b.segments);
  }

  private read(): Promise<Statistics> {
    if (this.statistics && this.now() - this.readAt < KEEP_MS) return this.statistics;
    this.readAt = this.now();
    this.statistics = this.count();
    this.statistics.catch(() => (this.statistics = undefined));
    return this.statistics;
  }

  private async count(): Promise<Statistics> {
    const [row] = await this.dataSource.query<{ words: string[]; shares: number[]; segments: number }[]>(
      `SELECT most_common_elems::text::text[] AS words, most_common_elem_freqs AS shares,
              (SELECT reltuples FROM pg_class WHERE oid = 'segments'::regclass)::float8 AS segments
         FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'segments' AND attname = 'search' AND most_common_elems IS NOT NULL`,
    );
    if (!row) return NOTHING_COUNTED;
    const { words, shares, segments } = row;
    const least = shares[words.length] ?? 0; // behind the shares of the words come the least, the most and the share of nulls
    return { shares: new Map(words.map((word, k) => [word, shares[k] ?? 0])), segments: Math.max(0, segments), otherwise: least * REST };
  }
}

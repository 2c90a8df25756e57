// Vectors of one length in memory, a byte a side, and which of them are nearest to another one: all are compared.
import { setImmediate as breathe } from 'node:timers/promises';
import { openCodeProducts, SIDES_AT_A_TIME } from './code-products.js';

/** What is kept beside a vector, so that a filter costs no look into the database. */
export interface VectorFacts {
  readonly id: string; // UUID
  readonly video: string; // UUID
  readonly startTime: number; // seconds
  readonly endTime: number;
  readonly type: string;
  readonly source: string;
  readonly confidence: number | null;
}

export interface Nearest {
  readonly id: string;
  /** Cosine; rounding to bytes moves it by less than 0.005. */
  readonly score: number;
}

/** Rows that are compared before others get their turn: some milliseconds. */
const ROWS_AT_A_TIME = 32_768;
const PAGE_BYTES = 65_536;
const MOST_CODE = 127;
const MOST_QUERY = 32_767;
const GROWTH = 1.5;

/** Bytes of what is kept beside a code: scale, times, confidence, names, id. */
const FACT_BYTES = 4 * 4 + 2 * 4 + 4 + 16;

interface Columns {
  readonly scales: Float32Array;
  readonly starts: Float32Array;
  readonly ends: Float32Array;
  readonly confidences: Float32Array; // NaN: none
  readonly types: Uint32Array; // place in `names`
  readonly sources: Uint32Array;
  readonly videos: Uint32Array;
  readonly ids: Uint8Array; // 16 a row
}

export class VectorTable {
  private readonly memory;
  private readonly products;
  private readonly rowBytes: number;
  /** The query, then products of a slice, then the codes. */
  private readonly outAt: number;
  private readonly codesAt: number;
  private readonly names = new Map<string, number>();
  private columns: Columns = columnsOf(0);
  private capacity = 0;
  count = 0;
  /** Searches of one table take turns: they share its memory. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(readonly sides: number) {
    ({ memory: this.memory, products: this.products } = openCodeProducts());
    ({ rowBytes: this.rowBytes, outAt: this.outAt, codesAt: this.codesAt } = layoutOf(sides));
  }

  get bytes(): number {
    return this.memory.buffer.byteLength + this.capacity * FACT_BYTES;
  }

  /** Bytes of a table with room for so many vectors and no more. */
  static bytesOf(count: number, sides: number): number {
    return pagesOf(count, layoutOf(sides)) * PAGE_BYTES + count * FACT_BYTES;
  }

  /** `vector` has as many sides as the table. */
  add(facts: VectorFacts, vector: Float32Array): void {
    if (this.count === this.capacity) this.reserve(Math.ceil(Math.max(1024, this.capacity * GROWTH)));
    const row = this.count;
    const most = largest(vector);
    const code = new Int8Array(this.memory.buffer, this.codesAt + row * this.rowBytes, this.sides);
    for (let k = 0; k < this.sides; k++) code[k] = Math.round(((vector[k] ?? 0) / most) * MOST_CODE);
    const { scales, starts, ends, confidences, types, sources, videos, ids } = this.columns;
    scales[row] = most / MOST_CODE;
    starts[row] = facts.startTime;
    ends[row] = facts.endTime;
    confidences[row] = facts.confidence ?? NaN;
    types[row] = this.numberOf(facts.type);
    sources[row] = this.numberOf(facts.source);
    videos[row] = this.numberOf(facts.video);
    ids.set(Buffer.from(facts.id.replaceAll('-', ''), 'hex'), row * 16);
    this.count++;
  }

  /** Makes room at once, where it is known how many will come. */
  reserve(capacity: number): void {
    if (capacity <= this.capacity) return;
    const pages = pagesOf(capacity, layoutOf(this.sides)) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (pages > 0) this.memory.grow(pages);
    const wider = columnsOf(capacity);
    for (const name of Object.keys(wider) as (keyof Columns)[]) wider[name].set(this.columns[name]);
    this.columns = wider;
    this.capacity = capacity;
  }

  /** The best `most` of those that pass the filter and are alike at all, best first. Others get their turn meanwhile. */
  nearest(query: Float32Array, most: number, filter: VectorFilter = {}): Promise<Nearest[]> {
    const mine = this.turn.then(() => this.find(query, most, filter));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async find(query: Float32Array, most: number, filter: VectorFilter): Promise<Nearest[]> {
    const queryScale = this.writeQuery(query);
    const passes = this.passing(filter);
    const best = new Best(most);
    const until = this.count;
    for (let from = 0; from < until; from += ROWS_AT_A_TIME) {
      if (from > 0) await breathe();
      const rows = Math.min(ROWS_AT_A_TIME, until - from);
      this.products(0, this.codesAt + from * this.rowBytes, rows, this.rowBytes, this.outAt);
      const found = new Int32Array(this.memory.buffer, this.outAt, rows);
      const { scales } = this.columns;
      for (let k = 0; k < rows; k++) {
        const score = (found[k] ?? 0) * (scales[from + k] ?? 0);
        if (score > best.least && (passes === undefined || passes(from + k))) best.add(from + k, score);
      }
    }
    return best.inOrder().map(({ row, score }) => ({ id: this.idAt(row), score: score * queryScale }));
  }

  /** Returns what a product is to be multiplied with. The largest sum, of all sides at their largest, stays below 2^31. */
  private writeQuery(query: Float32Array): number {
    const range = Math.min(MOST_QUERY, Math.floor((2 ** 31 - 1) / (MOST_CODE * this.rowBytes)));
    const most = largest(query);
    const at = new Int16Array(this.memory.buffer, 0, this.rowBytes).fill(0);
    for (let k = 0; k < this.sides; k++) at[k] = Math.round(((query[k] ?? 0) / most) * range);
    return most / range;
  }

  private passing({ types, sources, videos, minConfidence, startTime, endTime }: VectorFilter): ((row: number) => boolean) | undefined {
    const tests: ((row: number) => boolean)[] = [];
    const { columns } = this;
    const among = (column: Uint32Array, names: readonly string[]): ((row: number) => boolean) => {
      const wanted = new Set(names.map((name) => this.names.get(name)));
      return (row) => wanted.has(column[row]);
    };
    if (types) tests.push(among(columns.types, types));
    if (sources) tests.push(among(columns.sources, sources));
    if (videos) tests.push(among(columns.videos, videos));
    if (minConfidence !== undefined) tests.push((row) => (columns.confidences[row] ?? NaN) >= Math.fround(minConfidence));
    if (startTime !== undefined) tests.push((row) => (columns.ends[row] ?? 0) >= Math.fround(startTime));
    if (endTime !== undefined) tests.push((row) => (columns.starts[row] ?? 0) <= Math.fround(endTime));
    return tests.length === 0 ? undefined : (row) => tests.every((test) => test(row));
  }

  private numberOf(name: string): number {
    const known = this.names.get(name) ?? this.names.size;
    this.names.set(name, known);
    return known;
  }

  private idAt(row: number): string {
    const hex = Buffer.from(this.columns.ids.buffer, row * 16, 16).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}

/** Times are kept as 32-bit numbers: what lies on the edge passes, and is for the database to decide. */
export interface VectorFilter {
  readonly types?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
  readonly videos?: readonly string[] | undefined;
  readonly minConfidence?: number | undefined;
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
}

interface Layout {
  readonly rowBytes: number;
  readonly outAt: number;
  readonly codesAt: number;
}

function layoutOf(sides: number): Layout {
  const rowBytes = Math.ceil(sides / SIDES_AT_A_TIME) * SIDES_AT_A_TIME;
  const outAt = 2 * rowBytes;
  return { rowBytes, outAt, codesAt: Math.ceil((outAt + 4 * ROWS_AT_A_TIME) / 16) * 16 };
}

const pagesOf = (count: number, { rowBytes, codesAt }: Layout): number => Math.ceil((codesAt + count * rowBytes) / PAGE_BYTES);

const columnsOf = (count: number): Columns => ({
  ...{ scales: new Float32Array(count), starts: new Float32Array(count), ends: new Float32Array(count), confidences: new Float32Array(count) },
  ...{ types: new Uint32Array(count), sources: new Uint32Array(count), videos: new Uint32Array(count), ids: new Uint8Array(count * 16) },
});

/** 1 for zeros alone, which then stay zeros. */
function largest(vector: Float32Array): number {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return most || 1;
}

/** The best of many: a heap whose first is the worst that is kept. */
class Best {
  private readonly heap: { readonly row: number; readonly score: number }[] = [];
  /** What a score must be above to be kept. */
  least = 0;

  constructor(private readonly most: number) {}

  add(row: number, score: number): void {
    const { heap, most } = this;
    const item = { row, score };
    if (heap.length < most) {
      let at = heap.push(item) - 1;
      for (let up = (at - 1) >> 1; at > 0 && (heap[up]?.score ?? 0) > score; at = up, up = (at - 1) >> 1) heap[at] = heap[up] ?? item;
      heap[at] = item;
    } else {
      let at = 0;
      for (let down = 1; down < most; down = 2 * at + 1) {
        if (down + 1 < most && (heap[down + 1]?.score ?? 0) < (heap[down]?.score ?? 0)) down++;
        if ((heap[down]?.score ?? 0) >= score) break;
        heap[at] = heap[down] ?? item;
        at = down;
      }
      heap[at] = item;
    }
    if (heap.length === most) this.least = heap[0]?.score ?? 0;
  }

  inOrder(): readonly { readonly row: number; readonly score: number }[] {
    return [...this.heap].sort((a, b) => b.score - a.score || a.row - b.row);
  }
}

// The keys and values of the rows the decoder has seen: buffers of ours that the graph reads and writes in place.
import { type CachePart } from '../model/qwen2-5-vl/language-graph.js';
import { type ModelConfig } from '../model/qwen2-5-vl/config.js';

/** Rows that the buffers grow by at least. */
const GROWTH = 256;

export class KvCache {
  /** Rows that hold keys and values. */
  length = 0;
  private capacity = 0;
  private readonly buffers = new Map<string, Float32Array>();
  private readonly rowLength: number;

  constructor(text: ModelConfig['text']) {
    this.rowLength = text.headDim;
    for (const part of ['key', 'value'] as const) {
      for (let layer = 0; layer < text.numHiddenLayers; layer++) {
        for (let head = 0; head < text.numKeyValueHeads; head++) this.buffers.set(keyOf(part, layer, head), new Float32Array());
      }
    }
  }

  /** Makes room for `rows` rows; those already held stay. */
  reserve(rows: number): void {
    if (rows <= this.capacity) return;
    this.capacity = Math.max(rows, this.capacity + GROWTH);
    for (const [key, buffer] of this.buffers) {
      const grown = new Float32Array(this.capacity * this.rowLength);
      grown.set(buffer.subarray(0, this.length * this.rowLength));
      this.buffers.set(key, grown);
    }
  }

  /** Bytes that `copyRows` of so many rows takes. */
  bytesOf(rows: number): number {
    return this.buffers.size * rows * this.rowLength * Float32Array.BYTES_PER_ELEMENT;
  }

  /** The first `rows` rows of every buffer, end to end. */
  copyRows(rows: number): Float32Array {
    const values = new Float32Array(this.buffers.size * rows * this.rowLength);
    [...this.buffers.values()].forEach((buffer, k) => values.set(buffer.subarray(0, rows * this.rowLength), k * rows * this.rowLength));
    return values;
  }

  /** Makes what `copyRows` gave the content of the cache. */
  restoreRows(values: Float32Array, rows: number): void {
    this.length = 0;
    this.reserve(rows);
    [...this.buffers.values()].forEach((buffer, k) => buffer.set(values.subarray(k * rows * this.rowLength, (k + 1) * rows * this.rowLength)));
    this.length = rows;
  }

  /** Rows `from` (included) to `to` (excluded) of one KV head, [to - from, headDim]; a view, not a copy. */
  rows(part: CachePart, layer: number, head: number, from: number, to: number): Float32Array {
    const buffer = this.buffers.get(keyOf(part, layer, head));
    if (!buffer) throw new Error(`the cache has no ${part} of layer ${layer}, head ${head}`);
    return buffer.subarray(from * this.rowLength, to * this.rowLength);
  }
}

function keyOf(part: CachePart, layer: number, head: number): string {
  return `${part} ${layer} ${head}`;
}

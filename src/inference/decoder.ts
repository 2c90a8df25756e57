// Runs the decoder: prefill of a prompt in chunks, then one token at a time, on a cache that keeps the prefix two prompts share.
import * as ort from 'onnxruntime-node';
import { type ModelConfig } from '../model/qwen2-5-vl/config.js';
import { chunkEnds, type DecoderPrompt, positionsOf, sharedRows, visionEnd } from '../model/qwen2-5-vl/decoder-prompt.js';
import { cacheNames, LANGUAGE_INPUTS, LOGITS } from '../model/qwen2-5-vl/language-graph.js';
import { textRotary } from '../model/qwen2-5-vl/rotary.js';
import { type EmbeddingTable } from './embedding-table.js';
import { KvCache } from './kv-cache.js';

/** Most rows of one chunk: beyond this a chunk gains no speed. */
const CHUNK_ROWS = 256;
/** Attention keeps a score for each query row and cached row; a chunk's scores stay below this many numbers (64 MiB). */
const CHUNK_SCORES = 2 ** 24;

/** Rows to be run: [rows, hidden] and [3, rows]. */
interface NewRows {
  readonly embeddings: Float32Array;
  readonly positionIds: Int32Array;
  /** Which of the rows' logits are wanted. */
  readonly logitRows: readonly number[];
}

export interface PrefillOptions {
  /** Rows to keep room for after the prompt. */
  readonly room?: number;
  /** Called before each chunk with the rows done so far; may throw to stop. */
  readonly onChunk?: (rowsDone: number) => Promise<void> | void;
}

/** The leading rows of a prompt as the decoder holds them, to be taken up later. */
export interface DecoderPrefix {
  readonly prompt: DecoderPrompt;
  readonly rows: number;
  readonly values: Float32Array;
}

export class Decoder {
  private readonly cache: KvCache;
  /** The prompt whose rows lead the cache. */
  private prompt: DecoderPrompt | undefined;

  constructor(
    private readonly session: ort.InferenceSession,
    private readonly text: ModelConfig['text'],
    private readonly embeddings: EmbeddingTable,
    /** Whether the graph reads the cache where it writes it, see `buildLanguageGraph`. */
    private readonly inPlace: boolean,
  ) {
    this.cache = new KvCache(text);
  }

  /** Runs the prompt, except for the chunks that the cache holds, and returns the logits of its last row, [vocabulary]. */
  async prefill(prompt: DecoderPrompt, { room = 0, onChunk }: PrefillOptions = {}): Promise<Float32Array> {
    const ends = chunkEnds(prompt, (start) => this.chunkRows(start));
    const shared = this.prompt ? Math.min(sharedRows(this.prompt, prompt), this.cache.length, prompt.ids.length - 1) : 0;
    this.cache.length = ends.findLast((end) => end <= shared) ?? 0;
    this.prompt = prompt;
    this.cache.reserve(prompt.ids.length + room);
    let logits: Float32Array = new Float32Array();
    for (const end of ends.filter((each) => each > this.cache.length)) {
      await onChunk?.(this.cache.length);
      logits = await this.runPrompt(prompt, end);
    }
    return logits;
  }

  /** Bytes of memory that `copyPrefix` would take now. */
  get prefixBytes(): number {
    return this.prompt ? this.cache.bytesOf(visionEnd(this.prompt)) : 0;
  }

  /** A copy of the rows of the last prompt up to the end of its video; undefined where they have not all been run. */
  copyPrefix(): DecoderPrefix | undefined {
    const { prompt, cache } = this;
    if (!prompt || cache.length < visionEnd(prompt)) return undefined;
    const rows = visionEnd(prompt);
    return { prompt, rows, values: cache.copyRows(rows) };
  }

  /** Makes a prefix what the next prompt may share; the prompt must have the same features under its pad tokens. */
  takeUp({ prompt, rows, values }: DecoderPrefix): void {
    this.cache.restoreRows(values, rows);
    this.prompt = prompt;
  }

  /** Appends a generated token and returns the logits of the next, [vocabulary]. */
  async step(id: number): Promise<Float32Array> {
    if (!this.prompt) throw new Error('a prompt comes before its continuation');
    const embeddings = new Float32Array(this.text.hiddenSize);
    this.embeddings.read(id, embeddings);
    // Spec 8.4: all three axes go on counting from the prompt's last position.
    const position = this.prompt.nextPosition + this.cache.length - this.prompt.ids.length;
    const outputs = await this.run({ embeddings, positionIds: Int32Array.of(position, position, position), logitRows: [0] }, [LOGITS]);
    return outputs.get(LOGITS) ?? new Float32Array();
  }

  /** Runs the whole prompt in one chunk for the logits of all rows, [length, vocabulary], and the outputs of a traced graph; keeps nothing. */
  async trace(prompt: DecoderPrompt, outputs: readonly string[]): Promise<Map<string, Float32Array>> {
    this.prompt = undefined;
    this.cache.length = 0;
    const rows = prompt.ids.length;
    const logitRows = Array.from({ length: rows }, (_, row) => row);
    return this.run({ embeddings: this.embed(prompt, 0, rows), positionIds: prompt.positionIds, logitRows }, [LOGITS, ...outputs]);
  }

  /** Embeddings of rows `from` to `to`, [to - from, hidden]. Spec 7: features overwrite those of the pad tokens. */
  embed(prompt: DecoderPrompt, from: number, to: number): Float32Array {
    const width = this.text.hiddenSize;
    const rows = new Float32Array((to - from) * width);
    for (let row = from; row < to; row++) {
      const target = rows.subarray((row - from) * width, (row - from + 1) * width);
      const span = prompt.vision.find((each) => row >= each.start && row < each.start + each.rows);
      if (span) target.set(span.features.subarray((row - span.start) * width, (row - span.start + 1) * width));
      else this.embeddings.read(prompt.ids[row] ?? 0, target);
    }
    return rows;
  }

  private async runPrompt(prompt: DecoderPrompt, end: number): Promise<Float32Array> {
    const start = this.cache.length;
    const rows = { embeddings: this.embed(prompt, start, end), positionIds: positionsOf(prompt, start, end), logitRows: [end - start - 1] };
    return (await this.run(rows, [LOGITS])).get(LOGITS) ?? new Float32Array();
  }

  private chunkRows(start: number): number {
    const queriesPerRow = this.text.numAttentionHeads / this.text.numKeyValueHeads;
    return Math.max(1, Math.min(CHUNK_ROWS, Math.floor(CHUNK_SCORES / queriesPerRow / (start + CHUNK_ROWS))));
  }

  private async run({ embeddings, positionIds, logitRows }: NewRows, outputs: readonly string[]): Promise<Map<string, Float32Array>> {
    const { headDim, mropeSection, ropeTheta, hiddenSize } = this.text;
    const rows = embeddings.length / hiddenSize;
    const total = this.cache.length + rows;
    this.cache.reserve(total);
    const { cos, sin } = textRotary(positionIds, { headDim, mropeSection, theta: ropeTheta });
    const feeds: Record<string, ort.Tensor> = {
      [LANGUAGE_INPUTS.embeddings]: new ort.Tensor('float32', embeddings, [rows, hiddenSize]),
      [LANGUAGE_INPUTS.cos]: new ort.Tensor('float32', cos, [1, rows, headDim / 2]),
      [LANGUAGE_INPUTS.sin]: new ort.Tensor('float32', sin, [1, rows, headDim / 2]),
      [LANGUAGE_INPUTS.mask]: new ort.Tensor('bool', causalMask(rows, total), [1, rows, total]),
      [LANGUAGE_INPUTS.logitRows]: new ort.Tensor('int64', BigInt64Array.from(logitRows, BigInt), [logitRows.length]),
    };
    const fetches: Record<string, ort.Tensor | null> = Object.fromEntries(outputs.map((name) => [name, null]));
    this.shareCache(feeds, fetches, total);
    const results = await this.session.run(feeds, fetches);
    this.cache.length = total;
    return new Map(outputs.map((name) => [name, results[name]?.data as Float32Array]));
  }

  /** Gives the graph the buffers of the cache: the new rows are written behind the old ones, and read there. */
  private shareCache(feeds: Record<string, ort.Tensor>, fetches: Record<string, ort.Tensor | null>, total: number): void {
    const { numHiddenLayers, numKeyValueHeads, headDim } = this.text;
    const held = this.cache.length;
    const read = this.inPlace ? total : held;
    for (const part of ['key', 'value'] as const) {
      for (let layer = 0; layer < numHiddenLayers; layer++) {
        for (let head = 0; head < numKeyValueHeads; head++) {
          const { cached, added } = cacheNames(part, layer, head);
          feeds[cached] = new ort.Tensor('float32', this.cache.rows(part, layer, head, 0, read), [read, headDim]);
          fetches[added] = new ort.Tensor('float32', this.cache.rows(part, layer, head, held, total), [total - held, headDim]);
        }
      }
    }
  }
}

/** bool [rows, total]: a new row sees everything before it in the sequence, and itself (spec 9). */
function causalMask(rows: number, total: number): Uint8Array {
  const mask = new Uint8Array(rows * total);
  for (let row = 0; row < rows; row++) mask.fill(1, row * total, row * total + total - rows + row + 1);
  return mask;
}

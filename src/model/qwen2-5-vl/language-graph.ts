// The decoder as one ONNX graph: S new rows on top of any kept prefix, its keys and values in buffers that the caller owns.
import { OnnxGraph, type Value } from '../onnx/graph.js';
import { type ModelConfig } from './config.js';
import { type PackedLinears } from './packed-linear.js';
import { gatedMlp, type LayerBuilder, linear, rmsNorm } from './transformer-layers.js';
import { type Weights } from './weights.js';

/** What the graph is fed, for S new rows after which the cache holds T rows. */
export const LANGUAGE_INPUTS = {
  embeddings: 'embeddings', // float32 [S, hidden]
  cos: 'cos', // float32 [1, S, headDim / 2]
  sin: 'sin',
  mask: 'mask', // bool [1, S, T]: true where a new row may look
  logitRows: 'logit_rows', // int64 [R]: the rows whose logits are wanted
} as const;

/** Output of the graph: float32 [R, vocabulary]. */
export const LOGITS = 'logits';
/** Output of a traced graph: float32 [S, hidden], the residual stream after a layer. */
export const tracedLayer = (layer: number): string => `layer${layer}`;

export type CachePart = 'key' | 'value';

/**
 * The cache of one KV head of one layer. The graph is fed `cached` and yields the new rows as `added`, float32 [S, headDim].
 * In place, `cached` is float32 [T, headDim] and `added` must be given the memory of its last S rows: the graph writes the new rows there,
 * then reads all of them. Otherwise `cached` holds only the T - S old rows.
 */
export function cacheNames(part: CachePart, layer: number, kvHead: number): { cached: string; added: string } {
  return { cached: `cached_${part}_${layer}_${kvHead}`, added: `added_${part}_${layer}_${kvHead}` };
}

interface DecoderInputs {
  readonly cos: Value;
  readonly sin: Value;
  /** bool [query heads of a KV head * S, T] */
  readonly foldedMask: Value;
}

export interface LanguageGraphOptions {
  /** Adds the residual stream after every layer, which parity checks look at. */
  readonly trace?: boolean;
  /** Read the cache where it is written: nothing is copied. Only true of a provider that computes in the caller's memory, which is the CPU. */
  readonly inPlace: boolean;
  readonly packed?: PackedLinears | undefined;
}

/** Spec 9: tied checkpoints use the embedding matrix as lm_head. */
export const headName = ({ tieWordEmbeddings }: ModelConfig): string => (tieWordEmbeddings ? 'model.embed_tokens' : 'lm_head');

/**
 *   embeddings ── layers 0 .. n-1 ── gather the wanted rows ── norm ── lm_head ──► logits
 */
export function buildLanguageGraph(config: ModelConfig, weights: Weights, { trace = false, inPlace, packed }: LanguageGraphOptions): Uint8Array {
  const { text } = config;
  const graph = new OnnxGraph('language');
  const layers: LayerBuilder = { graph, weights, epsilon: text.rmsNormEps, packed };
  const halfHead = text.headDim / 2;
  const embeddings = graph.input(LANGUAGE_INPUTS.embeddings, 'float32', ['S', text.hiddenSize]);
  const cos = graph.input(LANGUAGE_INPUTS.cos, 'float32', [1, 'S', halfHead]);
  const sin = graph.input(LANGUAGE_INPUTS.sin, 'float32', [1, 'S', halfHead]);
  const mask = graph.input(LANGUAGE_INPUTS.mask, 'bool', [1, 'S', 'T']);
  const logitRows = graph.input(LANGUAGE_INPUTS.logitRows, 'int64', ['R']);
  const inputs: DecoderInputs = { cos, sin, foldedMask: foldMask(graph, mask, text) };

  let rows = embeddings;
  for (let layer = 0; layer < text.numHiddenLayers; layer++) {
    rows = decoderLayer(layers, layer, rows, { inputs, text, inPlace });
    if (!trace) continue;
    graph.node('Identity', [rows], { outputs: [tracedLayer(layer)] });
    graph.output(tracedLayer(layer), 'float32', ['S', text.hiddenSize]);
  }
  const wanted = rmsNorm(layers, 'model.norm', graph.node('Gather', [rows, logitRows]));
  graph.node('Identity', [linear(layers, headName(config), wanted)], { outputs: [LOGITS] });
  graph.output(LOGITS, 'float32', ['R', text.vocabSize]);
  return graph.toBytes();
}

interface DecoderAttention {
  readonly inputs: DecoderInputs;
  readonly text: ModelConfig['text'];
  readonly inPlace: boolean;
}

/**
 *   rows ──┬─ input_layernorm ─ attention ─ add ──┬─ post_attention_layernorm ─ mlp ─ add ──►
 *          └────────────────────────────────┘     └───────────────────────────────┘
 */
function decoderLayer(layers: LayerBuilder, layer: number, rows: Value, attention: DecoderAttention): Value {
  const { graph } = layers;
  const name = `model.layers.${layer}`;
  const attended = graph.node('Add', [rows, decoderAttention(layers, layer, rmsNorm(layers, `${name}.input_layernorm`, rows), attention)]);
  const normed = rmsNorm(layers, `${name}.post_attention_layernorm`, attended);
  return graph.node('Add', [attended, gatedMlp(layers, `${name}.mlp`, normed)]);
}

/**
 *   rows ─┬─ q_proj ─ rotate ────────────────────┐
 *         ├─ k_proj ─ rotate ─ split by KV head ─┼─ order ─ fold ─ attention per KV head ─ unfold ─ o_proj ──►
 *         └─ v_proj ─────────── split by KV head ─┘                        ▲
 *                                    └► added ≡ last rows of ► cached ─────┘
 *
 * In place, the rows of a KV head leave as graph outputs into the caller's buffer, and attention reads that buffer as a graph input.
 */
function decoderAttention(layers: LayerBuilder, layer: number, rows: Value, { inputs, text, inPlace }: DecoderAttention): Value {
  const { graph } = layers;
  const { numAttentionHeads: heads, numKeyValueHeads: kvHeads, headDim } = text;
  const name = `model.layers.${layer}.self_attn`;
  const query = rotate(graph, linear(layers, `${name}.q_proj`, rows), heads, inputs);
  const key = rotate(graph, linear(layers, `${name}.k_proj`, rows), kvHeads, inputs);
  const value = linear(layers, `${name}.v_proj`, rows);
  const added = { key: cacheRows(graph, 'key', layer, key, text), value: cacheRows(graph, 'value', layer, value, text) };
  const ordered = inPlace ? orderAfter(graph, query, heads * headDim, [...added.key, ...added.value]) : query;
  const folded = graph.split(foldHeads(graph, ordered, text), 0, kvHeads);
  const attended = folded.map((queries, kvHead) => {
    const [keys = '', values = ''] = (['key', 'value'] as const).map((part) => {
      const cached = graph.input(cacheNames(part, layer, kvHead).cached, 'float32', ['cached rows', headDim]);
      const all = inPlace ? cached : graph.node('Concat', [cached, added[part][kvHead] ?? ''], { attributes: { axis: 0 } });
      return graph.node('Unsqueeze', [all, graph.integers([0, 1])]); // [1, 1, T, headDim]
    });
    return graph.node('Attention', [queries, keys, values, inputs.foldedMask]);
  });
  return linear(layers, `${name}.o_proj`, unfoldHeads(graph, attended, text));
}

/** Spec 8.5: `[S, heads * headDim]` rotated by the angles of each row's three position ids. */
function rotate(graph: OnnxGraph, rows: Value, heads: number, { cos, sin }: DecoderInputs): Value {
  const batched = graph.node('Unsqueeze', [rows, graph.integers([0])]);
  const rotated = graph.node('RotaryEmbedding', [batched, cos, sin], { attributes: { num_heads: heads } });
  return graph.node('Squeeze', [rotated, graph.integers([0])]);
}

/** Splits `[S, kvHeads * headDim]` into the graph outputs that go to the cache. */
function cacheRows(graph: OnnxGraph, part: CachePart, layer: number, rows: Value, text: ModelConfig['text']): Value[] {
  const names = Array.from({ length: text.numKeyValueHeads }, (_, kvHead) => cacheNames(part, layer, kvHead).added);
  for (const name of names) graph.output(name, 'float32', ['S', text.headDim]);
  return graph.split(rows, 1, text.numKeyValueHeads, names);
}

/**
 * query ─┬─ concat ─ slice ──► query, but only once every row of `added` has been written.
 * added ─┘
 * Nothing else tells the runtime that attention must wait: it does not know that `cached` and `added` share memory.
 */
function orderAfter(graph: OnnxGraph, query: Value, width: number, added: readonly Value[]): Value {
  const joined = graph.node('Concat', [query, ...added], { attributes: { axis: 1 } });
  return graph.node('Slice', [joined, graph.integers([0]), graph.integers([width]), graph.integers([1])]);
}

/**
 * `[S, heads * headDim] -> [kvHeads, 1, group * S, headDim]`: the query heads that share a KV head (spec 9: head i uses KV head
 * floor(i * kv / heads)) become rows of one matrix, so that its keys and values are read once for all of them.
 */
function foldHeads(graph: OnnxGraph, query: Value, { numAttentionHeads, numKeyValueHeads, headDim }: ModelConfig['text']): Value {
  const byHead = graph.reshape(query, [-1, numKeyValueHeads, numAttentionHeads / numKeyValueHeads, headDim]);
  const rowsInside = graph.node('Transpose', [byHead], { attributes: { perm: [1, 2, 0, 3] } });
  return graph.reshape(rowsInside, [numKeyValueHeads, 1, -1, headDim]);
}

/** kvHeads times `[1, 1, group * S, headDim] -> [S, heads * headDim]`, the way back from `foldHeads`. */
function unfoldHeads(graph: OnnxGraph, parts: readonly Value[], { numAttentionHeads, numKeyValueHeads, headDim }: ModelConfig['text']): Value {
  const joined = graph.node('Concat', parts, { attributes: { axis: 0 } });
  const byHead = graph.reshape(joined, [numKeyValueHeads, numAttentionHeads / numKeyValueHeads, -1, headDim]);
  const rowsFirst = graph.node('Transpose', [byHead], { attributes: { perm: [2, 0, 1, 3] } });
  return graph.reshape(rowsFirst, [-1, numAttentionHeads * headDim]);
}

/** mask [1, S, T] ─ once for each query head of a KV head [group, S, T] ─ `[group * S, T]`. */
function foldMask(graph: OnnxGraph, mask: Value, { numAttentionHeads, numKeyValueHeads }: ModelConfig['text']): Value {
  const repeated = graph.node('Concat', Array<Value>(numAttentionHeads / numKeyValueHeads).fill(mask), { attributes: { axis: 0 } });
  const shape = graph.node('Shape', [repeated], { attributes: { start: 2 } }); // [T]
  return graph.node('Reshape', [repeated, graph.node('Concat', [graph.integers([-1]), shape], { attributes: { axis: 0 } })]);
}

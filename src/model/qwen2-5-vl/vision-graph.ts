// The vision tower as an ONNX graph: patches of whole temporal groups in, one feature row per merged cell out.
import { OnnxGraph, type Value } from '../onnx/graph.js';
import { type ModelConfig } from './config.js';
import { type PackedLinears } from './packed-linear.js';
import { gatedMlp, type LayerBuilder, linear, rmsNorm } from './transformer-layers.js';
import { weightOf, type Weights } from './weights.js';

/**
 * What the graph is fed, for G temporal groups of P patches each (N = G * P), patches in window order (spec 6.4).
 * A window takes C slots, C being the largest window's patches; a smaller one leaves its last slots unused.
 */
export const VISION_INPUTS = {
  patches: 'patches', // float32 [N, channels * temporalPatch * patch * patch]
  cos: 'cos', // float32 [1, N, headDim / 2]
  sin: 'sin',
  groupShape: 'group_shape', // int64 [3]: G, P, hidden
  windowShape: 'window_shape', // int64 [3]: windows, C, hidden
  slotPatches: 'slot_patches', // int64 [windows * C]: the patch in each slot, any patch where the slot is unused
  windowLengths: 'window_lengths', // int64 [windows]: patches of each window
  patchSlots: 'patch_slots', // int64 [N]: the slot of each patch
  rasterOrder: 'raster_order', // int64 [N / 4]: which merged row goes to each cell, spec 6.7
} as const;

/** Output of the graph: float32 [N / 4, outHiddenSize], cells in raster order, temporal group first. */
export const VISION_FEATURES = 'features';

/** Outputs of a traced graph: float32 [N, hidden] in window order, after the patch embedding and after each block. */
export const tracedPatchEmbedding = 'patch_embed';
export const tracedBlock = (block: number): string => `block${block}`;

interface VisionInputs {
  readonly cos: Value;
  readonly sin: Value;
  readonly groupShape: Value;
  readonly windowShape: Value;
  readonly slotPatches: Value;
  readonly windowLengths: Value;
  readonly patchSlots: Value;
}

/** Spec 6: RMSNorm of the tower has a fixed epsilon. */
const EPSILON = 1e-6;

export interface VisionGraphOptions {
  /** Adds the intermediate outputs that parity checks look at. */
  readonly trace?: boolean;
  readonly packed?: PackedLinears | undefined;
}

/**
 *   patches ── patch embedding ── blocks 0 .. depth-1 ── merger ── gather into raster order ──► features
 */
export function buildVisionGraph({ vision }: ModelConfig, weights: Weights, { trace = false, packed }: VisionGraphOptions = {}): Uint8Array {
  const graph = new OnnxGraph('vision');
  const layers: LayerBuilder = { graph, weights, epsilon: EPSILON, packed };
  const patchValues = vision.inChannels * vision.temporalPatchSize * vision.patchSize ** 2;
  const halfHead = vision.hiddenSize / vision.numHeads / 2;
  const patches = graph.input(VISION_INPUTS.patches, 'float32', ['N', patchValues]);
  const rasterOrder = graph.input(VISION_INPUTS.rasterOrder, 'int64', ['cells']);
  const inputs: VisionInputs = {
    cos: graph.input(VISION_INPUTS.cos, 'float32', [1, 'N', halfHead]),
    sin: graph.input(VISION_INPUTS.sin, 'float32', [1, 'N', halfHead]),
    groupShape: graph.input(VISION_INPUTS.groupShape, 'int64', [3]),
    windowShape: graph.input(VISION_INPUTS.windowShape, 'int64', [3]),
    slotPatches: graph.input(VISION_INPUTS.slotPatches, 'int64', ['slots']),
    windowLengths: graph.input(VISION_INPUTS.windowLengths, 'int64', ['windows']),
    patchSlots: graph.input(VISION_INPUTS.patchSlots, 'int64', ['N']),
  };
  const traced = (value: Value, name: string): void => {
    if (!trace) return;
    graph.node('Identity', [value], { outputs: [name] });
    graph.output(name, 'float32', ['N', vision.hiddenSize]);
  };

  let rows = embedPatches(layers, patches, [vision.hiddenSize, patchValues]);
  traced(rows, tracedPatchEmbedding);
  for (let block = 0; block < vision.depth; block++) {
    const whole = vision.fullattBlockIndexes.includes(block);
    rows = visionBlock(layers, `visual.blocks.${block}`, rows, { inputs, heads: vision.numHeads, hidden: vision.hiddenSize, whole });
    traced(rows, tracedBlock(block));
  }
  const cells = merger(layers, rows, vision.hiddenSize * vision.spatialMergeSize ** 2);
  graph.node('Gather', [cells, rasterOrder], { outputs: [VISION_FEATURES] });
  graph.output(VISION_FEATURES, 'float32', ['cells', vision.outHiddenSize]);
  return graph.toBytes();
}

/** Spec 6.1: the convolution's kernel is as large as its stride, so it is a matrix product with the kernel flattened. */
function embedPatches({ graph, weights }: LayerBuilder, patches: Value, shape: readonly number[]): Value {
  const kernel = graph.weight({ ...weightOf(weights, 'visual.patch_embed.proj.weight'), shape });
  return graph.node('Gemm', [patches, kernel], { attributes: { transB: 1 } });
}

interface VisionAttention {
  readonly inputs: VisionInputs;
  readonly heads: number;
  readonly hidden: number;
  /** Attention over the whole temporal group instead of windows; it never crosses groups (spec 6.5). */
  readonly whole: boolean;
}

/**
 *   rows ──┬─ norm1 ─ attention ─ add ──┬─ norm2 ─ mlp ─ add ──►
 *          └──────────────────────┘     └────────────────┘
 */
function visionBlock(layers: LayerBuilder, name: string, rows: Value, attention: VisionAttention): Value {
  const { graph } = layers;
  const attended = graph.node('Add', [rows, visionAttention(layers, `${name}.attn`, rmsNorm(layers, `${name}.norm1`, rows), attention)]);
  return graph.node('Add', [attended, gatedMlp(layers, `${name}.mlp`, rmsNorm(layers, `${name}.norm2`, attended))]);
}

/**
 *   rows ─ qkv ─ split ─┬─ q ─ rotate ─┐
 *        [N, 3 hidden]  ├─ k ─ rotate ─ attention of each group or window ─ [N, hidden] ─ proj ──►
 *                       └─ v ──────────┘
 */
function visionAttention(layers: LayerBuilder, name: string, rows: Value, attention: VisionAttention): Value {
  const { graph } = layers;
  const [query = '', key = '', value = ''] = graph.split(linear(layers, `${name}.qkv`, rows), 1, 3);
  const rotated = [rotate(graph, query, attention), rotate(graph, key, attention), value];
  const attended = attention.whole ? attendGroups(graph, rotated, attention) : attendWindows(graph, rotated, attention);
  return linear(layers, `${name}.proj`, attended);
}

/** `[N, hidden] -> [N, hidden]`, rotate-half by the angles of each patch (spec 6.2). */
function rotate(graph: OnnxGraph, rows: Value, { inputs, heads }: VisionAttention): Value {
  const batched = graph.node('Unsqueeze', [rows, graph.integers([0])]);
  const rotated = graph.node('RotaryEmbedding', [batched, inputs.cos, inputs.sin], { attributes: { num_heads: heads } });
  return graph.node('Squeeze', [rotated, graph.integers([0])]);
}

/** q, k, v `[N, hidden]` ─ reshape to [G, P, hidden] ─ attention without a mask ─ `[N, hidden]`. */
function attendGroups(graph: OnnxGraph, rows: readonly Value[], { inputs, heads, hidden }: VisionAttention): Value {
  const groups = rows.map((each) => graph.node('Reshape', [each, inputs.groupShape]));
  const attended = graph.node('MultiHeadAttention', groups, { domain: 'com.microsoft', attributes: { num_heads: heads } });
  return graph.reshape(attended, [-1, hidden]);
}

/** q, k, v `[N, hidden]` ─ gather into [windows, C, hidden] ─ attention over the slots in use ─ gather back into `[N, hidden]`. */
function attendWindows(graph: OnnxGraph, rows: readonly Value[], { inputs, heads, hidden }: VisionAttention): Value {
  const slots = rows.map((each) => graph.node('Reshape', [graph.node('Gather', [each, inputs.slotPatches]), inputs.windowShape]));
  const attributes = { q_num_heads: heads, kv_num_heads: heads };
  const attended = graph.node('Attention', [...slots, '', '', '', inputs.windowLengths], { attributes });
  return graph.node('Gather', [graph.reshape(attended, [-1, hidden]), inputs.patchSlots]);
}

/** Spec 6.6: rows `[N, hidden]` ─ ln_q ─ four rows side by side [N / 4, 4 hidden] ─ mlp.0 ─ GELU (erf) ─ mlp.2 ─ `[N / 4, outHidden]`. */
function merger(layers: LayerBuilder, rows: Value, mergedWidth: number): Value {
  const { graph } = layers;
  const merged = graph.reshape(rmsNorm(layers, 'visual.merger.ln_q', rows), [-1, mergedWidth]);
  return linear(layers, 'visual.merger.mlp.2', graph.node('Gelu', [linear(layers, 'visual.merger.mlp.0', merged)]));
}

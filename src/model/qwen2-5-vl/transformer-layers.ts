// The pieces that the vision tower and the decoder share: linear layers, norms and the gated MLP, as ONNX operators over rows.
import { type OnnxGraph, type Value } from '../onnx/graph.js';
import { type PackedLinears, packedProduct } from './packed-linear.js';
import { weightOf, type Weights } from './weights.js';

/** A graph together with the weights its nodes name. */
export interface LayerBuilder {
  readonly graph: OnnxGraph;
  readonly weights: Weights;
  readonly epsilon: number;
  /** Linear layers whose weights are whole numbers; the others are of floating point. */
  readonly packed?: PackedLinears | undefined;
}

export function weight({ graph, weights }: LayerBuilder, name: string): Value {
  return graph.weight(weightOf(weights, name));
}

/** `[rows, in] -> [rows, out]` by `name.weight` [out, in], and `name.bias` where there is one. */
export function linear(layers: LayerBuilder, name: string, rows: Value): Value {
  const { graph, weights, packed } = layers;
  const bias = weights.has(`${name}.bias`) ? weight(layers, `${name}.bias`) : undefined;
  const numbers = packed?.get(name);
  if (!numbers) return graph.node('Gemm', [rows, weight(layers, `${name}.weight`), ...(bias === undefined ? [] : [bias])], { attributes: { transB: 1 } });
  const product = packedProduct(graph, numbers, rows);
  return bias === undefined ? product : graph.node('Add', [product, bias]);
}

/** Spec 6.5 and 9: x / rms(x) in float32, times the weight. */
export function rmsNorm(layers: LayerBuilder, name: string, rows: Value): Value {
  const attributes = { axis: -1, epsilon: { float: layers.epsilon } };
  return layers.graph.node('RMSNormalization', [rows, weight(layers, `${name}.weight`)], { attributes });
}

/**
 *   rows ──┬── gate_proj ── silu ──┐
 *          └── up_proj ─────────── mul ── down_proj ──►
 */
export function gatedMlp(layers: LayerBuilder, name: string, rows: Value): Value {
  const { graph } = layers;
  const gate = linear(layers, `${name}.gate_proj`, rows);
  // QuickGelu with alpha 1 is x * sigmoid(x), which is SiLU.
  const silu = graph.node('QuickGelu', [gate], { domain: 'com.microsoft', attributes: { alpha: { float: 1 } } });
  const up = linear(layers, `${name}.up_proj`, rows);
  return linear(layers, `${name}.down_proj`, graph.node('Mul', [silu, up]));
}

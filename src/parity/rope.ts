// Parity of rotary tables and of what they do to queries and keys.
import { type Grid, MERGE_SIZE, PATCH_SIZE } from '../model/qwen2-5-vl/patches.js';
import { type RotaryTables, textRotary, visionRotary } from '../model/qwen2-5-vl/rotary.js';
import { windowPlan } from '../model/qwen2-5-vl/windows.js';
import { Score, type VectorSuite } from './suite.js';
import { readVectors, type Tensor, TensorFile } from './vectors.js';

interface DecoderCase {
  readonly kind: 'decoder';
  readonly name: string;
  readonly head_dim: number;
  readonly mrope_section: readonly [number, number, number];
  readonly rope_theta: number;
}

interface VisionCase {
  readonly kind: 'vision';
  readonly name: string;
  readonly head_dim: number;
  readonly grid_thw: readonly Grid[];
}

interface Vectors {
  readonly tensors_file: string;
  readonly cases: readonly (DecoderCase | VisionCase)[];
}

const TABLE_TOLERANCE = 2e-6;
const ROTATED_TOLERANCE = 1e-5;
const WINDOW_SIZE = 112;

export const rope: VectorSuite = {
  file: 'rope.json',
  async run(directory) {
    const { cases, tensors_file: file } = await readVectors<Vectors>(directory, this.file);
    const tensors = await TensorFile.read(directory, file);
    const score = new Score();
    for (const vector of cases) {
      score.case(vector.name, () => (vector.kind === 'decoder' ? compareDecoder(score, vector, tensors) : compareVision(score, vector, tensors)));
    }
    return score.report();
  },
};

function compareDecoder(score: Score, { name, head_dim: headDim, mrope_section: mropeSection, rope_theta: theta }: DecoderCase, tensors: TensorFile): void {
  const ids = tensors.integers(`${name}.position_ids`).data;
  const tables = textRotary(ids, { headDim, mropeSection, theta });
  score.close('cos', twice(tables.cos, headDim), tensors.floats(`${name}.cos`).data, TABLE_TOLERANCE);
  score.close('sin', twice(tables.sin, headDim), tensors.floats(`${name}.sin`).data, TABLE_TOLERANCE);
  const length = ids.length / 3;
  for (const part of ['q', 'k']) {
    // [heads, length, headDim]: the row of the tables runs with the length.
    const rotated = rotate(tensors.floats(`${name}.${part}`), tables, (vector) => vector % length);
    score.close(`${part}_out`, rotated, tensors.floats(`${name}.${part}_out`).data, ROTATED_TOLERANCE);
  }
}

function compareVision(score: Score, { name, head_dim: headDim, grid_thw: grids }: VisionCase, tensors: TensorFile): void {
  const mergeOrder = visionRotary(grids, { headDim, mergeSize: MERGE_SIZE });
  const angles = tensors.floats(`${name}.angles_merge_order`).data;
  score.close('cos in merge order', mergeOrder.cos, angles.map(Math.cos), TABLE_TOLERANCE);
  score.close('sin in merge order', mergeOrder.sin, angles.map(Math.sin), TABLE_TOLERANCE);

  const { windowIndex } = windowPlan(grids, { windowSize: WINDOW_SIZE, patchSize: PATCH_SIZE, mergeSize: MERGE_SIZE });
  const tables = visionRotary(grids, { headDim, mergeSize: MERGE_SIZE, windowIndex });
  score.close('cos', twice(tables.cos, headDim), tensors.floats(`${name}.cos_window_order`).data, TABLE_TOLERANCE);
  score.close('sin', twice(tables.sin, headDim), tensors.floats(`${name}.sin_window_order`).data, TABLE_TOLERANCE);
  for (const part of ['q', 'k']) {
    // [patches, heads, headDim]
    const input = tensors.floats(`${name}.${part}`);
    const heads = input.shape[1] ?? 1;
    const rotated = rotate(input, tables, (vector) => Math.floor(vector / heads));
    score.close(`${part}_out`, rotated, tensors.floats(`${name}.${part}_out`).data, ROTATED_TOLERANCE);
  }
}

/** Tables of half a head, each row written twice: [rows, headDim]. */
function twice(half: Float32Array, headDim: number): Float32Array {
  return Float32Array.from({ length: half.length * 2 }, (_, k) => half[Math.floor(k / headDim) * (headDim / 2) + (k % (headDim / 2))]!);
}

/** "Rotate half" of every vector of the last axis, in float32; `rowOf` gives a vector's row in the tables. */
function rotate({ data, shape }: Tensor<Float32Array>, { cos, sin }: RotaryTables, rowOf: (vector: number) => number): Float32Array {
  const headDim = shape.at(-1) ?? 0;
  const half = headDim / 2;
  return data.map((value, k) => {
    const at = k % headDim;
    const angle = rowOf(Math.floor(k / headDim)) * half + (at % half);
    const partner = at < half ? -data[k + half]! : data[k - half]!;
    return Math.fround(value * cos[angle]!) + Math.fround(partner * sin[angle]!);
  });
}

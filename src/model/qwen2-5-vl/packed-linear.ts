// Linear layers whose weights are whole numbers, as ONNX operators over rows of float32.
import { type OnnxGraph, type StoredWeight, type Value } from '../onnx/graph.js';
import { type BlockForm } from '../quantization/block-quantization.js';

/** Numbers of few bits with a scale for each block; the runtime turns rows into whole numbers block by block as it multiplies. */
export interface BlockLinear extends BlockForm {
  readonly kind: 'blocks';
  readonly inputs: number;
  readonly outputs: number;
  readonly numbers: StoredWeight<'uint8'>; // [outputs, blocks, blockSize * bits / 8]
  readonly scales: StoredWeight; // [outputs * blocks]
}

/** Bytes with a scale for each output; every row is turned into bytes by its own largest magnitude before it is multiplied. */
export interface ColumnLinear {
  readonly kind: 'columns';
  readonly numbers: StoredWeight<'int8'>; // [inputs, outputs]
  readonly scales: StoredWeight; // [outputs]
}

export type PackedLinear = BlockLinear | ColumnLinear;

/** By the names of the layers, without `.weight`. */
export type PackedLinears = ReadonlyMap<string, PackedLinear>;

/** Whole numbers, too, for the rows: the weights are what is read from memory, but the rows are what is multiplied. */
const ROWS_AS_BYTES = 4;
const LARGEST = 127;
const ZERO = 128;

/** `[rows, inputs] -> [rows, outputs]`, without a bias. */
export function packedProduct(graph: OnnxGraph, packed: PackedLinear, rows: Value): Value {
  return packed.kind === 'blocks' ? blockProduct(graph, packed, rows) : columnProduct(graph, packed, rows);
}

function blockProduct(graph: OnnxGraph, { inputs, outputs, bits, blockSize, numbers, scales }: BlockLinear, rows: Value): Value {
  const attributes = { K: inputs, N: outputs, bits, block_size: blockSize, accuracy_level: ROWS_AS_BYTES };
  return graph.node('MatMulNBits', [rows, graph.weight(numbers), graph.weight(scales)], { domain: 'com.microsoft', attributes });
}

/**
 *   rows ─┬─ largest magnitude of each row ──────────────────────────────┐
 *         └─ divide ─ -1 .. 1 as bytes ─ product of whole numbers ─ scale ─ mul ──►
 *
 * The operator takes one scale for all rows; dividing each row by its largest magnitude first gives every row its own.
 */
function columnProduct(graph: OnnxGraph, { numbers, scales }: ColumnLinear, rows: Value): Value {
  const magnitude = graph.node('ReduceMax', [graph.node('Abs', [rows]), graph.integers([-1])], { attributes: { keepdims: 1 } });
  const divisor = graph.node('Max', [magnitude, graph.scalar('float32', 1e-30)]); // a row of zeros
  const scale = graph.scalar('float32', 1 / LARGEST);
  const zero = graph.scalar('uint8', ZERO);
  const bytes = graph.node('QuantizeLinear', [graph.node('Div', [rows, divisor]), scale, zero]);
  const inputs = [bytes, graph.weight(numbers), scale, graph.weight(scales), zero];
  return graph.node('Mul', [graph.node('MatMulIntegerToFloat', inputs, { domain: 'com.microsoft' }), divisor]);
}

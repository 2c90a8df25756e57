// Weights as signed bytes with one scale for each output: what a product of whole numbers is made of.

/** A matrix [outputs, inputs], turned: value of output n, input k = number [k, n] * scale [n]. */
export interface ColumnNumbers {
  readonly numbers: Int8Array; // [inputs, outputs]
  readonly scales: Float32Array; // [outputs]
}

/**
 * The largest magnitude of an output becomes `largest`, so that no value is off by more than half a scale. Processors that add two
 * products of bytes in 16 bits before they widen them need `largest` 63, or the sum is cut off.
 */
export function quantizeColumns(values: Float32Array, inputs: number, largest: 127 | 63): ColumnNumbers {
  const outputs = values.length / inputs;
  const numbers = new Int8Array(values.length);
  const scales = new Float32Array(outputs);
  for (let n = 0; n < outputs; n++) {
    let magnitude = 0;
    for (let k = n * inputs; k < (n + 1) * inputs; k++) magnitude = Math.max(magnitude, Math.abs(values[k]!));
    const scale = Math.fround(magnitude / largest);
    scales[n] = scale;
    if (scale === 0) continue;
    for (let k = 0; k < inputs; k++) numbers[k * outputs + n] = Math.round(values[n * inputs + k]! / scale);
  }
  return { numbers, scales };
}

/** The matrix [outputs, inputs] that the numbers stand for. */
export function valuesOfColumns({ numbers, scales }: ColumnNumbers, inputs: number): Float32Array {
  const outputs = scales.length;
  return Float32Array.from({ length: numbers.length }, (_, at) => {
    const [n, k] = [Math.floor(at / inputs), at % inputs];
    return numbers[k * outputs + n]! * scales[n]!;
  });
}

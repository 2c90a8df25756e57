// Weights as small whole numbers with one scale for each block of a row: what a linear layer of few bits is made of.

export interface BlockForm {
  readonly bits: 4 | 8;
  /** Values that share a scale; an even number. */
  readonly blockSize: number;
}

/** A matrix [rows, width]: value = (number - 2^(bits - 1)) * scale. The last block of a row is filled up with zeros. */
export interface BlockNumbers {
  /** [rows, blocks, blockSize * bits / 8]; of 4 bits, the first of two values lies in the low half of a byte. */
  readonly numbers: Uint8Array;
  readonly scales: Float32Array; // [rows, blocks]
}

export const blocksOf = (width: number, { blockSize }: BlockForm): number => Math.ceil(width / blockSize);

/**
 * Of 8 bits the largest magnitude of a block becomes 127, so that no value is off by more than half a scale. Of 4 bits that would
 * waste much: the value of the largest magnitude becomes -8, or is cut off where the block as a whole comes closer that way.
 */
export function quantizeBlocks(values: Float32Array, width: number, form: BlockForm): BlockNumbers {
  const { bits, blockSize } = form;
  const rows = values.length / width;
  const blocks = blocksOf(width, form);
  const blockBytes = (blockSize * bits) / 8;
  const zero = 2 ** (bits - 1);
  const numbers = new Uint8Array(rows * blocks * blockBytes).fill(bits === 8 ? zero : (zero << 4) | zero);
  const scales = new Float32Array(rows * blocks);
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const start = row * width + block * blockSize;
      const end = Math.min(start + blockSize, (row + 1) * width);
      const at = row * blocks + block;
      const scale = Math.fround(bits === 8 ? Math.abs(extreme(values, start, end)) / 127 : fourBitScale(values, start, end));
      scales[at] = scale;
      if (scale === 0) continue;
      for (let k = start; k < end; k++) {
        const number = nearest(values[k]! / scale, zero) + zero;
        const place = at * blockSize + k - start;
        if (bits === 8) numbers[place] = number;
        else if (place & 1) numbers[place >> 1] = (numbers[place >> 1]! & 0x0f) | (number << 4);
        else numbers[place >> 1] = (numbers[place >> 1]! & 0xf0) | number;
      }
    }
  }
  return { numbers, scales };
}

/** The matrix [rows, width] that the numbers stand for. */
export function valuesOfBlocks({ numbers, scales }: BlockNumbers, width: number, form: BlockForm): Float32Array {
  const { bits, blockSize } = form;
  const blocks = blocksOf(width, form);
  const zero = 2 ** (bits - 1);
  const values = new Float32Array((scales.length / blocks) * width);
  for (let k = 0; k < values.length; k++) {
    const at = Math.floor(k / width) * blocks + Math.floor((k % width) / blockSize);
    const place = at * blockSize + ((k % width) % blockSize);
    const number = bits === 8 ? numbers[place]! : (numbers[place >> 1]! >> (4 * (place & 1))) & 0x0f;
    values[k] = (number - zero) * scales[at]!;
  }
  return values;
}

/** The value of the largest magnitude, with its sign. */
function extreme(values: Float32Array, start: number, end: number): number {
  let found = 0;
  for (let k = start; k < end; k++) if (Math.abs(values[k]!) > Math.abs(found)) found = values[k]!;
  return found;
}

/** What the largest magnitude may become; beyond 8 it is cut off. */
const FOUR_BIT_EXTREMES = [8, 7.5, 7, 8.5, 9, 9.5, 10];

function fourBitScale(values: Float32Array, start: number, end: number): number {
  const largest = extreme(values, start, end);
  let [best, least] = [0, Infinity];
  if (largest === 0) return best;
  for (const place of FOUR_BIT_EXTREMES) {
    const scale = largest / -place;
    let error = 0;
    for (let k = start; k < end; k++) error += (values[k]! - nearest(values[k]! / scale, 8) * scale) ** 2;
    if (error < least) [best, least] = [scale, error];
  }
  return best;
}

/** The nearest of -zero .. zero - 1. */
function nearest(value: number, zero: number): number {
  return Math.max(-zero, Math.min(zero - 1, Math.round(value)));
}

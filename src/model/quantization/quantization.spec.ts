// Weights as whole numbers: how far the values they stand for may be from those they were made of.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../qwen2-5-vl/seeded-random.js';
import { type BlockForm, quantizeBlocks, valuesOfBlocks } from './block-quantization.js';
import { quantizeColumns, valuesOfColumns } from './column-quantization.js';

/** Nearly normal numbers of which every hundredth is twenty times as large, as weights of language models are. */
function weights(count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, (_, k) => (random() + random() + random() - 1.5) * (k % 100 === 7 ? 20 : 1));
}

const [ROWS, WIDTH] = [6, 200]; // the last block of a row is not full

const largestOf = (values: Float32Array): number => values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);

describe('blocks', () => {
  const forms: BlockForm[] = [{ bits: 8, blockSize: 32 }, { bits: 8, blockSize: 128 }, { bits: 4, blockSize: 32 }, { bits: 4, blockSize: 128 }];
  it.each(forms)('of $bits bits, $blockSize values, keep every value within half a step of its own block', (form) => {
    const values = weights(ROWS * WIDTH, 3);
    const numbers = quantizeBlocks(values, WIDTH, form);
    const back = valuesOfBlocks(numbers, WIDTH, form);
    expect(back).toHaveLength(values.length);
    const blocks = Math.ceil(WIDTH / form.blockSize);
    for (let row = 0; row < ROWS; row++) {
      for (let block = 0; block < blocks; block++) {
        const [from, to] = [row * WIDTH + block * form.blockSize, Math.min(row * WIDTH + (block + 1) * form.blockSize, (row + 1) * WIDTH)];
        const step = Math.abs(numbers.scales[row * blocks + block]!);
        const largest = largestOf(values.subarray(from, to));
        const most = 2 ** (form.bits - 1) - 1;
        expect(step).toBeLessThanOrEqual((largest / (form.bits === 8 ? most : 6.9)) * 1.000001);
        // What goes beyond the range is cut off; of 8 bits nothing does.
        const cut = form.bits === 8 ? 0 : largest * 0.31;
        for (let k = from; k < to; k++) expect(Math.abs(back[k]! - values[k]!)).toBeLessThanOrEqual(step / 2 + cut + 1e-6);
      }
    }
  });

  it('of 4 bits lose less than rounding to -7 .. 7 would', () => {
    const values = weights(64 * 128, 5);
    const form: BlockForm = { bits: 4, blockSize: 32 };
    const back = valuesOfBlocks(quantizeBlocks(values, 128, form), 128, form);
    const plain = values.map((value, k) => {
      const block = values.subarray(k - (k % 32), k - (k % 32) + 32);
      const step = largestOf(block) / 7;
      return Math.round(value / step) * step;
    });
    const error = (other: Float32Array): number => values.reduce((sum, value, k) => sum + (value - other[k]!) ** 2, 0);
    expect(error(back)).toBeLessThan(0.85 * error(plain));
  });

  it('are laid out low half first, around the middle of the range', () => {
    const { numbers, scales } = quantizeBlocks(Float32Array.of(-8, 7, 0, 1), 4, { bits: 4, blockSize: 4 });
    expect([...scales]).toEqual([1]);
    expect([...numbers]).toEqual([0xf0, 0x98]); // 0, 15 and 8, 9
    const bytes = quantizeBlocks(Float32Array.of(-127, 127, 0), 3, { bits: 8, blockSize: 4 });
    expect([...bytes.numbers]).toEqual([1, 255, 128, 128]);
  });

  it('of nothing but zeros stay zeros', () => {
    for (const form of forms) expect(valuesOfBlocks(quantizeBlocks(new Float32Array(WIDTH), WIDTH, form), WIDTH, form).every((value) => value === 0)).toBe(true);
  });
});

describe('columns', () => {
  it.each([127, 63] as const)('of at most %d keep every value within half a step of its own output', (largest) => {
    const values = weights(ROWS * WIDTH, 9);
    const numbers = quantizeColumns(values, WIDTH, largest);
    const back = valuesOfColumns(numbers, WIDTH);
    for (let row = 0; row < ROWS; row++) {
      expect(numbers.scales[row]).toBeCloseTo(largestOf(values.subarray(row * WIDTH, (row + 1) * WIDTH)) / largest, 5);
      for (let k = row * WIDTH; k < (row + 1) * WIDTH; k++) expect(Math.abs(back[k]! - values[k]!)).toBeLessThanOrEqual(numbers.scales[row]! / 2 + 1e-6);
    }
    expect(Math.max(...numbers.numbers.map(Math.abs))).toBe(largest);
  });

  it('are turned: all outputs of one input lie side by side', () => {
    const { numbers } = quantizeColumns(Float32Array.of(1, 2, 127, -127, 0, 64), 3, 127); // two outputs of three inputs
    expect([...numbers]).toEqual([1, -127, 2, 0, 127, 64]);
  });
});

// Stored numbers of each type become the float32 they stand for.
import { describe, expect, it } from 'vitest';
import { widen } from './widen.js';

const bytesOf = (words: readonly number[]): Uint8Array => new Uint8Array(Uint16Array.from(words).buffer);

describe('widening', () => {
  it('reads float16 with its subnormals, zeros and infinities', () => {
    const numbers = new Float32Array(8);
    widen(bytesOf([0x3c00, 0xc000, 0x3555, 0x0001, 0x03ff, 0x7bff, 0x8000, 0xfc00]), 'float16', numbers);
    expect([...numbers]).toEqual([1, -2, 0.333251953125, 2 ** -24, 1023 * 2 ** -24, 65504, -0, -Infinity]);
  });

  it('reads bfloat16 as the upper half of a float32', () => {
    const numbers = new Float32Array(4);
    widen(bytesOf([0x3f80, 0xc049, 0x0080, 0x7f80]), 'bfloat16', numbers);
    expect([...numbers]).toEqual([1, -3.140625, 2 ** -126, Infinity]);
  });

  it('reads float32 wherever it lies, not only at multiples of four bytes', () => {
    const bytes = new Uint8Array(9);
    bytes.set(new Uint8Array(Float32Array.of(0.1, -7).buffer), 1);
    const numbers = new Float32Array(2);
    widen(bytes.subarray(1), 'float32', numbers);
    expect(numbers).toEqual(Float32Array.of(0.1, -7));
  });
});

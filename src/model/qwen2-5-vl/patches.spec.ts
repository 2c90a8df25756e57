// Where each pixel goes in the patches.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridOf, PATCH_LENGTH, patchify, patchifyGroup } from './patches.js';

/** Frames whose every byte is random. */
const video = fc
  .record({ count: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: 3 }) })
  .chain(({ count, rows, columns }) => {
    const [height, width] = [rows * 28, columns * 28];
    const frame = fc.infiniteStream(fc.integer({ min: 0, max: 255 })).map((stream) => Uint8Array.from(stream.take(height * width * 3)));
    return fc.record({ frames: fc.array(frame, { minLength: count, maxLength: count }), height: fc.constant(height), width: fc.constant(width) });
  });

const MEAN = [0.48145466, 0.4578275, 0.40821073];
const STD = [0.26862954, 0.26130258, 0.27577711];

describe('patchify', () => {
  it('puts every pixel exactly once where the layout says, with an odd count padded by the last frame', () => {
    fc.assert(
      fc.property(video, ({ frames, height, width }) => {
        const { pixelValues, grid: [t, h, w] } = patchify(frames, height, width);
        expect([t, h, w]).toEqual([Math.ceil(frames.length / 2), height / 14, width / 14]);
        // Spec 5: [t, 2, 3, h/2, 2, 14, w/2, 2, 14] permuted to axes (0, 3, 6, 4, 7, 2, 1, 5, 8); here the other way round.
        let wrong = 0;
        pixelValues.forEach((value, k) => {
          const [group = 0, blockRow = 0, blockColumn = 0, ...inBlock] = unravel(k, [t, h / 2, w / 2, 2, 2, 3, 2, 14, 14]);
          const [row = 0, column = 0, channel = 0, second = 0, y = 0, x = 0] = inBlock;
          const frame = frames[Math.min(group * 2 + second, frames.length - 1)]!;
          const level = frame[((blockRow * 28 + row * 14 + y) * width + blockColumn * 28 + column * 14 + x) * 3 + channel]!;
          if (!(Math.abs(value - (level / 255 - MEAN[channel]!) / STD[channel]!) < 1e-6)) wrong += 1;
        });
        expect(wrong).toBe(0);
        expect(pixelValues).toHaveLength(t * h * w * PATCH_LENGTH);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses sides that are no multiples of 28', () => {
    expect(() => gridOf({ frames: 2, height: 56, width: 42 })).toThrow(expect.objectContaining({ code: 'patches.size_invalid' }));
  });
});

describe('patchifyGroup', () => {
  it('writes group after group into one array, and nowhere else', () => {
    const frames = [0, 1, 2, 3].map((k) => new Uint8Array(28 * 28 * 3).fill(k * 60));
    const whole = patchify(frames, 28, 28).pixelValues;
    const rows = new Float32Array(whole.length + 2).fill(7);
    let at = 1;
    for (const k of [0, 2]) at = patchifyGroup({ first: frames[k]!, second: frames[k + 1]!, height: 28, width: 28 }, rows, at);
    expect(at).toBe(1 + whole.length);
    expect(rows.subarray(1, at)).toEqual(whole);
    expect([rows[0], rows.at(-1)]).toEqual([7, 7]);
  });

  it('refuses frames of another size and rows that are too few', () => {
    const frame = new Uint8Array(28 * 28 * 3);
    const pair = { first: frame, second: frame, height: 28, width: 28 };
    const refusal = expect.objectContaining({ code: 'patches.size_invalid' }) as Error;
    expect(() => patchifyGroup({ ...pair, second: new Uint8Array(3) }, new Float32Array(4 * PATCH_LENGTH))).toThrow(refusal);
    expect(() => patchifyGroup(pair, new Float32Array(4 * PATCH_LENGTH), 1)).toThrow(refusal);
  });
});

function unravel(index: number, shape: readonly number[]): number[] {
  return shape.reduceRight<{ left: number; axes: number[] }>(
    ({ left, axes }, length) => ({ left: Math.floor(left / length), axes: [left % length, ...axes] }),
    { left: index, axes: [] },
  ).axes;
}

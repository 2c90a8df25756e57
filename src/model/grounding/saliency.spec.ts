// The curve of how likely each step of a video shows what is asked for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saliencyCurve } from './saliency.js';

const asked = (startSeconds: number, endSeconds: number, occurrence: number) => ({ startSeconds, endSeconds, occurrence });
const range = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });

describe('saliencyCurve', () => {
  it('takes the largest value of the windows that reach into a step, and none where nothing was asked', () => {
    expect(saliencyCurve([asked(0, 4, -1), asked(2, 6, 3)], range(0, 8))).toEqual({ startSeconds: 0, stepSeconds: 2, values: [-1, 3, 3, null] });
  });

  it('lies on even seconds whatever the range, one value for each step the range touches', () => {
    expect(saliencyCurve([asked(5, 7.5, 2)], range(3.2, 9))).toEqual({ startSeconds: 2, stepSeconds: 2, values: [null, 2, 2, null] });
    expect(saliencyCurve([], range(0, 3600)).values).toHaveLength(1800);
    expect(saliencyCurve([asked(0, 30, 1)], range(40, 40)).values).toEqual([]);
  });

  it('of a part is a part of the curve of all, whatever the order of the windows', () => {
    const window = fc
      .tuple(fc.nat(80), fc.integer({ min: 1, max: 30 }), fc.double({ min: -9, max: 9, noNaN: true }))
      .map(([at, length, value]) => asked(at, at + length, value));
    fc.assert(
      fc.property(fc.array(window), fc.nat(50), fc.nat(50), (windows, from, length) => {
        const whole = saliencyCurve(windows, range(0, 120)).values;
        const part = saliencyCurve([...windows].reverse(), range(from, from + length));
        expect(part.values).toEqual(whole.slice(part.startSeconds / 2, part.startSeconds / 2 + part.values.length));
      }),
    );
  });
});

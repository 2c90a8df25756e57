// Moments that overlap a surer one come later.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { softNms } from './soft-nms.js';

const moment = (startSeconds: number, endSeconds: number, score: number) => ({ startSeconds, endSeconds, score });

describe('softNms', () => {
  it('lowers what overlaps a surer moment, so that another place comes before it', () => {
    const ranked = softNms([moment(0, 10, 0.9), moment(1, 10, 0.8), moment(50, 60, 0.5)]);
    expect(ranked.map((m) => m.startSeconds)).toEqual([0, 50, 1]);
    expect(ranked[2]!.score).toBeCloseTo(0.8 * Math.exp(-0.81 / 0.5), 12);
    expect(ranked[1]!.score).toBe(0.5);
  });

  it('ranks by score, loses nothing, raises nothing, and does not depend on the order of its input', () => {
    const any = fc
      .tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
      .map(([at, length, score]) => moment(at, at + length, score / 20));
    fc.assert(
      fc.property(fc.uniqueArray(any, { maxLength: 20, selector: (m) => `${m.startSeconds}-${m.endSeconds}` }), (moments) => {
        const ranked = softNms(moments);
        expect(ranked).toHaveLength(moments.length);
        expect(softNms([...moments].reverse())).toEqual(ranked);
        ranked.forEach((m, k) => {
          expect(m.score).toBeLessThanOrEqual(moments.find((o) => o.startSeconds === m.startSeconds && o.endSeconds === m.endSeconds)!.score);
          expect(m.score).toBeLessThanOrEqual(ranked[k - 1]?.score ?? 1);
        });
      }),
    );
  });
});

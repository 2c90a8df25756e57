// The rates of a server that rounds: the same times as without rounding, and windows planned at no other rate.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXACT_RATES, nearestRate } from './exact-rates.js';
import { layGrid } from './frame-grid.js';
import { planSections } from './sections.js';
import { planSection, type PlanOptions } from './window-plan.js';

/** The nearest number with so many significant bits. */
const rounded = (value: number, bits: number): number => {
  const step = 2 ** (Math.floor(Math.log2(value)) - bits + 1);
  return Math.round(value / step) * step;
};
const idsOf = (secondPerGrid: number): number[] => Array.from({ length: 384 }, (_, group) => Math.trunc(group * secondPerGrid * 2));

describe('exact rates', () => {
  it.each([['bfloat16', 8], ['float16', 11], ['float32', 24]])('have the same time ids when the seconds between groups are rounded to %s', (_type, bits) => {
    for (const fps of EXACT_RATES) expect(idsOf(rounded(2 / fps, bits))).toEqual(Array.from({ length: 384 }, (_, group) => Math.floor((group * 4) / fps + 1e-9)));
    expect(idsOf(rounded(2 / 2.4, 8))).not.toEqual(idsOf(2 / 2.4)); // what the list is for
  });

  it('has what people ask for', () => {
    expect([0.5, 1, 1.6, 2, 3.2, 4, 8].every((fps) => EXACT_RATES.includes(fps))).toBe(true);
    expect([3, 2.4, 1.3, 30, 0.0001].map((fps) => nearestRate(fps, EXACT_RATES))).toEqual([3.2, 2, 1.6, 25.6, 2 ** -10]);
  });

  it('are the only ones of a plan and of its grids, and frames stay within their number', () => {
    const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
    const given = fc.record({
      seconds: number(0.5, 400),
      frameRate: number(0.1, 120),
      fps: fc.option(number(0.05, 40), { nil: undefined }),
      maxFrames: fc.option(fc.integer({ min: 4, max: 768 }), { nil: undefined }),
      motion: number(0, 90),
    });
    fc.assert(
      fc.property(given, ({ seconds, frameRate, fps, maxFrames, motion }) => {
        const options: PlanOptions = { windowSeconds: 30, overlapSeconds: 6, fps: 2, rates: EXACT_RATES, sampling: { fps, maxFrames } };
        const video = { durationSeconds: seconds, width: 640, height: 360, frameRate };
        const findings = { motion: Array.from({ length: Math.ceil(seconds) }, () => motion), transitions: [], stretches: [], decodedUntil: Infinity };
        const windows = planSections(seconds).flatMap((section) => planSection(section, { video, findings }, options));
        expect(windows.length).toBeGreaterThan(0);
        for (const { startSeconds, endSeconds, sampling, why } of windows) {
          expect(EXACT_RATES).toContain(sampling.fps);
          expect(why.frames).toBeLessThanOrEqual(sampling.maxFrames);
          const index = { timeBase: { num: 1, den: 1000 }, originPts: 0, pts: Float64Array.of(0), endPts: Math.round(seconds * 1000) };
          const grid = layGrid(index, { startSeconds, endSeconds, ...sampling, rates: EXACT_RATES });
          expect(EXACT_RATES).toContain(grid.effectiveFps);
        }
      }),
      { numRuns: 200 },
    );
  });
});

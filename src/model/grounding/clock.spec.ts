// From times of the video to those of the model and back, where frames are held, late or missing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClock } from './clock.js';
import { planFrameGrid } from './frame-grid.js';

const plan = (ticks: readonly number[], startSeconds: number, endSeconds: number, fps = 2) =>
  planFrameGrid(
    { timeBase: { num: 1, den: 1000 }, originPts: ticks[0] ?? 0, pts: Float64Array.from(ticks), endPts: (ticks.at(-1) ?? 0) + 40 },
    { startSeconds, endSeconds, fps },
  );

describe('createClock', () => {
  it('gives a picture the time at which it was presented, not that of its cell', () => {
    const clock = createClock(plan([0, 480, 520, 990, 1010, 1500], 0, 2));
    expect([0, 0.5, 1, 1.5].map(clock.toVideoSeconds)).toEqual([0, 0.52, 1.01, 1.5]);
    expect(clock.toVideoSeconds(0.25)).toBeCloseTo(0.26, 10);
  });

  it('counts model time from the first cell of the window', () => {
    const frames = Array.from({ length: 500 }, (_, n) => n * 40);
    const clock = createClock(plan(frames, 10.2, 14));
    expect(clock.toVideoSeconds(0)).toBeCloseTo(10.52, 10); // the first cell begins at 10.5
    expect(clock.toModelSeconds(12)).toBeCloseTo(1.5, 10);
  });

  it('takes a held picture for the time at which it is still seen', () => {
    const clock = createClock(plan([0, 200, 2100], 0, 2.14));
    expect([0, 0.5, 1, 1.5, 2].map(clock.toVideoSeconds)).toEqual([0, 0.5, 1, 1.5, 2.1]);
  });

  it('ends the last cell where the window or the video ends, and goes no further', () => {
    const frames = Array.from({ length: 60 }, (_, n) => n * 40);
    expect(createClock(plan(frames, 0, 10)).toVideoSeconds(100)).toBeCloseTo(2.4, 10);
    expect(createClock(plan(frames, 0, 1.75)).toVideoSeconds(2)).toBeCloseTo(1.75, 10);
    expect(createClock(plan(frames, 1, 2)).toVideoSeconds(-5)).toBe(1);
  });

  it('does not answer beyond the window, though a frame of its last cell comes after the end', () => {
    const clock = createClock(plan([0, 5000, 9500, 9800, 10_300, 10_900], 5, 10.1));
    expect(clock.toVideoSeconds(5)).toBe(10);
    expect(clock.toVideoSeconds(100)).toBe(10.1);
  });

  it('never runs backwards, stays in the window, and can be read both ways', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 60 });
    const at = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(gaps, fc.double({ min: 0.1, max: 12, noNaN: true }), at, fc.array(at, { minLength: 2, maxLength: 20 }), (steps, fps, cut, points) => {
        const ticks = steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? 0) + step], [0]);
        const duration = ((ticks.at(-1) ?? 0) + 40) / 1000;
        const end = Math.max(0.04, cut * duration);
        const window = plan(ticks, 0, end, fps);
        const clock = createClock(window);
        const length = window.frames.length / window.effectiveFps;
        const seconds = [...points].sort((a, b) => a - b).map((point) => clock.toVideoSeconds(point * length));
        for (const [i, second] of seconds.entries()) {
          expect(second).toBeGreaterThanOrEqual(seconds[i - 1] ?? 0);
          expect(second).toBeLessThanOrEqual(end);
          expect(clock.toVideoSeconds(clock.toModelSeconds(second))).toBeCloseTo(second, 6);
        }
      }),
    );
  });
});

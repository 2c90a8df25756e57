// The part of a frame index that a window needs: small, and enough.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFrameGrid } from './frame-grid.js';
import { type SliceableIndex, sliceIndex } from './index-slice.js';

/** Frames a 25th of a second apart, a keyframe every second, the first at tick 5000. */
const steady: SliceableIndex = indexOf(Array.from({ length: 2500 }, (_, n) => 5000 + n * 40), 25);

function indexOf(ticks: readonly number[], keyframeEvery: number): SliceableIndex {
  const pts = Float64Array.from(ticks);
  const keyframePts = pts.filter((_, n) => n % keyframeEvery === 0);
  return { timeBase: { num: 1, den: 1000 }, originPts: pts[0]!, pts, endPts: pts.at(-1)! + 40, keyframePts };
}

describe('sliceIndex', () => {
  it('keeps three keyframes before the stretch and two frames behind it', () => {
    const slice = sliceIndex(steady, { startSeconds: 50, endSeconds: 60 });
    expect([slice.pts[0], slice.pts.at(-1)]).toEqual([5000 + 47_000, 5000 + 60_040]);
    expect([...slice.keyframePts]).toEqual(Array.from({ length: 14 }, (_, k) => 5000 + (47 + k) * 1000));
    expect(slice).toMatchObject({ originPts: 5000, endPts: steady.endPts });
  });

  it('is small against a long video, and all of a short one', () => {
    expect(sliceIndex(steady, { startSeconds: 50, endSeconds: 60 }).pts.length).toBeLessThan(340);
    expect(sliceIndex(steady, { startSeconds: 0, endSeconds: Infinity })).toEqual(steady);
  });

  it('plans the frames that the whole index plans, wherever the window lies and however the frames come', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 300 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const drawn = fc.record({ steps, origin: fc.integer({ min: -50_000, max: 900_000 }), keyframeEvery: fc.integer({ min: 1, max: 80 }) });
    const request = fc.record({ start: share, length: share, fps: fc.double({ min: 0.1, max: 30, noNaN: true }), maxFrames: fc.integer({ min: 4, max: 64 }) });
    fc.assert(
      fc.property(drawn, request, ({ steps, origin, keyframeEvery }, { start, length, fps, maxFrames }) => {
        const index = indexOf(steps.reduce<number[]>((all, step) => [...all, all.at(-1)! + step], [origin]), keyframeEvery);
        const duration = (index.endPts - index.originPts) / 1000;
        const range = { startSeconds: start * 0.99 * duration, endSeconds: Math.min(duration, start * 0.99 * duration + Math.max(0.01, length * duration)) };
        const slice = sliceIndex(index, range);
        expect(planFrameGrid(slice, { ...range, fps, maxFrames })).toEqual(planFrameGrid(index, { ...range, fps, maxFrames }));
        expect(slice.pts[0]).toBeLessThanOrEqual(Math.max(index.originPts, index.originPts + range.startSeconds * 1000));
      }),
      { numRuns: 300 },
    );
  });
});

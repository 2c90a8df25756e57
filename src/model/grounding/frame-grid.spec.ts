// Which frame stands for each cell of a window, whatever rate the video has.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFrameGrid } from './frame-grid.js';
import { type FrameIndex } from './frame-plan.js';

/** Frames at these ticks of 1 / den seconds; the last is shown for `lastTicks`. */
const indexOf = (den: number, ticks: readonly number[], lastTicks: number): FrameIndex => ({
  timeBase: { num: 1, den },
  pts: Float64Array.from(ticks),
  originPts: ticks[0] ?? 0,
  endPts: (ticks.at(-1) ?? 0) + lastTicks,
});

const constantRate = (num: number, den: number, frames: number, start = 0): FrameIndex =>
  indexOf(
    num,
    Array.from({ length: frames }, (_, n) => start + n * den),
    den,
  );

const whole = { startSeconds: 0, endSeconds: Infinity };

describe('planFrameGrid', () => {
  it('takes the first frame of each half second at 2 fps', () => {
    const { frames, effectiveFps, secondPerGrid, firstCell } = planFrameGrid(constantRate(30, 1, 90), whole);
    expect(frames.map((frame) => frame.pts)).toEqual([0, 15, 30, 45, 60, 75]);
    expect(frames.map((frame) => frame.seconds)).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
    expect({ effectiveFps, secondPerGrid, firstCell }).toEqual({ effectiveFps: 2, secondPerGrid: 1, firstCell: 0 });
  });

  it('never takes a frame before its cell, whatever the rate', () => {
    const { frames } = planFrameGrid(constantRate(24000, 1001, 240), whole);
    expect(frames.slice(0, 5).map((frame) => frame.pts / 1001)).toEqual([0, 12, 24, 36, 48]);
    expect(frames[1]?.seconds).toBeCloseTo(0.5005, 10);
  });

  it('counts from the first presented frame, wherever the file begins', () => {
    const { frames, originPts } = planFrameGrid(constantRate(30, 1, 90, 300), { startSeconds: 1, endSeconds: 2, fps: 2, minFrames: 2 });
    expect(originPts).toBe(300);
    expect(frames).toEqual([
      { seconds: 1, pts: 330, held: false },
      { seconds: 1.5, pts: 345, held: false },
    ]);
  });

  it('holds the picture a viewer sees where no new frame comes', () => {
    const { frames } = planFrameGrid(indexOf(10, [0, 2, 21, 24], 6), whole);
    expect(frames.map(({ pts, held }) => [pts, held])).toEqual([
      [0, false],
      [2, true],
      [2, true],
      [2, true],
      [21, false],
      [24, true],
    ]);
  });

  it('shows nothing that is presented after the end of the window', () => {
    const { frames } = planFrameGrid(indexOf(10, [0, 45, 51, 58, 98, 103, 107], 3), { startSeconds: 9, endSeconds: 10.1, fps: 2, minFrames: 2 });
    expect(frames.map(({ seconds, held }) => [seconds, held])).toEqual([
      [5.8, true],
      [9.8, false],
      [9.8, true],
      [9.8, true],
    ]);
  });

  it('repeats the last picture of an odd count', () => {
    const { frames } = planFrameGrid(constantRate(30, 1, 75), whole);
    expect(frames.map(({ pts, held }) => [pts, held]).slice(-2)).toEqual([
      [60, false],
      [60, true],
    ]);
  });

  it('lowers the rate of a long window to the most frames, and tells the effective one', () => {
    const hour = planFrameGrid(constantRate(30, 1, 108_000), whole);
    expect(hour.frames).toHaveLength(768);
    expect(hour.secondPerGrid).toBe(9.375);
  });

  it('raises the rate of a short window to the least frames, but not beyond the frames there are', () => {
    const short = { startSeconds: 1, endSeconds: 1.2 };
    const [many, few] = [planFrameGrid(constantRate(30, 1, 90), short), planFrameGrid(constantRate(10, 1, 30), short)];
    expect([many.frames.length, few.frames.length]).toEqual([4, 2]);
    expect(many.effectiveFps).toBeCloseTo(20, 9);
    expect(few.effectiveFps).toBeCloseTo(10, 9);
    expect(planFrameGrid(constantRate(25, 1, 1), whole)).toMatchObject({ frames: [{ pts: 0 }, { pts: 0, held: true }] });
  });

  it('refuses a window outside the video and a rate that is none', () => {
    const index = constantRate(30, 1, 90);
    expect(() => planFrameGrid(index, { startSeconds: 0, endSeconds: 1e-310 })).toThrow(expect.objectContaining({ code: 'window.too_short' }));
    expect(() => planFrameGrid(index, { startSeconds: 3, endSeconds: 5 })).toThrow(expect.objectContaining({ code: 'window.empty' }));
    expect(() => planFrameGrid(index, { ...whole, fps: 0 })).toThrow(expect.objectContaining({ code: 'sampling.invalid_fps' }));
  });

  it('gives windows that overlap the frames of one pass over all of the video', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 4, maxLength: 200 });
    const range = fc.record({ start: fc.double({ min: 0, max: 0.9, noNaN: true }), length: fc.double({ min: 0.05, max: 0.6, noNaN: true }) });
    fc.assert(
      fc.property(gaps, range, fc.constantFrom(0.5, 1, 2, 3, 4), (steps, { start, length }, fps) => {
        const ticks = steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? 0) + step], [126_000]);
        const index = indexOf(90_000, ticks, 3000);
        const duration = (index.endPts - 126_000) / 90_000;
        const options = { fps, minFrames: 2, maxFrames: 100_000 };
        const pass = planFrameGrid(index, { ...whole, ...options });
        const window = planFrameGrid(index, { startSeconds: start * duration, endSeconds: (start + length) * duration, ...options });
        if (window.effectiveFps !== pass.effectiveFps) return; // too short for two frames at this rate
        const cells = Math.ceil(window.endSeconds * fps - 1e-4) - window.firstCell;
        const same = pass.frames.slice(window.firstCell, window.firstCell + cells);
        if (same.some(({ seconds }) => seconds >= window.endSeconds)) {
          same.pop(); // the cell that the window's end cuts short
          expect(window.frames[same.length]?.held).toBe(true);
        }
        expect(window.frames.slice(0, same.length)).toEqual(same);
        for (const { seconds } of window.frames) expect(seconds).toBeLessThan(window.endSeconds);
      }),
    );
  });

  it('plans an even number of frames within the limits, ascending, each frame of a cell that is not held inside it', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 120 });
    const fps = fc.double({ min: 0.05, max: 60, noNaN: true });
    fc.assert(
      fc.property(gaps, fps, fc.integer({ min: 4, max: 60 }), (steps, rate, maxFrames) => {
        const ticks = steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? 0) + step], [0]);
        const plan = planFrameGrid(indexOf(12_800, ticks, 512), { ...whole, fps: rate, maxFrames });
        expect(plan.frames.length % 2).toBe(0);
        expect(plan.frames.length).toBeLessThanOrEqual(Math.floor(maxFrames / 2) * 2);
        for (const [i, { seconds, held }] of plan.frames.entries()) {
          const cell = plan.firstCell + i;
          expect(seconds).toBeGreaterThanOrEqual(plan.frames[i - 1]?.seconds ?? 0);
          if (!held) expect(Math.floor(seconds * plan.effectiveFps + 1e-4)).toBe(cell);
          else expect(seconds).toBeLessThanOrEqual(cell / plan.effectiveFps + 1e-9);
        }
      }),
    );
  });
});

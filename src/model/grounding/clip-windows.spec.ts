// The windows of a range: those of the whole video, cut to it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipWindows } from './clip-windows.js';
import { defaultPlan, type PlanOptions, type VideoShape } from './window-plan.js';

const video: VideoShape = { durationSeconds: 600, width: 1280, height: 720, frameRate: 25 };
const options: PlanOptions = { windowSeconds: 30, overlapSeconds: 6, fps: 2 };
const plan = defaultPlan(video, options);
const clip = (startSeconds: number, endSeconds: number) => clipWindows(plan, { startSeconds, endSeconds });
const times = (windows: ReturnType<typeof clip>) => windows.map((w) => [w.startSeconds, w.endSeconds]);

describe('clipWindows', () => {
  it('keeps the windows of the whole and cuts those at the ends of the range', () => {
    expect(times(clip(100, 170))).toEqual([[100, 126], [120, 150], [144, 170]]);
    expect(clip(100, 170)[1]).toBe(plan.find((window) => window.startSeconds === 120));
    expect(clip(100, 170)[0]).toMatchObject({ sampling: { fps: 2 }, why: { frames: 52, edge: 'grid' } });
    expect(clip(100, 170).at(-1)).toMatchObject({ why: { frames: 52, edge: 'range' } });
  });

  it('drops what another window shows whole', () => {
    expect(times(clip(98, 130))).toEqual([[98, 126], [120, 130]]);
    expect(times(clip(121, 125))).toEqual([[121, 125]]);
  });

  it('looks closer at a range of less than four frames', () => {
    expect(clip(200, 201)).toMatchObject([{ startSeconds: 200, endSeconds: 201, sampling: { fps: 4 }, why: { frames: 4 } }]);
  });

  it('joins a rest of a few frames to its neighbour, where that has room', () => {
    const apart = [...plan.filter((window) => window.startSeconds === 96), ...clip(126, 150)];
    const [joined, ...others] = clipWindows(apart, { startSeconds: 125, endSeconds: 150 });
    expect(others).toEqual([]);
    expect(joined).toMatchObject({ startSeconds: 125, endSeconds: 150, sampling: { fps: 2 } });
  });

  it('covers every second of any range, with frames on the grid and of the size of the whole', () => {
    const drawn = fc.record({
      from: fc.integer({ min: 0, max: 599_000 }).map((milliseconds) => milliseconds / 1000),
      length: fc.integer({ min: 200, max: 400_000 }).map((milliseconds) => milliseconds / 1000),
      fps: fc.constantFrom(0.25, 1, 2, 5),
      maxFrames: fc.integer({ min: 4, max: 200 }),
    });
    fc.assert(
      fc.property(drawn, ({ from, length, fps, maxFrames }) => {
        const whole = defaultPlan(video, { ...options, fps, maxFrames });
        const range = { startSeconds: from, endSeconds: Math.min(600, from + length) };
        const windows = clipWindows(whole, range);
        expect(windows[0]!.startSeconds).toBe(range.startSeconds);
        expect(windows.at(-1)!.endSeconds).toBe(range.endSeconds);
        windows.forEach((window, k) => {
          expect(window.endSeconds).toBeGreaterThanOrEqual(windows[k + 1]?.startSeconds ?? range.endSeconds);
          expect(window.why.frames).toBeGreaterThanOrEqual(4);
          expect(window.why.frames).toBeLessThanOrEqual(window.sampling.maxFrames);
          const origins = whole.filter((w) => w.startSeconds < window.endSeconds && w.endSeconds > window.startSeconds);
          expect(origins.map(({ why }) => [why.width, why.height])).toContainEqual([window.why.width, window.why.height]);
        });
        for (const inside of whole.filter((w) => w.startSeconds >= range.startSeconds && w.endSeconds <= range.endSeconds)) {
          const kept = windows.includes(inside) || windows.some((w) => w.startSeconds <= inside.startSeconds && w.endSeconds >= inside.endSeconds);
          expect(kept).toBe(true); // as it is, or with a rest that it had room for
        }
      }),
    );
  });

  it('of the whole video is the plan itself', () => {
    expect(clip(0, 600)).toEqual(plan);
  });
});

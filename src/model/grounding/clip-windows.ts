// The windows of a range of the video: those of the whole video, cut to it.
import { effectiveRate } from './frame-grid.js';
import { type PlannedWindow } from './planned-window.js';
import { contains, intersection, type TimeRange } from './time-range.js';
import { framesOf, LEAST_FRAMES } from './window-budget.js';

/**
 * Windows that lie inside the range stay as they are; the others are cut to it, with frames of the same size on the same grid. A cut
 * window that lies wholly inside another one is dropped, and one with fewer than four frames joins its neighbour where that has room.
 * `rates` are the only ones that are possible, see `PlanOptions`.
 *
 * @example Windows 0-30, 24-54, 48-78 in the range 25-50: only 25-50 of the second, for the others add nothing to it.
 */
export function clipWindows(windows: readonly PlannedWindow[], range: TimeRange, rates?: readonly number[]): PlannedWindow[] {
  const whole = new Set(windows);
  const clipped = windows.flatMap((window) => clip(window, range) ?? []);
  const needed = clipped.filter((window, k) => whole.has(window) || !clipped.some((other, j) => j !== k && covers(other, window, j < k)));
  return joinRests(needed, (window) => !whole.has(window) && framesOf(window, window.sampling.fps) < LEAST_FRAMES).map((window) =>
    whole.has(window) ? window : settleRate(window, rates),
  );
}

function clip(window: PlannedWindow, range: TimeRange): PlannedWindow | undefined {
  if (contains(range, window)) return window;
  const inside = intersection(window, range);
  return inside.startSeconds < inside.endSeconds ? resize(window, inside) : undefined;
}

/** Of two that are equal, the first is kept. */
function covers(other: PlannedWindow, window: PlannedWindow, first: boolean): boolean {
  return contains(other, window) && (first || !contains(window, other));
}

function joinRests(windows: readonly PlannedWindow[], isRest: (window: PlannedWindow) => boolean): PlannedWindow[] {
  const joined: PlannedWindow[] = [];
  for (const window of windows) {
    const before = joined.at(-1);
    const both = { startSeconds: before?.startSeconds ?? window.startSeconds, endSeconds: window.endSeconds };
    if (before && isRest(window) && fits(before, both)) joined.splice(-1, 1, resize(before, both));
    else if (before && isRest(before) && fits(window, both)) joined.splice(-1, 1, resize(window, both));
    else joined.push(window);
  }
  return joined;
}

const fits = ({ sampling }: PlannedWindow, range: TimeRange): boolean => framesOf(range, sampling.fps) <= sampling.maxFrames;

function resize(window: PlannedWindow, range: TimeRange): PlannedWindow {
  const frames = framesOf(range, window.sampling.fps);
  const edge = range.endSeconds === window.endSeconds ? window.why.edge : 'range';
  return { ...window, ...range, why: { ...window.why, edge, frames, tokens: tokensOf(window, frames) } };
}

/** A rest that stays alone is looked at fast enough for two temporal groups. */
function settleRate(window: PlannedWindow, rates: readonly number[] | undefined): PlannedWindow {
  const fps = effectiveRate(window, { ...window.sampling, rates }, Infinity);
  if (fps === window.sampling.fps) return window;
  const frames = framesOf(window, fps);
  return { ...window, sampling: { ...window.sampling, fps }, why: { ...window.why, frames, tokens: tokensOf(window, frames) } };
}

const tokensOf = ({ why }: PlannedWindow, frames: number): number => (why.tokens / why.frames) * frames;

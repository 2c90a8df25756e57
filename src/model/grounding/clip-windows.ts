// The windows of a range of the video: those of the whole video, cut to it.
import { effectiveRate } from './frame-grid.js';
import { type PlannedWindow } from './planned-window.js';
import { framesOf, LEAST_FRAMES } from './window-budget.js';

/** Seconds of the video. */
interface Range {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/**
 * Windows that lie inside the range stay as they are; the others are cut to it, with frames of the same size on the same grid. A cut
 * window that lies wholly inside another one is dropped, and one with fewer than four frames joins its neighbour where that has room.
 *
 * @example Windows 0-30, 24-54, 48-78 in the range 25-50: only 25-50 of the second, for the others add nothing to it.
 */
export function clipWindows(windows: readonly PlannedWindow[], range: Range): PlannedWindow[] {
  const whole = new Set(windows);
  const clipped = windows.flatMap((window) => clip(window, range) ?? []);
  const needed = clipped.filter((window, k) => whole.has(window) || !clipped.some((other, j) => j !== k && covers(other, window, j < k)));
  return joinRests(needed, (window) => !whole.has(window) && framesOf(window, window.sampling.fps) < LEAST_FRAMES).map((window) =>
    whole.has(window) ? window : settleRate(window),
  );
}

function clip(window: PlannedWindow, range: Range): PlannedWindow | undefined {
  const startSeconds = Math.max(window.startSeconds, range.startSeconds);
  const endSeconds = Math.min(window.endSeconds, range.endSeconds);
  if (startSeconds === window.startSeconds && endSeconds === window.endSeconds) return window;
  return startSeconds < endSeconds ? resize(window, { startSeconds, endSeconds }) : undefined;
}

/** Of two that are equal, the first is kept. */
function covers(other: PlannedWindow, window: PlannedWindow, first: boolean): boolean {
  const within = other.startSeconds <= window.startSeconds && other.endSeconds >= window.endSeconds;
  const equal = other.startSeconds === window.startSeconds && other.endSeconds === window.endSeconds;
  return within && (!equal || first);
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

const fits = ({ sampling }: PlannedWindow, range: Range): boolean => framesOf(range, sampling.fps) <= sampling.maxFrames;

function resize(window: PlannedWindow, range: Range): PlannedWindow {
  const frames = framesOf(range, window.sampling.fps);
  const edge = range.endSeconds === window.endSeconds ? window.why.edge : 'range';
  return { ...window, ...range, why: { ...window.why, edge, frames, tokens: tokensOf(window, frames) } };
}

/** A rest that stays alone is looked at fast enough for two temporal groups. */
function settleRate(window: PlannedWindow): PlannedWindow {
  const fps = effectiveRate(window, window.sampling, Infinity);
  if (fps === window.sampling.fps) return window;
  const frames = framesOf(window, fps);
  return { ...window, sampling: { ...window.sampling, fps }, why: { ...window.why, frames, tokens: tokensOf(window, frames) } };
}

const tokensOf = ({ why }: PlannedWindow, frames: number): number => (why.tokens / why.frames) * frames;

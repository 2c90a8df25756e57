// The clock between the model's seconds and the video's: piecewise linear through the pictures that the model saw.
import { cellFrom } from './frame-grid.js';
import { type FramePlan } from './frame-plan.js';

export interface Clock {
  /** Model seconds (0 is the first picture of the window) to seconds of the video; clamped to the window, never decreasing. */
  readonly toVideoSeconds: (modelSeconds: number) => number;
  /** The inverse, for times inside the window. */
  readonly toModelSeconds: (videoSeconds: number) => number;
}

interface Knot {
  readonly model: number;
  readonly video: number;
}

/**
 * The model takes picture i for second i / fps of the window; it was presented a little later, when its frame came.
 * A held picture is seen at the very time of its cell. The window's last cell ends where the window or the video ends.
 *
 * @example At 2 fps from second 10, with frames presented at 10.0 and 10.52: model 0.5 is 10.52, model 0.25 is 10.26.
 */
export function createClock(plan: FramePlan): Clock {
  const knots = knotsOf(plan);
  const models = knots.map((knot) => knot.model);
  const videos = knots.map((knot) => knot.video);
  return {
    toVideoSeconds: (seconds) => interpolate(models, videos, seconds),
    toModelSeconds: (seconds) => interpolate(videos, models, seconds),
  };
}

function knotsOf({ frames, firstCell, effectiveFps, endSeconds }: FramePlan): Knot[] {
  const knots: Knot[] = [];
  const cells = cellFrom(endSeconds, effectiveFps) - firstCell; // without the repeated picture of an odd count
  for (const [cell, { held, seconds }] of frames.slice(0, cells).entries()) {
    const video = held ? (firstCell + cell) / effectiveFps : seconds;
    knots.push({ model: cell / effectiveFps, video: Math.max(video, knots.at(-1)?.video ?? 0) });
  }
  const last = knots.at(-1);
  if (last) knots.push({ model: knots.length / effectiveFps, video: endSeconds });
  return knots;
}

/** Linear between ascending `from`, constant outside; of equal ones the last is meant. */
function interpolate(from: readonly number[], to: readonly number[], at: number): number {
  let [low, high] = [0, from.length - 1];
  if (at <= (from[low] ?? 0)) return to[low] ?? 0;
  if (at >= (from[high] ?? 0)) return to[high] ?? 0;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((from[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  const [a, b, x, y] = [from[low] ?? 0, from[high] ?? 0, to[low] ?? 0, to[high] ?? 0];
  return b > a ? x + ((at - a) / (b - a)) * (y - x) : y;
}

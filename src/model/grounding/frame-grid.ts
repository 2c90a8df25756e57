// Which pictures stand for a window: one for each cell of a grid in time that is the same for every window of the video.
import { AppError } from '../../app-error.js';
import { nearestRate } from './exact-rates.js';
import { type FrameIndex, type FramePlan, type PlannedFrame, type Sampling } from './frame-plan.js';

export interface GridRequest extends Pick<Sampling, 'fps' | 'maxFrames'> {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly minFrames?: number | undefined;
  /** The only rates that are possible, ascending; absent means any. */
  readonly rates?: readonly number[] | undefined;
}

/** The cells of one window, before pictures are put into them. */
export type FrameGrid = Omit<FramePlan, 'frames'> & { readonly cells: number };

// Spec 2.1: FPS 2.0, FRAME_FACTOR 2, min 4 frames, max 768 frames.
const DEFAULT_FPS = 2;
const FRAME_FACTOR = 2;
const DEFAULT_MIN_FRAMES = 4;
const DEFAULT_MAX_FRAMES = 768;

/** Parts of a cell by which a time may miss it: products of seconds and rates are not exact, and some containers round. */
const TOLERANCE = 1e-4;

/**
 * Cell k covers [k / fps, (k + 1) / fps) of the video. Its picture is the first frame presented in it; where none is, the picture
 * that a viewer sees at k / fps is held. An odd count is made even by repeating the last picture (spec 5).
 * Windows at one rate therefore choose the same frames wherever they overlap; only a last cell that the window's end cuts short
 * may hold a picture instead of one presented after the end. The rate is lowered where the window would have
 * more than `maxFrames`, and raised where it would have fewer than `minFrames` though the video has them (spec 2.1).
 * Throws `window.empty` when no part of the window lies in the video.
 *
 * @example 30 frames a second, window [10, 11.5) at 2 fps: cells 20, 21, 22 hold frames 300, 315, 330, and the last one again.
 */
export function planFrameGrid(index: FrameIndex, request: GridRequest): FramePlan {
  return fillGrid(index, layGrid(index, request));
}

export function layGrid(index: FrameIndex, request: GridRequest): FrameGrid {
  const { timeBase, originPts, endPts } = index;
  const duration = ((endPts - originPts) * timeBase.num) / timeBase.den;
  const startSeconds = Math.max(0, request.startSeconds);
  const endSeconds = Math.min(request.endSeconds, duration);
  if (!(startSeconds < endSeconds)) {
    const end = Number.isFinite(request.endSeconds) ? ` to ${request.endSeconds} s` : ' on';
    throw new AppError('window.empty', `Nothing from ${request.startSeconds} s${end} lies in the video, which ends at ${duration} s.`);
  }
  const range = { startSeconds, endSeconds };
  const effectiveFps = effectiveRate(range, request, framesWithin(index, range));
  const { first, count } = cellsOf(range, effectiveFps);
  return {
    ...{ timeBase, originPts, firstCell: first, cells: count, effectiveFps, startSeconds, endSeconds },
    secondPerGrid: FRAME_FACTOR / effectiveFps,
  };
}

/** Puts the pictures of `index` into the cells; it may lack frames that `layGrid` knew, when they turned out not to decode. */
export function fillGrid(index: FrameIndex, { cells, ...grid }: FrameGrid): FramePlan {
  const frames: PlannedFrame[] = [];
  const cellOf = (pts: number): number => Math.floor(secondsOf(grid, pts) * grid.effectiveFps + TOLERANCE);
  for (let cell = grid.firstCell; cell < grid.firstCell + cells; cell++) {
    const next = firstIndex(index.pts, (pts) => cellOf(pts) >= cell);
    const arrived = index.pts[next];
    const held = arrived === undefined || cellOf(arrived) > cell || secondsOf(grid, arrived) >= grid.endSeconds;
    const pts = held ? (index.pts[next - 1] ?? arrived) : arrived;
    if (pts === undefined) throw new AppError('video.unreadable', 'No frame of the video can be decoded.');
    frames.push({ seconds: secondsOf(grid, pts), pts, held });
  }
  const last = frames.at(-1);
  if (last && frames.length % FRAME_FACTOR === 1) frames.push({ ...last, held: true });
  return { ...grid, frames };
}

interface Range {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** A range that is shorter has no rate that can be told in numbers. */
const LEAST_SECONDS = 1e-6;

/** The rate at which a range is really looked at, when the source has `available` frames in it. */
// Spec 2.1: hi wins over lo, both even, and never more frames than there are.
export function effectiveRate(range: Range, { fps = DEFAULT_FPS, minFrames, maxFrames, rates }: Omit<GridRequest, keyof Range>, available: number): number {
  if (!(fps > 0 && fps < Infinity)) throw new AppError('sampling.invalid_fps', `A rate of ${fps} frames per second is not possible.`);
  const most = Math.max(FRAME_FACTOR, even(Math.floor, maxFrames ?? DEFAULT_MAX_FRAMES));
  const least = Math.max(FRAME_FACTOR, Math.min(even(Math.ceil, minFrames ?? DEFAULT_MIN_FRAMES), even(Math.floor, available), most));
  const seconds = range.endSeconds - range.startSeconds;
  if (!(seconds >= LEAST_SECONDS)) throw new AppError('window.too_short', `A range of ${seconds} s is too short to be looked at.`);
  if (rates) return possibleRate(range, { fps, least, most }, rates);
  if (cellsOf(range, fps).count > most) return settle(most / seconds, (rate) => cellsOf(range, rate).count <= most, 1 - 1e-12);
  if (cellsOf(range, fps).count < least) return settle(least / seconds, (rate) => cellsOf(range, rate).count >= least, 1 + 1e-12);
  return fps;
}

/** The possible rate nearest to the one wanted with no more than `most` frames and, where there is such a rate, `least`; else the fastest. */
function possibleRate(range: Range, { fps, least, most }: { fps: number; least: number; most: number }, rates: readonly number[]): number {
  const fitting = rates.filter((rate) => cellsOf(range, rate).count <= most);
  const enough = fitting.filter((rate) => cellsOf(range, rate).count >= least);
  if (enough.length > 0) return nearestRate(fps, enough);
  const rate = fitting.at(-1) ?? rates[0];
  if (rate !== undefined && cellsOf(range, rate).count > 0) return rate;
  throw new AppError('window.too_short', `A range of ${range.endSeconds - range.startSeconds} s holds no frame at any rate that is possible.`);
}

/** The rate itself, or the nearest one on the given side where rounding of the products let it miss by a cell. */
function settle(rate: number, fits: (rate: number) => boolean, step: number): number {
  for (let factor = step; !fits(rate); factor *= factor) rate *= factor;
  return rate;
}

const even = (round: (value: number) => number, count: number): number => round(count / FRAME_FACTOR) * FRAME_FACTOR;

export function cellsOf({ startSeconds, endSeconds }: Range, fps: number): { first: number; count: number } {
  const first = cellFrom(startSeconds, fps);
  return { first, count: cellFrom(endSeconds, fps) - first };
}

/** The first cell that does not begin before `seconds`. */
export const cellFrom = (seconds: number, fps: number): number => Math.max(0, Math.ceil(seconds * fps - TOLERANCE));

function framesWithin(index: FrameIndex, { startSeconds, endSeconds }: Range): number {
  const before = (seconds: number): number => firstIndex(index.pts, (pts) => secondsOf(index, pts) >= seconds);
  return before(endSeconds) - before(startSeconds);
}

/** Presentation time in seconds from the first frame of the video. */
function secondsOf({ timeBase, originPts }: Pick<FramePlan, 'timeBase' | 'originPts'>, pts: number): number {
  return ((pts - originPts) * timeBase.num) / timeBase.den;
}

/** First index whose value passes a test that, once passed, stays passed; the length if none does. */
function firstIndex(values: Float64Array, passes: (value: number) => boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(values[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

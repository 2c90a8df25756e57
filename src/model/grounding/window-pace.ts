// How fast still, ordinary and busy footage is looked at, and how long a window of each may be.
import { nearestRate, rateAtLeast, rateAtMost } from './exact-rates.js';
import { type PlanOptions, type VideoShape, type WindowKind } from './planned-window.js';
import { LEAST_FRAMES, type WindowBudget } from './window-budget.js';

export interface Pace {
  readonly kind: WindowKind;
  readonly fps: number;
  readonly longestSeconds: number;
}

export interface Paces {
  readonly ordinary: Pace;
  readonly still: Pace;
  readonly busy: Pace;
  /** Shared by neighbours where nothing else separates them; two temporal groups of the slowest rate or more. */
  readonly overlapSeconds: number;
}

/** Rates of Qwen2.5-VL: its authors advise 2, and above 4 neighbouring groups share their time ids (spec 8.7). */
const DEFAULT_FPS_RANGE = { min: 1, max: 4 };

/** Frames of a few windows are never so dense that a window becomes shorter: the rate gives way. */
const LEAST_SECONDS = 4;

/**
 * A rate asked for holds for everything. Otherwise still footage gets fewer frames, as long as the overlap still holds two temporal
 * groups, and busy footage more, as long as its shorter windows are twice the overlap. No rate exceeds that of the source. Where a rate
 * is so low that a window would hold fewer than four groups, windows are made longer. Where only some rates are possible, the nearest is taken.
 *
 * @example Windows of 30 s, overlap 6 s, 2 fps, 64 frames: still 1 fps for 30 s, ordinary 2 fps for 30 s, busy 4 fps for 16 s.
 */
export function planPaces(video: VideoShape, options: PlanOptions, { maxFrames }: WindowBudget): Paces {
  const { windowSeconds, sampling = {} } = options;
  const sourceFps = video.frameRate > 0 ? video.frameRate : Infinity;
  const longest = (fps: number): number => Math.max(Math.min(windowSeconds, maxFrames / fps), Math.min(2 * LEAST_FRAMES, maxFrames) / fps);
  // A user who limits the frames of a window and not their rate wants fewer frames, not shorter windows.
  const limited = sampling.fps === undefined && sampling.maxFrames !== undefined ? maxFrames / windowSeconds : Infinity;
  const bound = Math.min(sourceFps, limited, maxFrames / LEAST_SECONDS);
  const possible = possibleRates(options.rates);
  const fps = possible.nearest(sampling.fps ?? options.fps, bound);
  const ordinary: Pace = { kind: sampling.fps === undefined ? 'calm' : 'asked', fps, longestSeconds: longest(fps) };
  const half = ordinary.longestSeconds / 2;
  const overlapSeconds = Math.min(Math.max(options.overlapSeconds, LEAST_FRAMES / fps), half);
  if (sampling.fps !== undefined) return { ordinary, still: ordinary, busy: ordinary, overlapSeconds };
  const stillFps = Math.min(fps, possible.atLeast(Math.max(options.minFps ?? DEFAULT_FPS_RANGE.min, LEAST_FRAMES / overlapSeconds)));
  const busyFps = Math.max(fps, possible.atMost(Math.min(options.maxFps ?? DEFAULT_FPS_RANGE.max, bound, maxFrames / (2 * overlapSeconds))));
  return {
    ordinary,
    still: { kind: 'still', fps: stillFps, longestSeconds: longest(stillFps) },
    busy: { kind: 'busy', fps: busyFps, longestSeconds: Math.max(longest(busyFps), 2 * overlapSeconds) },
    overlapSeconds,
  };
}

/** The rates that a window may have; without a list every rate is one. */
function possibleRates(rates: PlanOptions['rates']) {
  if (!rates) return { nearest: Math.min, atLeast: (fps: number) => fps, atMost: (fps: number) => fps };
  return {
    nearest: (fps: number, bound: number) => (fps > bound ? rateAtMost(bound, rates) : nearestRate(fps, rates.filter((rate) => rate <= bound))),
    atLeast: (fps: number) => rateAtLeast(fps, rates),
    atMost: (fps: number) => rateAtMost(fps, rates),
  };
}

// Cuts a range of a video into overlapping windows, each short enough for the model to be exact about seconds.
import { AppError } from '../../app-error.js';

export interface WindowPlanOptions {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly windowSeconds: number;
  readonly overlapSeconds: number;
}

export interface EvenWindow {
  readonly ordinal: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/**
 * Windows that cover [start, end) in order; neighbours share `overlapSeconds`, and only the last one may be shorter.
 *
 * @example planWindows({ startSeconds: 0, endSeconds: 60, windowSeconds: 30, overlapSeconds: 6 })
 * // 0-30, 24-54, 48-60
 */
export function planWindows({ startSeconds, endSeconds, windowSeconds, overlapSeconds }: WindowPlanOptions): EvenWindow[] {
  const step = windowSeconds - overlapSeconds;
  if (!(step > 0) || overlapSeconds < 0) {
    throw new AppError('plan.overlap_too_long', `An overlap of ${overlapSeconds} s leaves no step in a window of ${windowSeconds} s.`);
  }
  const windows: EvenWindow[] = [];
  for (let ordinal = 0; ; ordinal++) {
    const from = startSeconds + ordinal * step;
    const to = Math.min(from + windowSeconds, endSeconds);
    if (from >= endSeconds) break;
    windows.push({ ordinal, startSeconds: from, endSeconds: to });
    if (to >= endSeconds) break;
  }
  return windows;
}

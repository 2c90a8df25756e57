// The saliency curve: how likely it is, second after second, that what was asked for is to be seen.

/** What a window said to "does it occur here?": log P(yes) - log P(no). */
export interface AskedWindow {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly occurrence: number;
}

export interface SaliencyCurve {
  /** Start of the first step; steps lie on multiples of their length, so that curves of one video meet. */
  readonly startSeconds: number;
  readonly stepSeconds: number;
  /** Of each step the largest log-odds of the windows that reach into it; null where nothing was asked. */
  readonly values: readonly (number | null)[];
}

/** As in QVHighlights, whose clips are 2 s long. */
const STEP_SECONDS = 2;

/** @example Windows 0-4 at -1 and 2-6 at 3 in the range 0-8: -1, 3, 3, null */
export function saliencyCurve(windows: readonly AskedWindow[], { startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }): SaliencyCurve {
  const first = Math.floor(startSeconds / STEP_SECONDS);
  const count = Math.max(0, Math.ceil(endSeconds / STEP_SECONDS) - first);
  const values = new Array<number | null>(count).fill(null);
  for (const window of windows) {
    const from = Math.max(0, Math.floor(window.startSeconds / STEP_SECONDS) - first);
    const to = Math.min(count, Math.ceil(window.endSeconds / STEP_SECONDS) - first);
    for (let k = from; k < to; k++) values[k] = Math.max(values[k] ?? -Infinity, window.occurrence);
  }
  return { startSeconds: first * STEP_SECONDS, stepSeconds: STEP_SECONDS, values };
}

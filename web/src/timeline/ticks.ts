// Where the ruler has its marks: round times, down to single frames.
import type { Extent } from './scale';

export interface Tick {
  readonly seconds: number;
  readonly labelled: boolean;
}

/** Least pixels between two labels. */
const LABEL_PIXELS = 92;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
/** Marks between two labels. */
const PARTS = 5;

/** One mark a frame where there is room for it. */
export function ticksOf(extent: Extent, width: number, frameRate: number): Tick[] {
  const perSecond = width / (extent.end - extent.start);
  const step = STEPS.find((seconds) => seconds * perSecond >= LABEL_PIXELS) ?? 86400;
  const part = perSecond / frameRate >= 8 ? 1 / frameRate : step / PARTS;
  const every = Math.max(1, Math.round(step / part));
  const first = Math.ceil(extent.start / part - 1e-9);
  const last = Math.floor(extent.end / part + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => ({ seconds: (first + k) * part, labelled: (first + k) % every === 0 }));
}

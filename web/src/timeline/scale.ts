// Between seconds of the video and pixels of the timeline.

/** The part of the video that the timeline shows, seconds. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Frames can be told apart from here on: half a second over the whole width. */
export const LEAST_SECONDS = 0.5;

export const toX = (seconds: number, { start, end }: Extent, width: number): number => ((seconds - start) / (end - start)) * width;

export const toSeconds = (x: number, { start, end }: Extent, width: number): number => start + (x / width) * (end - start);

/** Inside the video, and neither too close nor larger than it. */
export function clampExtent({ start, end }: Extent, duration: number): Extent {
  const length = Math.min(duration, Math.max(Math.min(LEAST_SECONDS, duration), end - start));
  const from = Math.min(Math.max(0, start), duration - length);
  return { start: from, end: from + length };
}

/** `factor` below 1 goes closer; what is at `seconds` stays where it is. */
export function zoomed(extent: Extent, factor: number, seconds: number, duration: number): Extent {
  const length = Math.min(duration, Math.max(Math.min(LEAST_SECONDS, duration), (extent.end - extent.start) * factor));
  const share = (seconds - extent.start) / (extent.end - extent.start);
  const start = seconds - share * length;
  return clampExtent({ start, end: start + length }, duration);
}

export const moved = ({ start, end }: Extent, by: number, duration: number): Extent => clampExtent({ start: start + by, end: end + by }, duration);

/** Moves so that `seconds` is inside, with room ahead; the same extent where it is already. */
export function showing(extent: Extent, seconds: number, duration: number): Extent {
  if (seconds >= extent.start && seconds <= extent.end) return extent;
  return moved(extent, seconds - (extent.end - extent.start) * 0.1 - extent.start, duration);
}

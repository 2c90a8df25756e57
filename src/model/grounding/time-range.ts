// Arithmetic of ranges in seconds of the video.

export interface TimeRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** With how likely it is, or how well it fits; only the order counts. */
export interface ScoredRange extends TimeRange {
  readonly score: number;
}

/** Gap, in seconds, across which two halves of one event are still joined: one temporal group at 2 frames per second. */
export const JOIN_GAP_SECONDS = 1;

/** Seconds between two ranges; negative where they overlap. */
export const gapSeconds = (a: TimeRange, b: TimeRange): number =>
  Math.max(a.startSeconds, b.startSeconds) - Math.min(a.endSeconds, b.endSeconds);

export const union = (a: TimeRange, b: TimeRange): TimeRange => ({
  startSeconds: Math.min(a.startSeconds, b.startSeconds),
  endSeconds: Math.max(a.endSeconds, b.endSeconds),
});

/** Ends before it starts where the two do not meet. */
export const intersection = (a: TimeRange, b: TimeRange): TimeRange => ({
  startSeconds: Math.max(a.startSeconds, b.startSeconds),
  endSeconds: Math.min(a.endSeconds, b.endSeconds),
});

export const contains = (outer: TimeRange, inner: TimeRange): boolean =>
  outer.startSeconds <= inner.startSeconds && outer.endSeconds >= inner.endSeconds;

/** Intersection over union, 0 to 1; 0 where either is empty. */
export function overlapShare(a: TimeRange, b: TimeRange): number {
  const overlap = -gapSeconds(a, b);
  const { startSeconds, endSeconds } = union(a, b);
  return overlap > 0 && a.endSeconds > a.startSeconds && b.endSeconds > b.startSeconds ? overlap / (endSeconds - startSeconds) : 0;
}

/** By start, then by end. */
export const byTime = (a: TimeRange, b: TimeRange): number => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds;

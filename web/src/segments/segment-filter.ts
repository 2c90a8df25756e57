// Which segments the list shows.
import type { Segment } from '../api/resources';

export interface SegmentFilter {
  /** '' for every type. */
  readonly type: string;
  readonly text: string;
  /** From 0 to 1; what was measured has no confidence, and stays. */
  readonly least: number;
}

export function filterSegments(segments: readonly Segment[], { type, text, least }: SegmentFilter): Segment[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return segments.filter(
    (segment) =>
      (type === '' || segment.type === type) && (segment.confidence === null || segment.confidence >= least) && words.every((word) => segment.text.toLowerCase().includes(word)),
  );
}

/** Index of the last segment that began at a second or before it, preferring one that is still going on; -1 before the first. */
export function currentIndex(segments: readonly Segment[], seconds: number): number {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.start_time ?? 0) <= seconds + 1e-3) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

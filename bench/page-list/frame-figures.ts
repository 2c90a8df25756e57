// What the times between the frames of a page tell.

export interface FrameFigures {
  readonly frames: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
  /** Frames that came a frame or more late, of all. */
  readonly dropped_share: number;
}

const FRAME_MS = 1000 / 60;

export function frameFigures(intervals: readonly number[]): FrameFigures {
  const sorted = [...intervals].sort((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2));
  const dropped = intervals.filter((interval) => interval > 1.5 * FRAME_MS).length;
  return { frames: intervals.length, p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), max_ms: at(1), dropped_share: Number((dropped / Math.max(1, intervals.length)).toFixed(4)) };
}

// What the times between the frames of a page tell.

export interface FrameFigures {
  readonly frames: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
  /** Pictures of the screen that went by without a new frame. */
  readonly late: number;
}

const FRAME_MS = 1000 / 60;

export function frameFigures(intervals: readonly number[]): FrameFigures {
  const sorted = [...intervals].sort((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2));
  return { frames: intervals.length, p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), max_ms: at(1), late: lateFrames(intervals) };
}

/** Pictures of the screen that were not drawn in time. */
const lateFrames = (intervals: readonly number[]): number => intervals.reduce((sum, interval) => sum + Math.max(0, Math.round(interval / FRAME_MS) - 1), 0);

/** Late frames of one motion beside those of another, one added to either so that none beside none is 1. */
export const lateRatio = (many: readonly number[], few: readonly number[]): number => Number(((lateFrames(many) + 1) / (lateFrames(few) + 1)).toFixed(2));

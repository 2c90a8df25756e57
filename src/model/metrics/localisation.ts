// How well predicted moments meet the true ones: recall at an overlap, overlap, errors of the boundaries.
import { overlapShare, type TimeRange } from '../grounding/time-range.js';

/** Best first. */
export type Ranked = readonly TimeRange[];

/** The truth that a prediction overlaps most, and by how much; the first where several are alike. Undefined without a truth. */
export function nearestTruth(prediction: TimeRange, truths: readonly TimeRange[]): { truth: TimeRange; iou: number } | undefined {
  let nearest: { truth: TimeRange; iou: number } | undefined;
  for (const truth of truths) {
    const iou = overlapShare(prediction, truth);
    if (!nearest || iou > nearest.iou) nearest = { truth, iou };
  }
  return nearest;
}

/** Of the first prediction with the truth it overlaps most; 0 where there is no prediction, or one that ends before it starts. */
export const topIou = ([first]: Ranked, truths: readonly TimeRange[]): number => (first && nearestTruth(first, truths)?.iou) ?? 0;

/** Whether one of the first `count` predictions overlaps a truth by at least `threshold`. */
export const isRecalled = (ranked: Ranked, truths: readonly TimeRange[], threshold: number, count = 1): boolean =>
  ranked.slice(0, count).some((prediction) => (nearestTruth(prediction, truths)?.iou ?? 0) >= threshold);

export interface BoundaryError {
  readonly startSeconds: number; // predicted less true
  readonly endSeconds: number;
}

/** Of the first prediction against the truth it overlaps most; where it overlaps none, against the one whose middle is nearest. */
export function boundaryError([first]: Ranked, truths: readonly TimeRange[]): BoundaryError | undefined {
  if (!first) return undefined;
  const nearest = nearestTruth(first, truths);
  const middle = ({ startSeconds, endSeconds }: TimeRange): number => (startSeconds + endSeconds) / 2;
  const away = (truth: TimeRange): number => Math.abs(middle(truth) - middle(first));
  const truth = nearest && nearest.iou > 0 ? nearest.truth : [...truths].sort((a, b) => away(a) - away(b))[0];
  return truth && { startSeconds: first.startSeconds - truth.startSeconds, endSeconds: first.endSeconds - truth.endSeconds };
}

// Average precision of moment retrieval where several moments are true, by the protocol of QVHighlights.
import { overlapShare, type ScoredRange, type TimeRange } from '../grounding/time-range.js';
import { mean } from './statistics.js';

/** Overlaps at which precision is taken: 0.5, 0.55 ... 0.95. */
export const PRECISION_THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, k) => (50 + 5 * k) / 100);

/** Predictions of a question that count, in the order given. */
const MOST_PREDICTIONS = 10;

/** Lengths of true moments, seconds: longer than `over`, up to `upTo`. */
export const LENGTH_RANGES = [
  { name: 'short', over: 0, upTo: 10 },
  { name: 'middle', over: 10, upTo: 30 },
  { name: 'long', over: 30, upTo: 150 },
] as const;

/** The truths of that length; what was predicted is not filtered. */
export const truthsOfLength = (truths: readonly TimeRange[], { over, upTo }: { over: number; upTo: number }): TimeRange[] =>
  truths.filter(({ startSeconds, endSeconds }) => endSeconds - startSeconds > over && endSeconds - startSeconds <= upTo);

/**
 * Area under precision over recall, every point taken (VOC 2011): precision at a recall is the highest at that recall or above.
 * `hits` tells of each prediction, the surest first, whether it is right; `truths` is how many there are to find.
 *
 * @example interpolatedAveragePrecision([true, false, true], 2) // 1 * 0.5 + 2/3 * 0.5
 */
export function interpolatedAveragePrecision(hits: readonly boolean[], truths: number): number {
  let found = 0;
  const points = hits.map((hit, k) => ({ recall: (found += hit ? 1 : 0) / truths, precision: found / (k + 1) }));
  let [area, best, recallAbove] = [0, 0, points.at(-1)?.recall ?? 0];
  for (const { recall, precision } of points.reverse()) {
    area += best * (recallAbove - recall);
    best = Math.max(best, precision);
    recallAbove = recall;
  }
  return area + best * recallAbove;
}

/**
 * Which predictions, surest first, are right at an overlap of `threshold`: each takes the truth it overlaps most that none before it has
 * taken, the later one of two alike, as long as the overlap is enough.
 */
export function matchedPredictions(predictions: readonly ScoredRange[], truths: readonly TimeRange[], threshold: number): boolean[] {
  const taken = new Set<number>();
  const sorted = predictions.slice(0, MOST_PREDICTIONS).sort((a, b) => b.score - a.score);
  return sorted.map((prediction) => {
    const nearest = truths
      .map((truth, k) => ({ k, iou: overlapShare(prediction, truth) }))
      .filter(({ k, iou }) => iou >= threshold && !taken.has(k))
      .sort((a, b) => b.iou - a.iou || b.k - a.k)[0];
    if (nearest) taken.add(nearest.k);
    return nearest !== undefined;
  });
}

/** Average precision of one question at each of the thresholds; 0 without a prediction. Needs a truth. */
export const averagePrecisions = (predictions: readonly ScoredRange[], truths: readonly TimeRange[]): number[] =>
  PRECISION_THRESHOLDS.map((threshold) => interpolatedAveragePrecision(matchedPredictions(predictions, truths, threshold), truths.length));

/** Mean over the thresholds. */
export const meanAveragePrecision = (predictions: readonly ScoredRange[], truths: readonly TimeRange[]): number =>
  mean(averagePrecisions(predictions, truths));

// How well a confidence tells what happens from what does not: thresholds, and the area under their curve.
import { rounded, share } from './statistics.js';

export interface RejectionPoint {
  readonly threshold: number;
  readonly absent_rejected: number; // share of absent queries whose best candidate lies below
  readonly present_lost: number; // share of present ones
}

/** A candidate that an answer does not show counts as one of no confidence at all. */
export function rejectionCurve(present: readonly (number | null)[], absent: readonly (number | null)[], steps = 20): RejectionPoint[] {
  const below = (values: readonly (number | null)[], threshold: number): number =>
    rounded(share(values, (value) => (value ?? -1) < threshold));
  return Array.from({ length: steps + 1 }, (_, k) => k / steps).map((threshold) => ({
    threshold,
    absent_rejected: below(absent, threshold),
    present_lost: below(present, threshold),
  }));
}

/** How often a positive scores higher than a negative, equal ones for a half: the area under the ROC curve. NaN where one side is empty. */
export function areaUnderRoc(positives: readonly number[], negatives: readonly number[]): number {
  const all = [...positives.map((score) => ({ score, positive: true })), ...negatives.map((score) => ({ score, positive: false }))].sort((a, b) => a.score - b.score);
  let [ranks, from] = [0, 0];
  while (from < all.length) {
    let end = from + 1;
    while (end < all.length && all[end]?.score === all[from]?.score) end += 1;
    const rank = (from + 1 + end) / 2; // the mean of the ranks that equal scores share
    ranks += all.slice(from, end).filter(({ positive }) => positive).length * rank;
    from = end;
  }
  const count = positives.length;
  return (ranks - (count * (count + 1)) / 2) / (count * negatives.length);
}

/** F1 of telling absent queries: `rejected` of them were turned away, and `lost` present ones along with them. */
export const rejectionF1 = (rejected: number, absent: number, lost: number): number => (2 * rejected) / (rejected + lost + absent);

// How many absent queries a threshold turns away, and how many present ones it costs.
import { rounded, share } from '../harness/statistics.js';

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

// How many absent queries a threshold turns away, and how many present ones it costs.

export interface RejectionPoint {
  readonly threshold: number;
  readonly absentRejected: number; // share of absent queries whose best candidate lies below
  readonly presentLost: number; // share of present ones
}

/** A candidate that an answer does not show counts as one of no confidence at all. */
export function rejectionCurve(present: readonly (number | null)[], absent: readonly (number | null)[], steps = 20): RejectionPoint[] {
  const below = (values: readonly (number | null)[], threshold: number): number =>
    values.filter((value) => (value ?? -1) < threshold).length / values.length;
  return Array.from({ length: steps + 1 }, (_, k) => k / steps).map((threshold) => ({
    threshold,
    absentRejected: below(absent, threshold),
    presentLost: below(present, threshold),
  }));
}

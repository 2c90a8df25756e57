// The rejected answer that is worth showing.
import type { Moments, RejectedMoment } from '../api/resources';

const LEAST = 0.05;

/** Undefined where the closest is hardly believed, or is no more than all that was looked at. */
export function nearMiss({ best_rejected: rejected, start_time: start, end_time: end }: Pick<Moments, 'best_rejected' | 'start_time' | 'end_time'>): RejectedMoment | undefined {
  if (!rejected || rejected.confidence < LEAST) return undefined;
  return rejected.start_time <= start && rejected.end_time >= end ? undefined : rejected;
}

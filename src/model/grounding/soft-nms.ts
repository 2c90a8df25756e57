// Soft non-maximum suppression: what overlaps a surer moment counts for less, and is not lost.
import { byTime, overlapShare, type ScoredRange } from './time-range.js';

/** Width of the Gaussian, the usual one: a moment that half overlaps a surer one keeps 0.61 of its score, its double 0.14. */
const SIGMA = 0.5;

/**
 * Takes the best moment, lowers all others by exp(-IoU² / 0.5) with it, and goes on with the rest (Bodla et al. 2017). Best first by the
 * lowered score; equals in order of time.
 */
export function softNms<Moment extends ScoredRange>(moments: readonly Moment[]): Moment[] {
  let rest = [...moments].sort(byTime);
  const kept: Moment[] = [];
  while (rest.length > 0) {
    const best = rest.reduce((a, b) => (b.score > a.score ? b : a));
    kept.push(best);
    rest = rest
      .filter((moment) => moment !== best)
      .map((moment) => ({ ...moment, score: moment.score * Math.exp(-(overlapShare(moment, best) ** 2) / SIGMA) }));
  }
  return kept;
}

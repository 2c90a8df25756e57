// Highlight detection by the protocol of QVHighlights: which two seconds of a video are worth seeing, as three people rated them.
import { mean } from './statistics.js';

/** Ratings of each two-second clip by each rater, 0 to 4. */
export type ClipRatings = readonly (readonly number[])[]; // [clips][raters]

/** What a clip must be rated for it to count as a highlight. */
export const HIGHLIGHT_LEVELS = [
  { name: 'fair', least: 2 },
  { name: 'good', least: 3 },
  { name: 'very_good', least: 4 },
] as const;

export const CLIP_SECONDS = 2;

/** Clips that are not relevant are rated 0. `scores[k]` are the ratings of clip `clipIds[k]`; clips beyond the duration are left out. */
export function ratingsOf(durationSeconds: number, clipIds: readonly number[], scores: ClipRatings): ClipRatings {
  const raters = scores[0]?.length ?? 0;
  const known = new Map(clipIds.map((clip, k) => [clip, scores[k] ?? []]));
  const clips = Math.floor(durationSeconds / CLIP_SECONDS);
  return Array.from({ length: clips }, (_, clip) => known.get(clip) ?? Array<number>(raters).fill(0));
}

/** Whether at least one rater finds the clip with the highest score a highlight; the first of equal ones. */
export function isHit(saliency: readonly number[], ratings: ClipRatings, least: number): boolean {
  if (saliency.length === 0) return false;
  const top = saliency.reduce((best, score, clip) => (score > (saliency[best] ?? -Infinity) ? clip : best), 0);
  return ratings[top]?.some((rating) => rating >= least) ?? false;
}

/** Mean over the raters; what is predicted beyond the last clip is cut, what is missing counts 0. */
export function highlightPrecision(saliency: readonly number[], ratings: ClipRatings, least: number): number {
  const scores = ratings.map((_, clip) => saliency[clip] ?? 0);
  const raters = ratings[0]?.length ?? 0;
  return mean(Array.from({ length: raters }, (_, rater) => clipPrecision(scores, ratings.map((clip) => (clip[rater] ?? 0) >= least))));
}

/**
 * One point for each distinct score as a threshold, from the lowest: precision made never to fall in that order, and averaged over the
 * points at which recall goes down next. Clips of one score share a point.
 */
function clipPrecision(scores: readonly number[], isHighlight: readonly boolean[]): number {
  const total = isHighlight.filter(Boolean).length;
  if (total === 0) return 0;
  if (total === scores.length) return 1;
  const points = [...new Set(scores)].sort((a, b) => a - b).map((threshold) => {
    const chosen = isHighlight.filter((_, clip) => (scores[clip] ?? 0) >= threshold);
    const right = chosen.filter(Boolean).length;
    return { precision: right / chosen.length, recall: right / total };
  });
  const closed = [...points, { precision: 1, recall: 0 }];
  let highest = 0;
  const taken = closed.flatMap(({ precision, recall }, k) => {
    highest = Math.max(highest, precision);
    const next = closed[k + 1];
    return next && next.recall !== recall ? [highest] : [];
  });
  return mean(taken);
}

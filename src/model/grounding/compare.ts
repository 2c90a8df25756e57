// How well an event that was found agrees with one that is known: its times and its words.

/** A range in seconds of the video, as the API writes it. */
export interface TimeRange {
  readonly start_time: number;
  readonly end_time: number;
}

/** Intersection over union of two ranges, 0 to 1. */
export function iou(a: TimeRange, b: TimeRange): number {
  const overlap = Math.min(a.end_time, b.end_time) - Math.max(a.start_time, b.start_time);
  const union = Math.max(a.end_time, b.end_time) - Math.min(a.start_time, b.start_time);
  return overlap > 0 ? overlap / union : 0;
}

/** A known event and the best answer to the question for it; an answer that is missing or could not be read counts as 0 everywhere. */
export interface Judged {
  readonly truth: TimeRange;
  readonly answer: TimeRange | undefined;
}

/** Mean IoU over all known events, 0 to 1; 0 of none. */
export function meanIou(judged: readonly Judged[]): number {
  return mean(judged.map(iouOf));
}

/** Share of known events whose answer has at least this IoU, 0 to 1: R1@0.5 is `recallAt(judged, 0.5)`. */
export function recallAt(judged: readonly Judged[], leastIou: number): number {
  return mean(judged.map((one) => (iouOf(one) >= leastIou ? 1 : 0)));
}

const iouOf = ({ truth, answer }: Judged): number => (answer ? iou(answer, truth) : 0);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** "The red triangle grows." describes the same as "red triangle grows". */
export const sameDescription = (a: string, b: string): boolean => words(a) === words(b);

const words = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\bthe\b|[^\p{L}\p{N}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

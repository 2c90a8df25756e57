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

/** "The red triangle grows." describes the same as "red triangle grows". */
export const sameDescription = (a: string, b: string): boolean => words(a) === words(b);

const words = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\bthe\b|[^\p{L}\p{N}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

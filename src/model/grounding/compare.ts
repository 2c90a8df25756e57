// How well an event that was found agrees with one that is known: its times and its words.
import { overlapShare, type TimeRange } from './time-range.js';

/** A range in seconds of the video, as the API writes it. */
export interface WrittenRange {
  readonly start_time: number;
  readonly end_time: number;
}

/** Intersection over union of two ranges, 0 to 1. */
export const iou = (a: WrittenRange, b: WrittenRange): number => overlapShare(read(a), read(b));

const read = ({ start_time: startSeconds, end_time: endSeconds }: WrittenRange): TimeRange => ({ startSeconds, endSeconds });

/** "The red triangle grows." describes the same as "red triangle grows". */
export const sameDescription = (a: string, b: string): boolean => words(a) === words(b);

const words = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\bthe\b|[^\p{L}\p{N}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

// The pieces that rows of data sets are made of.
import { z } from 'zod';
import { type TimeRange } from '../../model/grounding/time-range.js';
import { type Question } from '../dataset.js';

export interface ReadQuestion extends Question {
  /** Where it stands in the file, for messages. */
  readonly place: string;
}

/** Numbers and words name questions alike. */
export const questionId = z.union([z.string().min(1), z.number()]).transform(String);

export const seconds = z.number().finite().nonnegative();

/** White space and a full stop at the end say nothing. */
export const query = z
  .string()
  .transform((text) => text.trim().replace(/\.$/, '').trim())
  .refine((text) => text !== '', 'is empty');

/** `[start, end]`; a pair that ends before it starts is turned round, as annotators do. */
export const span = z.tuple([seconds, seconds]).transform(([a, b]): TimeRange => ({ startSeconds: Math.min(a, b), endSeconds: Math.max(a, b) }));

/** Cut to the video; what lies behind its end altogether stays as it is, for nobody can find it. */
export function clamped(range: TimeRange, durationSeconds: number | undefined): TimeRange {
  if (durationSeconds === undefined || range.startSeconds >= durationSeconds) return range;
  return { startSeconds: range.startSeconds, endSeconds: Math.min(range.endSeconds, durationSeconds) };
}

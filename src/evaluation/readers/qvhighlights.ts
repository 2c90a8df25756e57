// QVHighlights and the files of the same layout: one JSON object a line, with ratings of two-second clips where there are any.
import { z } from 'zod';
import { ratingsOf } from '../../model/metrics/highlights.js';
import { clamped, query, questionId, type ReadQuestion, seconds, span } from './question-schema.js';
import { parseLines } from './rows.js';

const row = z
  .object({
    qid: questionId,
    query,
    duration: seconds.optional(),
    vid: z.string().min(1),
    relevant_windows: z.array(span),
    relevant_clip_ids: z.array(z.number().int().nonnegative()).optional(),
    saliency_scores: z.array(z.array(z.number().min(0).max(4))).optional(),
  })
  .refine(({ relevant_clip_ids: ids, saliency_scores: scores }) => (ids?.length ?? 0) === (scores?.length ?? 0) || !ids || !scores, {
    path: ['saliency_scores'],
    message: 'must have one entry for each of relevant_clip_ids',
  });

/** Throws `dataset.line_invalid`. */
export function readQvhighlights(file: string, text: string): ReadQuestion[] {
  return parseLines('dataset', file, text, row).map(({ value, place }) => {
    const { qid, vid: video, duration, relevant_windows, relevant_clip_ids: ids, saliency_scores: scores } = value;
    return {
      ...{ qid, video, duration, place, query: value.query },
      windows: relevant_windows.map((window) => clamped(window, duration)),
      kind: relevant_windows.length > 0 ? 'present' : 'absent',
      ratings: ids && scores && duration !== undefined ? ratingsOf(duration, ids, scores) : undefined,
    };
  });
}

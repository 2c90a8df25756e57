// ExtremeWhenBench: rows with one interval each, as JSON lines or as one JSON list.
import { z } from 'zod';
import { clamped, query, questionId, type ReadQuestion, seconds, span } from './question-schema.js';
import { fitted, parseDocument, parseLines, type Row } from './rows.js';

const row = z.object({
  qid: questionId,
  video_id: z.string().min(1),
  question: query,
  correct_interval: span,
  video_duration_s: seconds.optional(),
  category: z.string().optional(),
});

/** Throws `dataset.not_json` or `dataset.line_invalid`. */
export function readExtremeWhen(file: string, text: string): ReadQuestion[] {
  return rowsOf(file, text).map(({ value, place }) => {
    const { qid, video_id: video, question, correct_interval, video_duration_s: duration } = value;
    return { qid, video, query: question, windows: [clamped(correct_interval, duration)], duration, kind: 'present', place };
  });
}

function rowsOf(file: string, text: string): Row<z.output<typeof row>>[] {
  if (!text.trimStart().startsWith('[')) return parseLines('dataset', file, text, row);
  const list = fitted('dataset', file, 'line 1', parseDocument('dataset', file, text), z.array(z.unknown()));
  return list.map((value, k) => ({ place: `entry ${k + 1}`, value: fitted('dataset', file, `entry ${k + 1}`, value, row) }));
}

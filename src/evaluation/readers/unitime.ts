// UniTime: one JSON list; an entry is a video with annotations, each a query with one or more windows.
import { z } from 'zod';
import { clamped, query, questionId, type ReadQuestion, seconds, span } from './question-schema.js';
import { fitted, parseDocument } from './rows.js';

const entry = z.object({
  qid: questionId,
  id: z.string().min(1),
  annos: z.array(z.object({ query, window: z.array(span).min(1) })).min(1),
  duration: seconds,
  video_path: z.string().optional(),
});

/** An entry with several annotations names them `qid#0`, `qid#1` ... Throws `dataset.not_json` or `dataset.line_invalid`. */
export function readUnitime(file: string, text: string): ReadQuestion[] {
  const list = fitted('dataset', file, 'line 1', parseDocument('dataset', file, text), z.array(z.unknown()));
  return list.flatMap((value, k) => {
    const place = `entry ${k + 1}`;
    const { qid, id, annos, duration, video_path } = fitted('dataset', file, place, value, entry);
    return annos.map((anno, at) => ({
      ...{ qid: annos.length === 1 ? qid : `${qid}#${at}`, video: video_path ?? id, query: anno.query, duration, place },
      ...{ windows: anno.window.map((window) => clamped(window, duration)), kind: 'present' },
    }));
  });
}

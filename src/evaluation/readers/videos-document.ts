// A file that is one JSON object with an entry for each video: as many moments as queries, in pairs.
import { z } from 'zod';
import { type TimeRange } from '../../model/grounding/time-range.js';
import { clamped, type ReadQuestion } from './question-schema.js';
import { fitted, parseDocument } from './rows.js';

interface VideoEntry {
  readonly duration: number;
  readonly windows: readonly TimeRange[];
  readonly queries: readonly string[];
}

/** A question is named by its video and its place there: `v_abc#0`. Throws `dataset.not_json` or `dataset.line_invalid`. */
export function questionsOfVideos(file: string, text: string, schema: z.ZodType<VideoEntry>): ReadQuestion[] {
  const document = fitted('dataset', file, 'line 1', parseDocument('dataset', file, text), z.record(z.string(), z.unknown()));
  return Object.entries(document).flatMap(([video, value], k) => {
    const place = `entry ${k + 1} (${video})`;
    const { duration, windows, queries } = fitted('dataset', file, place, value, schema);
    return windows.map((window, at) => ({
      ...{ qid: `${video}#${at}`, video, query: queries[at] ?? '', duration, place: `${place}, pair ${at + 1}` },
      ...{ windows: [clamped(window, duration)], kind: 'present' },
    }));
  });
}

// TimeLens-Bench: one JSON object of videos, each with spans and queries.
import { z } from 'zod';
import { query, type ReadQuestion, seconds, span } from './question-schema.js';
import { questionsOfVideos } from './videos-document.js';

const entry = z
  .object({ duration: seconds, spans: z.array(span), queries: z.array(query) })
  .refine(({ spans, queries }) => spans.length === queries.length, { path: ['queries'], message: 'must be as many as spans' })
  .transform(({ duration, spans, queries }) => ({ duration, windows: spans, queries }));

/** Throws `dataset.not_json` or `dataset.line_invalid`. */
export const readTimelens = (file: string, text: string): ReadQuestion[] => questionsOfVideos(file, text, entry);

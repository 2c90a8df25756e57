// ActivityNet Captions: one JSON object of videos, each with times and sentences; every sentence is a question.
import { z } from 'zod';
import { query, type ReadQuestion, seconds, span } from './question-schema.js';
import { questionsOfVideos } from './videos-document.js';

const entry = z
  .object({ duration: seconds, timestamps: z.array(span), sentences: z.array(query) })
  .refine(({ timestamps, sentences }) => timestamps.length === sentences.length, { path: ['sentences'], message: 'must be as many as timestamps' })
  .transform(({ duration, timestamps, sentences }) => ({ duration, windows: timestamps, queries: sentences }));

/** Throws `dataset.not_json` or `dataset.line_invalid`. */
export const readActivityNet = (file: string, text: string): ReadQuestion[] => questionsOfVideos(file, text, entry);

// The key of an answer: two questions with the same key have the same answer.
import { createHash } from 'node:crypto';
import { type Config } from '../platform/config/config.js';
import { type MomentRequest } from './moment-query.entity.js';

export interface AnswerIngredients {
  readonly videoId: string;
  readonly query: string;
  readonly request: MomentRequest;
  /** Of everything that is searched, see `CurrentAnalyses.state`. */
  readonly state: string;
  readonly model: { readonly hash: string; readonly notesHash: string };
  /** How windows are made and how many are asked: other settings, another answer. */
  readonly settings: Pick<Config, 'WINDOW_SECONDS' | 'WINDOW_OVERLAP_SECONDS' | 'WINDOW_FPS' | 'MOMENT_MAX_WINDOWS'> & { readonly MOMENT_STEPS: readonly string[] };
}

/** "Red  circle" and "red circle" are one question; letters of one meaning are written one way (NFKC). */
export const normalizeQuery = (query: string): string => query.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** 64 hex digits. */
export function answerKey({ videoId, query, request, state, model, settings }: AnswerIngredients): string {
  const { topK, startTime, endTime, allowNone, curve, sampling } = request;
  const { fps, maxFrames, minPixels, maxPixels, totalPixels } = sampling;
  const parts = [videoId, normalizeQuery(query), topK, startTime, endTime, allowNone, curve, fps, maxFrames, minPixels, maxPixels, totalPixels];
  const { WINDOW_SECONDS, WINDOW_OVERLAP_SECONDS, WINDOW_FPS, MOMENT_MAX_WINDOWS, MOMENT_STEPS } = settings;
  const kept = [state, model.hash, model.notesHash, WINDOW_SECONDS, WINDOW_OVERLAP_SECONDS, WINDOW_FPS, MOMENT_MAX_WINDOWS, MOMENT_STEPS];
  return createHash('sha256').update(JSON.stringify([...parts, ...kept])).digest('hex');
}

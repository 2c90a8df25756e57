// What is known of a model that other machines serve: what they say of it, and what a folder of notes adds.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXACT_RATES } from '../../model/grounding/exact-rates.js';
import { IMAGE_PIXELS } from '../../model/qwen2-5-vl/smart-resize.js';
import { type Timing } from '../../platform/config/remote-model.js';
import { type ModelCard } from '../inference.js';
import { adviceOf, readNotes } from '../model-card.js';
import { PREPROCESSOR_FILE, type PixelLimits, readPixelLimits } from '../pixel-limits.js';

/** Of every published Qwen2.5-VL; the examination of a server finds out when it is not. */
const TOKENS_PER_SECOND = 2;

/** Frames of these sizes pass every server unchanged, whatever its own limits. */
const USUAL_PIXELS: PixelLimits = { minPixels: 100_352, maxPixels: 602_112 };

/** What people are told of a model that hears of time by marks. */
const MARKS = 'The times of frames are told to this model as text (VLLM_TIMING=marks), which it was not trained for: measure before you believe its times.';

/** Tokens that a window leaves to its question and its answer. */
const WORDS = 3072;

export interface CardNotes {
  readonly notes: Awaited<ReturnType<typeof readNotes>>;
  /** Of a frame of a video, and of a picture by itself. */
  readonly pixelLimits: PixelLimits;
  readonly pictureLimits: PixelLimits;
}

/** Throws `checkpoint.notes_invalid` and `checkpoint.config_invalid`. */
export async function readCardNotes(directory: string | undefined): Promise<CardNotes> {
  const notes = directory === undefined ? {} : await readNotes(directory);
  if (directory === undefined || !existsSync(join(directory, PREPROCESSOR_FILE))) return { notes, pixelLimits: USUAL_PIXELS, pictureLimits: IMAGE_PIXELS };
  const limits = await readPixelLimits(directory);
  return { notes, pixelLimits: limits, pictureLimits: limits };
}

export interface Served {
  readonly id: string;
  readonly urls: readonly string[];
  readonly timing: Timing;
  /** The least of all servers. */
  readonly contextTokens: number | undefined;
}

/** A model that is told of time by marks answers as another one would: it has a hash and a name of its own. */
export function remoteCard({ id, urls, timing, contextTokens }: Served, { notes: { figures, ...notes }, pixelLimits }: CardNotes): ModelCard {
  const name = notes.name ?? id;
  const limitations = [notes.limitation, timing === 'marks' ? MARKS : undefined].filter((sentence) => sentence !== undefined);
  const hash = (...of: unknown[]): string => createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 16);
  return {
    ...adviceOf(notes),
    name: timing === 'video' ? name : `${name} with marks`,
    hash: hash('vllm', id, timing, pixelLimits),
    notesHash: hash(notes),
    directory: urls.join(', '),
    parameters: 0,
    tokensPerSecond: TOKENS_PER_SECOND,
    limitation: limitations.length > 0 ? limitations.join(' ') : undefined,
    rates: EXACT_RATES,
    maxTokens: contextTokens === undefined ? undefined : Math.max(WORDS, contextTokens - WORDS),
    framePixels: pixelLimits,
    figures,
  };
}

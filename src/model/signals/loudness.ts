// Loudness second by second and silent stretches, from the momentary loudness of the sound.
import { type ChunkStretch } from './chunk-findings.js';
import { type Part } from './shots.js';
import { StretchFinder } from './stretches.js';

/** Momentary loudness, EBU R128: of the 400 ms of sound that end at `seconds`. */
export interface LoudnessReading {
  readonly seconds: number; // from the first frame of the video
  readonly lufs: number;
}

/** Readings from outside the part without which its own would come out otherwise. */
export const LOUDNESS_CONTEXT_SECONDS = 3;

/** What digital silence counts as; nothing is quieter. */
const QUIETEST = -70; // LUFS

/** Quieter than the hum of a room in a recording at usual level. */
const SILENT = -50; // LUFS
export const LEAST_SILENCE_SECONDS = 1;

const WINDOW_SECONDS = 0.4;

export interface LoudnessFindings {
  /** The loudest reading that ends in each second, null where there is none. */
  readonly loudness: (number | null)[];
  readonly stretches: ChunkStretch[];
}

/** Readings in order, those around the part included. */
export function loudnessFindings(readings: readonly LoudnessReading[], part: Part): LoudnessFindings {
  const loudness: (number | null)[] = new Array<null>(Math.max(0, Math.ceil(part.endSeconds - 1e-9) - part.startSeconds)).fill(null);
  for (const { seconds, lufs } of readings) {
    const i = Math.floor(seconds + 1e-6) - part.startSeconds;
    const known = loudness[i];
    if (known !== undefined) loudness[i] = Math.max(known ?? QUIETEST, lufs, QUIETEST);
  }
  return { loudness: loudness.map((value) => (value === null ? null : Math.round(value * 10) / 10)), stretches: silences(readings, part) };
}

/** A silent stretch begins with the first silent window and ends with the last one. */
function silences(readings: readonly LoudnessReading[], part: Part): ChunkStretch[] {
  const kind = { type: 'silence', text: 'There is no sound.', confidence: 0.9, method: 'momentary-loudness' } as const;
  const finder = new StretchFinder(part, { ...kind, measured: { below: SILENT } });
  let before: number | undefined;
  for (const { seconds, lufs } of readings) {
    const isSilent = lufs < SILENT;
    if (!isSilent && before !== undefined) finder.add(before, false);
    else finder.add(seconds, isSilent, Math.max(0, seconds - WINDOW_SECONDS));
    before = seconds;
  }
  return finder.finish(Math.min(part.endSeconds, before ?? part.startSeconds));
}

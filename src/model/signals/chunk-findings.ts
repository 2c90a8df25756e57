// What one chunk of a video's scan leaves behind: plain values, stored as they are, joined with those of the other chunks.
import { type Signal, type Transition } from './signal.js';

export type CameraMotion = 'still' | 'pan' | 'shake';

/** Lists hold one value for each second of the chunk, beginning with its first; null where nothing was measured. */
export interface ChunkFindings {
  readonly startSeconds: number; // a whole second
  readonly endSeconds: number; // a whole second, except at the end of the video
  /** Transitions that begin in the chunk. */
  readonly transitions: readonly Transition[];
  /** Black, frozen and silent stretches; those that reach an edge of the chunk may go on in the next. */
  readonly stretches: readonly Signal[];
  /** Mean absolute change between pictures, grey levels a second. */
  readonly motion: readonly (number | null)[];
  readonly camera: readonly (CameraMotion | null)[];
  /** EBU R128 momentary loudness, the loudest of the second, LUFS; null without sound. */
  readonly loudness: readonly (number | null)[];
  /** Perceptual hash of the first picture of the second, 16 hex digits. */
  readonly fingerprints: readonly (string | null)[];
  /** Where the last picture of the chunk that decodes stops being shown, seconds of the video. */
  readonly decodedUntil: number;
  readonly framesDecoded: number;
  /** Complaints of the decoder, and pictures that should be there and are not. */
  readonly decodeErrors: number;
  readonly framesLost: number;
}

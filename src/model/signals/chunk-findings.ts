// What one chunk of a video's scan leaves behind: plain values, stored as they are, joined with those of the other chunks.
import { type Signal, type Transition } from './signal.js';

export type CameraMotion = 'still' | 'pan' | 'shake';

/** A transition; a gradual one may be the rest of one that has begun in the chunk before. */
export interface ChunkTransition extends Transition {
  /** Of a cut: the first picture of the scan that shows it, where a frame that the scan left out has shown it before. */
  readonly seenSeconds?: number | undefined;
  /** The first piece of a gradual transition, as far as it was seen in this chunk: decides whether it goes on from the chunk before. */
  readonly firstPiece?: { readonly startSeconds: number; readonly endSeconds: number } | undefined;
}

/** A stretch, of any length where it touches an edge of the chunk. */
export interface ChunkStretch extends Signal {
  /** It goes on from the chunk before. */
  readonly continued: boolean;
}

/** Lists hold one value for each second of the chunk, beginning with its first; null where nothing was measured. */
export interface ChunkFindings {
  readonly startSeconds: number; // a whole second
  readonly endSeconds: number; // a whole second, except at the end of the video
  /** Cuts of the chunk, and gradual transitions that are complete, or interrupted by its end, in it; they may have begun before it. */
  readonly transitions: readonly ChunkTransition[];
  /** Black, frozen and silent stretches; those that reach the end of the chunk may go on in the next. */
  readonly stretches: readonly ChunkStretch[];
  /** Mean absolute change between pictures, grey levels a second; 0 while one picture is held. */
  readonly motion: readonly (number | null)[];
  readonly camera: readonly (CameraMotion | null)[];
  /** Mean speed of the whole picture, picture widths a second. */
  readonly cameraSpeed: readonly (number | null)[];
  /** EBU R128 momentary loudness, the loudest of the second, LUFS, -70 for digital silence; null without sound. */
  readonly loudness: readonly (number | null)[];
  /** Perceptual hash of the first picture of the second, else of the one still on show, 16 hex digits. */
  readonly fingerprints: readonly (string | null)[];
  /** Where the last picture of the chunk that decodes stops being shown, seconds of the video. */
  readonly decodedUntil: number;
  readonly framesDecoded: number;
  /** Complaints of the decoder, and pictures that should be there and are not. */
  readonly decodeErrors: number;
  readonly framesLost: number;
  /** Complaints about the sound; where there are any, values may be missing. */
  readonly audioErrors: number;
}

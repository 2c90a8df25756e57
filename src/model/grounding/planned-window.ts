// What a window plan is made from, and what it says of each window.
import { type ChunkFindings } from '../signals/chunk-findings.js';
import { type Sampling } from './frame-plan.js';

/** What is known of a video before any of it is decoded. */
export interface VideoShape {
  readonly durationSeconds: number;
  readonly width: number; // pixels
  readonly height: number;
  /** Average frames per second of the source; 0 where unknown. */
  readonly frameRate: number;
}

/** What the scan found in one section; absent before it came there. */
export type SectionFindings = Pick<ChunkFindings, 'transitions' | 'stretches' | 'motion' | 'decodedUntil'>;

export interface SectionFacts {
  readonly video: VideoShape;
  readonly findings?: SectionFindings | undefined;
}

export interface PlanOptions {
  readonly windowSeconds: number;
  readonly overlapSeconds: number;
  /** Frames per second of ordinary footage. */
  readonly fps: number;
  /** Slowest and fastest rate that the model copes with; absent means 1 and 4, or `fps` where that lies outside. */
  readonly minFps?: number | undefined;
  readonly maxFps?: number | undefined;
  /** The only rates that the model can be shown a window at, ascending; absent means any. */
  readonly rates?: readonly number[] | undefined;
  /** Most frames of a window, 768 unless told otherwise (spec 2.1). */
  readonly maxFrames?: number | undefined;
  /** Most video tokens of a window; one is 784 pixels of two frames (spec 3.2). Absent means the specification's budget. */
  readonly maxTokens?: number | undefined;
  /** What the checkpoint's own processor does to any frame (spec 3.3); absent means the limits of published checkpoints. */
  readonly framePixels?: { readonly minPixels: number; readonly maxPixels: number } | undefined;
  /** What the user asks for; it wins over the above. */
  readonly sampling?: Sampling | undefined;
}

/** Still footage gets fewer frames, busy footage more; `asked` is the rate a user wants for all of it. */
export type WindowKind = 'still' | 'calm' | 'busy' | 'asked';

/** How a window is looked at, with nothing left to defaults. */
export type WindowSampling = { readonly [Key in keyof Sampling]-?: number };

/** Why a window is what it is, in plain facts. */
export interface WindowReason {
  readonly kind: WindowKind;
  /** Mean of the measured seconds, grey levels a second; null where nothing was measured. */
  readonly motion: number | null;
  readonly frames: number;
  readonly width: number; // of a frame as the model sees it, pixels
  readonly height: number;
  /** Video tokens that the frames will make. */
  readonly tokens: number;
  /** What decided where the window ends: a change of shot, its greatest length, or the end of the section or range. */
  readonly edge: 'shot' | 'grid' | 'section' | 'range';
}

/** Seconds of the video. */
export interface PlannedWindow {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly sampling: WindowSampling;
  readonly why: WindowReason;
}

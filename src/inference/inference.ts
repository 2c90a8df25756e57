// The inference port: what a worker asks of the model, and what it gets back.
import type { AnswerForm } from '../model/grammar/answer-form.js';
import type { Calibration } from '../model/grounding/calibration.js';
import type { FramePlan, Sampling } from '../model/grounding/frame-plan.js';
import type { StreamIndex, VideoStream } from '../platform/media/media.js';

/** What a loaded checkpoint is. `hash` identifies weights, tokenizer and configuration together. */
export interface ModelCard {
  readonly name: string;
  readonly hash: string; // 16 hex digits: decides what the model sees and says
  readonly notesHash: string; // 16 hex digits of what its folder says of how it is used and calibrated: decides what is made of that
  readonly directory: string;
  readonly parameters: number;
  readonly tokensPerSecond: number;
  /** Present when the checkpoint only knows a synthetic world: a sentence to show people. */
  readonly limitation: string | undefined;
  /** How the checkpoint is best used, where its folder says so. */
  readonly windowSeconds?: number | undefined;
  readonly windowOverlapSeconds?: number | undefined;
  readonly fps?: number | undefined;
  /** Most frames and tokens of one window that the checkpoint copes with, and the rates it was trained for. */
  readonly maxFrames?: number | undefined;
  readonly minFps?: number | undefined;
  readonly maxFps?: number | undefined;
  /** How small and how large it wants its pictures, pixels of one frame. */
  readonly framePixels?: { readonly minPixels: number; readonly maxPixels: number } | undefined;
  /** How sure an answer really is, fitted on questions with known truth; see src/model/grounding/calibration.ts. */
  readonly calibration?: Calibration | undefined;
}

/** A window of a video and the questions put to it; the video prefix is encoded and prefilled once for all of them. */
export interface WindowRequest {
  /** Absolute path of a file that has passed the probe. */
  readonly file: string;
  /** sha-256 of the video's bytes as uploaded: what was seen of a window is kept under it. */
  readonly contentHash: string;
  readonly video: VideoStream;
  /** The part of the index that the window needs, see `sliceIndex`. */
  readonly index: StreamIndex;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly sampling: Sampling;
  readonly prompts: readonly WindowPrompt[];
  /** How many windows are asked alike; what memory could not keep of all of them is kept of none. Absent means this one alone. */
  readonly sweep?: number | undefined;
}

export interface WindowPrompt {
  readonly text: string;
  readonly maxNewTokens: number;
  /** What the answer is held to; absent means free text. */
  readonly form?: AnswerForm | undefined;
}

/** One of the words a `choice` offers, with the natural logarithm of its probability as the whole answer. */
export interface ScoredChoice {
  readonly text: string;
  readonly logprob: number;
}

/** One generated token with the log-probability the model gave it. */
export interface GeneratedToken {
  readonly id: number;
  readonly text: string;
  readonly logprob: number;
}

export interface WindowAnswer {
  readonly text: string;
  readonly tokens: readonly GeneratedToken[];
  readonly finishReason: 'stop' | 'length';
  /** Of a `choice`: every option in the order given; `text` is the likeliest. */
  readonly choices?: readonly ScoredChoice[] | undefined;
  /** First 16 hex digits of the sha-256 of the rendered prompt. */
  readonly promptHash: string;
}

/** What the model really looked at, and its answers in the order of the prompts. */
export interface WindowResult {
  readonly model: ModelCard;
  readonly plan: FramePlan;
  readonly width: number; // pixels after resizing, a multiple of 28
  readonly height: number;
  readonly videoGridThw: readonly [number, number, number];
  readonly temporalIds: readonly number[]; // [t], relative to the first group
  /** Where what was seen came from: decoded and encoded now, or kept on disk, or still in memory with its prefix. */
  readonly seen: 'now' | 'disk' | 'memory';
  readonly answers: readonly WindowAnswer[];
}

/** Progress inside one window, for cancellation points and progress bars. */
export interface WindowProgress {
  readonly stage: 'decode' | 'encode' | 'answer';
  readonly done: number;
  readonly total: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WindowProgress) => void) | undefined;
  /** Somebody waits for it: it goes before requests that do not say so. */
  readonly urgent?: boolean | undefined;
}

/**
 * One device that runs one model. Every call rejects with an AppError: `inference.*` and `checkpoint.*`, and for a window also what the
 * media tools and the rules of the model refuse it for.
 */
export interface Inference {
  /** Loads the checkpoint if need be. Rejects with `checkpoint.*` when it is broken. */
  model(): Promise<ModelCard>;
  run(request: WindowRequest, options?: RunOptions): Promise<WindowResult>;
  close(): Promise<void>;
}

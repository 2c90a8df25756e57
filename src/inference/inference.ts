// The inference port: what a worker asks of the model, and what it gets back.
import type { FramePlan, Sampling } from '../model/grounding/frame-plan.js';
import type { StreamIndex, VideoStream } from '../platform/media/media.js';

/** What a loaded checkpoint is. `hash` identifies weights, tokenizer and configuration together. */
export interface ModelCard {
  readonly name: string;
  readonly hash: string; // 16 hex digits
  readonly directory: string;
  readonly parameters: number;
  readonly tokensPerSecond: number;
  /** Present when the checkpoint only knows a synthetic world: a sentence to show people. */
  readonly limitation: string | undefined;
  /** How the checkpoint is best used, where its folder says so. */
  readonly windowSeconds?: number | undefined;
  readonly windowOverlapSeconds?: number | undefined;
  readonly fps?: number | undefined;
}

/** A window of a video and the questions put to it; the video prefix is encoded and prefilled once for all of them. */
export interface WindowRequest {
  /** Absolute path of a file that has passed the probe. */
  readonly file: string;
  readonly video: VideoStream;
  readonly index: StreamIndex;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly sampling: Sampling;
  readonly prompts: readonly WindowPrompt[];
}

export interface WindowPrompt {
  readonly text: string;
  readonly maxNewTokens: number;
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
  readonly answers: readonly WindowAnswer[];
}

/** Progress inside one window, for cancellation points and progress bars. */
export interface WindowProgress {
  readonly stage: 'decode' | 'encode' | 'answer';
  readonly done: number;
  readonly total: number;
}

/**
 * One device that runs one model. Every call rejects with an AppError: `inference.*` and `checkpoint.*`, and for a window also what the
 * media tools and the rules of the model refuse it for.
 */
export interface Inference {
  /** Loads the checkpoint if need be. Rejects with `checkpoint.*` when it is broken. */
  model(): Promise<ModelCard>;
  run(
    request: WindowRequest,
    options?: { signal?: AbortSignal; onProgress?: (progress: WindowProgress) => void },
  ): Promise<WindowResult>;
  close(): Promise<void>;
}

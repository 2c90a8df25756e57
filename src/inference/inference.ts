// The inference port: what a worker asks of the model, and what it gets back.
import type { AnswerForm } from '../model/grammar/answer-form.js';
import type { WrittenForm } from '../model/grammar/answer-grammar.js';
import type { Calibration } from '../model/grounding/calibration.js';
import type { FramePlan, Sampling } from '../model/grounding/frame-plan.js';
import type { Grid } from '../model/qwen2-5-vl/patches.js';
import type { ChatMessage } from '../model/qwen2-5-vl/prompt.js';
import type { Size } from '../model/qwen2-5-vl/smart-resize.js';
import type { StreamIndex, VideoStream } from '../platform/media/media.js';

/** What a model may be asked for. */
export const PURPOSES = ['events', 'grounding', 'verification', 'segment_definitions', 'json_schema', 'chat'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What a loaded checkpoint is. `hash` identifies weights, tokenizer and configuration together. */
export interface ModelCard {
  readonly name: string;
  readonly hash: string; // 16 hex digits: decides what the model sees and says
  readonly notesHash: string; // 16 hex digits of what its folder says of how it is used and calibrated: decides what is made of that
  readonly directory: string; // or the address of the server that has it
  readonly parameters: number; // 0 where nobody tells
  readonly tokensPerSecond: number;
  /** Present when the checkpoint only knows a drawn world: a sentence to show people. */
  readonly limitation: string | undefined;
  /** Undefined: nobody says, and nothing is held against it. */
  readonly trainedFor?: readonly Purpose[] | undefined;
  /** How the checkpoint is best used, where its folder says so. */
  readonly windowSeconds?: number | undefined;
  readonly windowOverlapSeconds?: number | undefined;
  readonly fps?: number | undefined;
  /** Most frames and tokens of one window that the checkpoint copes with, and the rates it was trained for. */
  readonly maxFrames?: number | undefined;
  readonly minFps?: number | undefined;
  readonly maxFps?: number | undefined;
  /** The only rates that a window can be shown at, ascending; absent means any. */
  readonly rates?: readonly number[] | undefined;
  /** Most video tokens of a window. */
  readonly maxTokens?: number | undefined;
  /** How small and how large it wants its pictures, pixels of one frame. */
  readonly framePixels?: { readonly minPixels: number; readonly maxPixels: number } | undefined;
  /** How sure an answer really is, fitted on questions with known truth; see src/model/grounding/calibration.ts. */
  readonly calibration?: Calibration | undefined;
  /** What it was measured to do, where its folder says so. */
  readonly figures?: readonly ModelFigure[] | undefined;
}

/** One figure, what it is and of what. */
export interface ModelFigure {
  readonly name: string;
  readonly value: string;
  readonly of: string;
}

/** A stretch of a video and how it is looked at. */
export interface WindowSource {
  /** Absolute path of a file that has passed the probe; absent where it would have to be fetched first: `inference.file_needed` says that it must. */
  readonly file?: string | undefined;
  /** sha-256 of the video's bytes as uploaded: what was seen of a window is kept under it. */
  readonly contentHash: string;
  readonly video: VideoStream;
  /** The part of the index that the window needs, see `sliceIndex`. */
  readonly index: StreamIndex;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly sampling: Sampling;
}

/** A window of a video and the questions put to it; the video prefix is encoded and prefilled once for all of them. */
export interface WindowRequest extends WindowSource {
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
  /** -1 where a server does not tell. */
  readonly id: number;
  readonly text: string;
  readonly logprob: number;
  /** The likeliest tokens at its place, where they were asked for. */
  readonly top?: readonly { readonly id: number; readonly logprob: number }[] | undefined;
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
  /** The device is free for it from now on. */
  readonly onTurn?: (() => void) | undefined;
  /** Somebody waits for it: it goes before requests that do not say so. */
  readonly urgent?: boolean | undefined;
}

/** A picture, or a stretch of a video, that a conversation shows. */
export type ChatMedium = ({ readonly kind: 'image' } & ImageSource) | ({ readonly kind: 'video' } & WindowSource);

export interface ImageSource {
  /** Absolute path of a file of ours; it need not be a picture. */
  readonly file: string;
  readonly minPixels?: number | undefined;
  readonly maxPixels?: number | undefined;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly object[];
  /** In the order of the parts of the messages that stand for them. */
  readonly media: readonly ChatMedium[];
  /** What the assistant's turn begins with; the model goes on behind it. */
  readonly begun: string;
  /** Absent: as many as are usual, or as there is room for. */
  readonly maxNewTokens?: number | undefined;
  /** Most tokens of prompt and answer together; the checkpoint may allow fewer. */
  readonly contextTokens: number;
  /** Absent settings are the checkpoint's; a temperature of 0 is greedy. */
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed: number;
  /** Texts that end the answer and are not part of it. */
  readonly stop: readonly string[];
  readonly topLogprobs: number;
  /** What the answer is held to; absent means free text. */
  readonly form?: WrittenForm | undefined;
}

/** A token by its text and its bytes: a character may take several tokens. */
export interface TokenText {
  readonly text: string;
  readonly bytes: readonly number[];
}

export interface ChatToken extends Omit<GeneratedToken, 'text' | 'top'>, TokenText {
  readonly top: readonly (TokenText & { readonly logprob: number })[];
}

/** What a token adds to the text that is told; the last piece may have none. */
export interface ChatPiece {
  readonly text: string;
  readonly token: ChatToken | undefined;
}

/** What the model saw of a medium. */
export interface SeenMedium {
  readonly kind: ChatMedium['kind'];
  readonly tokens: number;
  /** Pixels as the model saw them, and of the original as a player shows it. */
  readonly size: Size;
  readonly original: Size;
  readonly grid: Grid;
  /** Of a video. */
  readonly plan?: FramePlan | undefined;
}

export interface ChatResult extends Pick<WindowAnswer, 'finishReason' | 'promptHash'> {
  readonly model: ModelCard;
  readonly pieces: readonly ChatPiece[];
  readonly promptTokens: number;
  readonly media: readonly SeenMedium[];
}

export interface ChatOptions extends Pick<RunOptions, 'signal' | 'onProgress'> {
  readonly onPiece?: ((piece: ChatPiece) => void) | undefined;
}

/**
 * One model, on the devices of this machine or on servers. Every call rejects with an AppError: `inference.*` and `checkpoint.*`, and for a window also what the
 * media tools and the rules of the model refuse it for.
 */
export interface Inference {
  /** Loads the checkpoint if need be. Rejects with `checkpoint.*` when it is broken. */
  model(): Promise<ModelCard>;
  run(request: WindowRequest, options?: RunOptions): Promise<WindowResult>;
  /** Somebody waits for it: it goes before windows that nobody waits for. Rejects with `chat.too_long`, `image.*` and `prompt.*` too. */
  chat(request: ChatRequest, options?: ChatOptions): Promise<ChatResult>;
  close(): Promise<void>;
}

// What a worker asks of the model in a conversation, and what it gets back.
import type { WrittenForm } from '../model/grammar/answer-grammar.js';
import type { FramePlan } from '../model/grounding/frame-plan.js';
import type { ChatMessage } from '../model/qwen2-5-vl/prompt.js';
import type { Grid } from '../model/qwen2-5-vl/patches.js';
import type { Size } from '../model/qwen2-5-vl/smart-resize.js';
import type { GeneratedToken, ModelCard, RunOptions, WindowAnswer, WindowSource } from './inference.js';

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

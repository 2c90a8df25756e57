// A conversation that waits for its answer, or has it.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { type WrittenForm } from '../model/grammar/answer-grammar.js';
import { type Sampling } from '../model/grounding/frame-plan.js';
import { type ChatMessage } from '../model/qwen2-5-vl/prompt.js';

/** Bytes that came with the conversation: an object of the storage, which goes with the row. */
export interface SentObject {
  readonly key: string;
  readonly sha256: string;
  /** Undefined of those from before it was kept. */
  readonly bytes?: number;
}

interface StoredImage {
  readonly kind: 'image';
  readonly object: SentObject;
  readonly minPixels?: number | undefined;
  readonly maxPixels?: number | undefined;
}

interface StoredVideo {
  readonly kind: 'video';
  /** A video of the tenant's, or one that came with the conversation. */
  readonly videoId?: string | undefined;
  readonly object?: SentObject | undefined;
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
  readonly sampling: Sampling;
}

export type StoredMedium = StoredImage | StoredVideo;

/** What the model is asked. */
export interface StoredQuestion {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly object[];
  /** In the order of their parts in the messages. */
  readonly media: readonly StoredMedium[];
  readonly begun: string;
  readonly form?: WrittenForm | undefined;
  readonly maxNewTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed: number;
  readonly stop: readonly string[];
  readonly topLogprobs: number;
}

/** How the answer is to be told. */
export interface StoredWishes {
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly logprobs: boolean;
  /** Index of the medium that boxes and points are mapped to. */
  readonly grounding?: number | undefined;
  readonly document: boolean;
}

export interface StoredRequest {
  readonly question: StoredQuestion;
  readonly wishes: StoredWishes;
}

export interface TokenText {
  readonly text: string;
  readonly bytes: readonly number[];
}

export interface AnswerToken extends TokenText {
  readonly id: number;
  readonly logprob: number;
  readonly top: readonly (TokenText & { readonly logprob: number })[];
}

/** What a token adds to the text; pieces without one hold what was held back, or what the answer begins with. */
export interface AnswerPiece {
  readonly text: string;
  readonly token?: AnswerToken | undefined;
}

/** What the model saw of a medium, as the API shows it. */
export interface MediumReport {
  readonly type: 'image' | 'video';
  readonly tokens: number;
  readonly width: number;
  readonly height: number;
  readonly original_width: number;
  readonly original_height: number;
  readonly image_grid_thw?: readonly number[];
  readonly video_grid_thw?: readonly number[];
  readonly effective_fps?: number;
  readonly second_per_grid_ts?: number;
  readonly start_time?: number;
  readonly end_time?: number;
  readonly frame_times?: readonly number[];
}

export interface ChatAnswer {
  readonly pieces: readonly AnswerPiece[];
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
  readonly promptHash: string;
  readonly modelHash: string;
  readonly media: readonly MediumReport[];
  /** Absent in answers from before it was kept. */
  readonly warnings?: readonly { readonly code: string; readonly message: string }[];
}

@Entity('chat_completions')
export class ChatCompletion {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  /** Name of the checkpoint that is to answer. */
  @Column('text') model!: string;
  @Column('json') request!: StoredRequest;
  @Column('text') status!: 'queued' | 'processing' | 'ready' | 'failed' | 'canceled';
  @Column('json', { nullable: true }) answer!: ChatAnswer | null;
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: `${string}.${string}` | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
  /** After this nobody waits for it any more. */
  @Column('timestamptz') deadline!: Date;
  @Column('integer') attempt!: number;
  /** bigint: the driver gives text. Of the attempt that writes now. */
  @Column('bigint', { name: 'lease_token' }) leaseToken!: string;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}

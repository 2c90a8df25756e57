// A question about a video, and the moments that answer it.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { type Sampling } from '../model/grounding/frame-plan.js';
import { type WindowEvidence } from '../segments/index.js';

export interface MomentRequest {
  readonly topK: number;
  readonly startTime: number;
  readonly endTime: number;
  readonly sampling: Sampling;
  /** False: the best candidate is the answer, however little is to be said for it. */
  readonly allowNone: boolean;
  /** The saliency curve is wanted too. */
  readonly curve: boolean;
}

/** How what was seen came to the model: decoded now, or kept on disk or in memory. */
export type Seen = 'now' | 'disk' | 'memory';

/** A window that a moment rests on. */
export interface MomentWindow extends WindowEvidence {
  /** Frames of the whole window that the model looked at. */
  readonly frames: number;
  readonly seen: Seen;
}

/** What one window said: kept for every window, so that "not in this video" can be explained too. */
export interface SearchedWindow extends Omit<MomentWindow, 'frame_times'> {
  /** Natural log-odds that the content occurs in it. */
  readonly occurrence: number;
  /** The same as a probability. */
  readonly verification: number;
  /** What the model wrote when it was asked for times; null where only the check was put to the window. */
  readonly answer: string | null;
}

/** A part of the range that was not searched, and why; or something that a reader of the answer should know. */
export interface MomentWarning {
  readonly code: string;
  readonly message: string;
  readonly start_time?: number;
  readonly end_time?: number;
}

export interface Searched {
  readonly windows: readonly SearchedWindow[];
  readonly model: { readonly name: string; readonly hash: string };
  /** Answers whose times could not be read. */
  readonly unparsed: number;
  /** The analysis whose windows were searched; null: the video was never analysed, and all of it was looked at for this question. */
  readonly task_id: string | null;
  /** Windows of the range that were left out, as there are more than MOMENT_MAX_WINDOWS. */
  readonly windows_left_out: number;
  /** Confidence below which a moment is rejected. */
  readonly threshold: number;
}

/** What a confidence is made of. */
export interface MomentScores {
  /** Natural log-odds of the yes/no check. */
  readonly occurrence: number;
  /** Whether the analysis described the same of the same seconds; null where it did not look. */
  readonly described: boolean | null;
  /** Geometric mean of the probabilities of the time tokens; 0 where no time was named. */
  readonly grounding: number;
  /** Windows that were searched. */
  readonly searched: number;
  /** Reciprocal rank fusion of the lists that led to the window. */
  readonly retrieval: number;
}

/** A candidate that was not believed. */
export interface RejectedMoment {
  readonly start_time: number;
  readonly end_time: number;
  readonly confidence: number;
  readonly scores: MomentScores;
  readonly evidence: MomentEvidence;
}

/** How much speaks for the content, along the range. */
export interface SaliencyCurve {
  /** Second of the first value. */
  readonly start_time: number;
  readonly step_seconds: number;
  /** Natural log-odds that it occurs; null where nothing was searched. */
  readonly values: readonly (number | null)[];
}

@Entity('moment_queries')
export class MomentQuery {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  @Column('text') query!: string;
  @Column('jsonb') request!: MomentRequest;
  @Column('text') status!: 'queued' | 'processing' | 'ready' | 'failed' | 'canceled';
  @Column('text', { nullable: true }) answer!: 'found' | 'not_in_video' | null;
  /** Who asks the same of the same gets the same answer, also while it is open; see answer-key.ts. */
  @Column('text', { name: 'answer_key', nullable: true }) answerKey!: string | null;
  @Column('jsonb', { nullable: true }) searched!: Searched | null;
  /** Everything of the range before this second was searched. */
  @Column('double precision', { name: 'searched_until', nullable: true }) searchedUntil!: number | null;
  @Column('jsonb', { nullable: true }) rejected!: RejectedMoment | null;
  @Column('jsonb', { nullable: true }) curve!: SaliencyCurve | null;
  @Column('jsonb') warnings!: readonly MomentWarning[];
  /** Windows that were looked at by the attempt that came furthest. */
  @Column('integer', { name: 'windows_done' }) windowsDone!: number;
  /** Times it was claimed since an attempt last came further than those before. */
  /** Of the request that it came from. */
  @Column('text', { nullable: true }) traceparent!: string | null;
  @Column('integer') attempt!: number;
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}

@Entity('moments')
export class Moment {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'moment_query_id' }) momentQueryId!: string;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  /** 1 is the best answer. */
  @Column('integer') rank!: number;
  @Column('double precision', { name: 'start_time' }) startTime!: number;
  @Column('double precision', { name: 'end_time' }) endTime!: number;
  /** How often such a moment is right; see src/model/grounding/calibration.ts. */
  @Column('double precision') confidence!: number;
  @Column('text') source!: 'model';
  @Column('jsonb') scores!: MomentScores;
  @Column('jsonb') evidence!: MomentEvidence;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

export interface MomentEvidence {
  readonly model: { readonly name: string; readonly hash: string };
  readonly windows: readonly MomentWindow[];
  readonly verification: number | null;
}

export type NewMoment = Pick<Moment, 'startTime' | 'endTime' | 'confidence' | 'scores' | 'evidence'>;

/** What a finished question leaves behind. */
export interface MomentOutcome {
  readonly moments: readonly NewMoment[];
  readonly searched: Searched;
  readonly searchedUntil: number;
  readonly rejected: RejectedMoment | null;
  readonly curve: SaliencyCurve | null;
  readonly warnings: readonly MomentWarning[];
  /** Null: not to be given to whoever asks again, as something was away or a window failed that may be there by then. */
  readonly answerKey: string | null;
}

// A question about a video, and the moments that answer it.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { type Sampling } from '../model/grounding/frame-plan.js';
import { type WindowEvidence } from '../segments/index.js';

export interface MomentRequest {
  readonly topK: number;
  readonly startTime: number;
  readonly endTime: number;
  readonly sampling: Sampling;
}

/** What one window said: kept for every window, so that "not in this video" can be explained too. */
export interface SearchedWindow extends Omit<WindowEvidence, 'frame_times'> {
  readonly answer: string;
  /** Probability of "yes" to whether the content occurs; null when the answer was neither yes nor no. */
  readonly verification: number | null;
}

export interface Searched {
  readonly windows: readonly SearchedWindow[];
  readonly model: { readonly name: string; readonly hash: string };
  /** Answers whose times could not be read. */
  readonly unparsed: number;
}

@Entity('moment_queries')
export class MomentQuery {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  @Column('text') query!: string;
  @Column('jsonb') request!: MomentRequest;
  @Column('text') status!: 'queued' | 'processing' | 'ready' | 'failed';
  @Column('text', { nullable: true }) answer!: 'found' | 'not_in_video' | null;
  @Column('jsonb', { nullable: true }) searched!: Searched | null;
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
  @Column('double precision') confidence!: number;
  @Column('text') source!: 'model';
  @Column('jsonb') evidence!: MomentEvidence;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

export interface MomentEvidence {
  readonly model: { readonly name: string; readonly hash: string };
  readonly windows: readonly WindowEvidence[];
  readonly verification: number | null;
}

export type NewMoment = Pick<Moment, 'startTime' | 'endTime' | 'confidence' | 'evidence'>;

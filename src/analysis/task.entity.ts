// A task: one analysis of a video. Postgres holds its whole state; the queue only rings.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { type JsonSchema, type SegmentDefinition } from '../model/grammar/answer-form.js';
import { type Sampling } from '../model/grounding/frame-plan.js';

export type TaskStatus = 'queued' | 'processing' | 'ready' | 'failed' | 'canceled';
/** `scan`: windows are made as the scan goes on, and done meanwhile; `windows`: all of them exist. */
export type TaskStage = 'queued' | 'scan' | 'windows' | 'done';

/** What the caller asked for, kept as it was accepted. */
export interface TaskRequest {
  readonly prompt?: string | undefined;
  readonly sampling: Sampling;
  /** Kinds of segments to find, instead of a description of all events. */
  readonly segmentDefinitions?: readonly SegmentDefinition[] | undefined;
  /** The preset that they are of. */
  readonly presetId?: string | undefined;
  /** JSON schema that the answer about each window follows. */
  readonly responseSchema?: JsonSchema | undefined;
  /** The endpoint that is told of this task alone. */
  readonly webhookId?: string | undefined;
}

/** Something that a reader of the result should know: which part of the video it is about, and why. */
export interface TaskWarning {
  readonly code: string;
  readonly message: string;
  readonly start_time?: number;
  readonly end_time?: number;
}

/** Type of the segment that holds what a window was answered under a caller's schema. */
export const RESPONSE_TYPE = 'response';

@Entity('tasks')
export class Task {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  @Column('text') status!: TaskStatus;
  @Column('text') stage!: TaskStage;
  /** json: keys of a schema stay in the order in which answers are to have them. */
  @Column('json') request!: TaskRequest;
  /** Analysed range, seconds of the video. */
  @Column('double precision', { name: 'start_time' }) startTime!: number;
  @Column('double precision', { name: 'end_time' }) endTime!: number;
  @Column('integer', { name: 'windows_total' }) windowsTotal!: number;
  @Column('integer', { name: 'windows_done' }) windowsDone!: number;
  /** Everything before this second has been looked at; null before the first window is planned. */
  @Column('double precision', { name: 'processed_until', nullable: true }) processedUntil!: number | null;
  /** Events of the model's answers that could not be read. */
  @Column('integer') unparsed!: number;
  @Column('jsonb') warnings!: TaskWarning[];
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
  /** 0 is done before 1 before 2. */
  @Column('smallint') priority!: number;
  /** Windows exist for everything before this second; null before the first section is planned. */
  @Column('double precision', { name: 'planned_until', nullable: true }) plannedUntil!: number | null;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt!: Date | null;
  /** Times it was claimed. */
  @Column('integer') attempt!: number;
  @Column('text', { name: 'model_name', nullable: true }) modelName!: string | null;
  @Column('text', { name: 'model_hash', nullable: true }) modelHash!: string | null;
  @Column('uuid', { name: 'batch_id', nullable: true }) batchId!: string | null;
  /** Place in the request of the batch, from 0. */
  @Column('integer', { name: 'batch_item', nullable: true }) batchItem!: number | null;
  /** Of the request that it came from: spans of work on it join that trace. */
  @Column('text', { nullable: true }) traceparent!: string | null;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}

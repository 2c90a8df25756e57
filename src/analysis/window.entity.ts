// A window of a task: the unit of inference, of retry, of progress and of loss.
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Sampling } from '../model/grounding/frame-plan.js';

/** What was looked at and what the model said, kept so that an answer can be explained and read again. */
export interface WindowRecord {
  readonly effective_fps: number;
  readonly second_per_grid_ts: number;
  readonly frame_times: readonly number[]; // seconds of the video, one per sampled frame
  readonly temporal_ids: readonly number[];
  readonly video_grid_thw: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly prompt_hash: string;
  readonly answer: string;
  readonly finish_reason: 'stop' | 'length';
}

@Entity('windows')
export class Window {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'task_id' }) taskId!: string;
  @Column('integer') ordinal!: number;
  @Column('double precision', { name: 'start_time' }) startTime!: number;
  @Column('double precision', { name: 'end_time' }) endTime!: number;
  /** How densely and how largely it is looked at. */
  @Column('jsonb') sampling!: Sampling;
  /** What the plan was made of, to be shown. */
  @Column('jsonb') why!: Readonly<Record<string, unknown>>;
  @Column('text') status!: 'queued' | 'processing' | 'ready' | 'failed';
  @Column('integer') attempt!: number;
  @Column('jsonb', { nullable: true }) result!: WindowRecord | null;
  @Column('integer') unparsed!: number;
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
}

/** What is shown of a window in its task's plan. */
export interface WindowView extends Pick<Window, 'ordinal' | 'startTime' | 'endTime' | 'sampling' | 'why' | 'attempt' | 'errorCode' | 'errorMessage'> {
  /** `canceled`: its task ended without it. */
  readonly status: Window['status'] | 'canceled';
  /** Of what was really looked at; null before. */
  readonly effectiveFps: number | null;
  readonly secondPerGrid: number | null;
  readonly frames: number | null;
  readonly videoGridThw: readonly number[] | null;
}

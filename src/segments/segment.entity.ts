// A segment: a stored event of a video, by the model or by a signal, with its evidence.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A window that the segment rests on: what the model looked at there. Times are seconds of the video. */
export interface WindowEvidence {
  readonly ordinal: number;
  readonly start_time: number;
  readonly end_time: number;
  readonly effective_fps: number;
  readonly second_per_grid_ts: number;
  readonly frame_times: readonly number[]; // sampled frames inside the segment
  readonly prompt_hash: string;
}

export interface ModelEvidence {
  readonly model: { readonly name: string; readonly hash: string };
  readonly windows: readonly WindowEvidence[];
}

/** What a detector measured; times are seconds of the video. */
export interface SignalEvidence {
  readonly method: string;
  readonly measured?: Readonly<Record<string, number>>;
}

@Entity('segments')
export class Segment {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  @Column('uuid', { name: 'task_id' }) taskId!: string;
  /** The window that reported it while the task runs; null once merged, and for signals. */
  @Column('integer', { name: 'window_ordinal', nullable: true }) windowOrdinal!: number | null;
  @Column('integer') ordinal!: number;
  @Column('double precision', { name: 'start_time' }) startTime!: number;
  @Column('double precision', { name: 'end_time' }) endTime!: number;
  /** `event` from the model; `shot`, `black`, `freeze` from signals. */
  @Column('text') type!: string;
  @Column('text') text!: string;
  @Column('double precision', { nullable: true }) confidence!: number | null;
  @Column('text') source!: 'model' | 'signal';
  @Column('jsonb') evidence!: ModelEvidence | SignalEvidence;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

/** A segment before it is stored. */
export type NewSegment = Pick<Segment, 'startTime' | 'endTime' | 'type' | 'text' | 'confidence' | 'evidence'>;

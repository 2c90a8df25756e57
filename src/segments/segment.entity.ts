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

/** Where words of a track come from. */
export interface TrackEvidence {
  readonly method: 'embedded' | 'sidecar' | 'chapters';
  readonly track: string;
  readonly language: string | null;
}

export type SegmentSource = 'model' | 'signal' | 'track';

@Entity('segments')
export class Segment {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  /** The analysis that described it; null for what belongs to the video: signals and tracks. */
  @Column('uuid', { name: 'task_id', nullable: true }) taskId!: string | null;
  @Column('uuid', { name: 'track_id', nullable: true }) trackId!: string | null;
  /** The window, or of a signal the chunk of the scan, that reported it; null once merged. */
  @Column('integer', { name: 'window_ordinal', nullable: true }) windowOrdinal!: number | null;
  @Column('integer') ordinal!: number;
  @Column('double precision', { name: 'start_time' }) startTime!: number;
  @Column('double precision', { name: 'end_time' }) endTime!: number;
  /** `event`, or the name of a segment definition, from the model; `shot`, `black`, `silence` ... from signals; `speech`, `chapter` from tracks. */
  @Column('text') type!: string;
  @Column('text') text!: string;
  @Column('double precision', { nullable: true }) confidence!: number | null;
  @Column('text') source!: SegmentSource;
  /** What the segment definition asked to note of it. */
  @Column('jsonb', { nullable: true }) fields!: Readonly<Record<string, unknown>> | null;
  @Column('jsonb') evidence!: ModelEvidence | SignalEvidence | TrackEvidence;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

/** A segment before it is stored. */
export type NewSegment = Pick<Segment, 'startTime' | 'endTime' | 'type' | 'text' | 'confidence' | 'evidence'> & Partial<Pick<Segment, 'fields'>>;

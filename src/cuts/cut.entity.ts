// A clip list that is rendered to MP4: what was asked for, how far it is, and the files that it became.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

export type CutStatus = 'queued' | 'processing' | 'ready' | 'failed' | 'canceled';

export interface CutWarning {
  readonly code: string;
  readonly message: string;
}

@Entity('cuts')
export class Cut {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'files_wanted' }) filesWanted!: 'one' | 'each';
  /** Pixels of the picture: those of the first clip, even, and no more than most players take. */
  @Column('integer') width!: number;
  @Column('integer') height!: number;
  /** Of all clips together. */
  @Column('double precision') seconds!: number;
  @Column('double precision', { name: 'seconds_done' }) secondsDone!: number;
  @Column('text') status!: CutStatus;
  /** What is not as it was asked for. */
  @Column('jsonb') warnings!: CutWarning[];
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
  @Column('text', { nullable: true }) traceparent!: string | null;
  @Column('integer') attempt!: number;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}

@Entity('cut_clips')
export class CutClip {
  @PrimaryColumn('uuid', { name: 'cut_id' }) cutId!: string;
  @PrimaryColumn('integer') ordinal!: number;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  /** Seconds from the first presented frame. */
  @Column('double precision', { name: 'start_time' }) startTime!: number;
  @Column('double precision', { name: 'end_time' }) endTime!: number;
  @Column('text', { nullable: true }) text!: string | null;
}

@Entity('cut_files')
export class CutFile {
  @PrimaryColumn('uuid', { name: 'cut_id' }) cutId!: string;
  @PrimaryColumn('integer') ordinal!: number;
  @Column('text', { name: 'storage_key' }) storageKey!: string;
  /** bigint: the driver gives text. */
  @Column('bigint') bytes!: string;
  @Column('integer') frames!: number;
  @Column('double precision') seconds!: number;
}

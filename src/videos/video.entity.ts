// A stored video and what its container is known to hold.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Something about the file that a reader of the results should know. */
export interface VideoWarning {
  readonly code: string;
  readonly message: string;
}

@Entity('videos')
export class Video {
  @PrimaryColumn('uuid') id!: string;
  /** Whom it belongs to, with all that hangs on it. */
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  /** The uploader's file name, data only: never part of a path. */
  @Column('text') name!: string;
  /** bigint: the driver gives text. */
  @Column('bigint') bytes!: string;
  @Column('text') sha256!: string;
  @Column('text', { name: 'storage_key' }) storageKey!: string;
  /** The copy that is decoded where the upload has a container without an index; null: the upload itself. */
  @Column('text', { name: 'work_key', nullable: true }) workKey!: string | null;
  @Column('text') status!: 'ready' | 'deleting';
  @Column('text') container!: string;
  @Column('text') codec!: string;
  /** Pixels as a player shows them: rotation and pixel aspect applied. */
  @Column('integer') width!: number;
  @Column('integer') height!: number;
  @Column('integer') rotation!: 0 | 90 | 180 | 270;
  @Column('double precision', { name: 'frame_rate', nullable: true }) frameRate!: number | null;
  @Column('integer', { name: 'time_base_num' }) timeBaseNum!: number;
  @Column('integer', { name: 'time_base_den' }) timeBaseDen!: number;
  @Column('integer', { name: 'stream_index' }) streamIndex!: number;
  /** Presentation time of the first frame on the file's own clock, seconds. */
  @Column('double precision', { name: 'start_time' }) startTime!: number;
  /** Seconds from the first presented frame to the end of the last. */
  @Column('double precision') duration!: number;
  /** Last decodable second, known once a scan has decoded the whole video. */
  @Column('double precision', { name: 'decoded_until', nullable: true }) decodedUntil!: number | null;
  /** Wall clock at second 0, where the file tells it. */
  @Column('timestamptz', { name: 'recorded_at', nullable: true }) recordedAt!: Date | null;
  @Column('boolean', { name: 'has_audio' }) hasAudio!: boolean;
  /** What is known to be wrong with the file. */
  @Column('jsonb') warnings!: VideoWarning[];
  /** Its bytes and pictures were removed then, as its tenant's retention wants it; null: they are there. */
  @Column('timestamptz', { name: 'content_removed_at', nullable: true }) contentRemovedAt!: Date | null;
  /** The same bytes, uploaded again, are this video; false for a copy from before, and once its bytes are to be removed. */
  @Column('boolean', { name: 'stands_for_bytes', default: true }) standsForBytes!: boolean;
  /** Of the request that it came from: spans of work on it join that trace. */
  @Column('text', { nullable: true }) traceparent!: string | null;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

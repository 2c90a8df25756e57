// An upload: a video that does not arrive in one request, from its first byte to the video that it became.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

export type UploadStatus = 'receiving' | 'queued' | 'processing' | 'ready' | 'failed' | 'canceled';

@Entity('uploads')
export class Upload {
  /** Of its part in the storage too. */
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  @Column('text') source!: 'tus' | 'url' | 's3' | 'folder';
  /** The file name, data only. */
  @Column('text') name!: string;
  /** The URL, that of an object of a bucket too, or the path with size and time of change; null: the client sends it. */
  @Column('text', { nullable: true }) location!: string | null;
  @Column('jsonb') metadata!: Readonly<Record<string, string | null>>;
  /** Of the whole video; null while that is not known. bigint: the driver gives text. */
  @Column('bigint', { nullable: true }) bytes!: string | null;
  @Column('text', { nullable: true }) validator!: string | null;
  /** receiving: its client has not sent all; queued: a worker is to have it; processing: somebody has it; then one of the ends. */
  @Column('text') status!: UploadStatus;
  @Column('uuid', { name: 'video_id', nullable: true }) videoId!: string | null;
  /** The video was there before. */
  @Column('boolean') duplicate!: boolean;
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
  /** Of the last try, while another is to come. */
  @Column('jsonb', { name: 'last_error', nullable: true }) lastError!: { readonly code: string; readonly message: string } | null;
  /** The next try is not before it. */
  @Column('timestamptz', { name: 'not_before', nullable: true }) notBefore!: Date | null;
  @Column('integer') attempt!: number;
  /** When somebody first had it to fetch, or to make a video of. */
  @Column('timestamptz', { name: 'begun_at', nullable: true }) begunAt!: Date | null;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}

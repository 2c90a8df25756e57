// What somebody said of an answer.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

@Entity('feedback')
export class Feedback {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  @Column('uuid', { name: 'moment_query_id' }) momentQueryId!: string;
  /** The answer that is judged; null: that the question was answered with "not in this video". */
  @Column('uuid', { name: 'moment_id', nullable: true }) momentId!: string | null;
  @Column('text') verdict!: 'right' | 'wrong';
  /** Where the moment really is, seconds of the video; null where nobody put that right. */
  @Column('double precision', { name: 'start_time', nullable: true }) startTime!: number | null;
  @Column('double precision', { name: 'end_time', nullable: true }) endTime!: number | null;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

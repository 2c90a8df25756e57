// A standing alert: a question that is put to every new video of a tenant.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Which videos it is put to. */
export interface AlertFilter {
  /** What the name of the video holds, in any case. */
  readonly videoName?: string | undefined;
}

@Entity('alerts')
export class Alert {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  @Column('text') query!: string;
  /** Moments that are less sure are not told of. */
  @Column('double precision', { name: 'min_confidence' }) minConfidence!: number;
  @Column('jsonb') filter!: AlertFilter;
  @Column('boolean') enabled!: boolean;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

/** A moment of a new video that an alert found. */
@Entity('alert_matches')
export class AlertMatch {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  @Column('uuid', { name: 'alert_id' }) alertId!: string;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  /** The question that was put to the video. */
  @Column('uuid', { name: 'moment_query_id' }) momentQueryId!: string;
  @Column('double precision', { name: 'start_time' }) startTime!: number;
  @Column('double precision', { name: 'end_time' }) endTime!: number;
  @Column('double precision') confidence!: number;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

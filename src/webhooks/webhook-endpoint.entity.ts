// A webhook endpoint: where a tenant is told, of what, and how that went of late.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { type EventType } from './webhook-events.js';

@Entity('webhook_endpoints')
export class WebhookEndpoint {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  /** The task or batch that was begun with it, and that it is told of alone. */
  @Column('uuid', { name: 'subject_id', nullable: true }) subjectId!: string | null;
  @Column('text') url!: string;
  @Column('text') description!: string;
  /** Null: all. */
  @Column('text', { array: true, nullable: true }) events!: EventType[] | null;
  @Column('boolean') enabled!: boolean;
  /** `gone`: it answered 410; `failing`: nothing came through for five days; null: its owner. */
  @Column('text', { name: 'disabled_reason', nullable: true }) disabledReason!: 'gone' | 'failing' | null;
  @Column('timestamptz', { name: 'disabled_at', nullable: true }) disabledAt!: Date | null;
  /** Sealed, see secret-box.ts. */
  @Column('text') secret!: string;
  @Column('text', { name: 'previous_secret', nullable: true }) previousSecret!: string | null;
  @Column('timestamptz', { name: 'previous_secret_until', nullable: true }) previousSecretUntil!: Date | null;
  /** First failure since the last success. */
  @Column('timestamptz', { name: 'failing_since', nullable: true }) failingSince!: Date | null;
  @Column('timestamptz', { name: 'last_success_at', nullable: true }) lastSuccessAt!: Date | null;
  /** It asked to be left alone until then. */
  @Column('timestamptz', { name: 'paused_until', nullable: true }) pausedUntil!: Date | null;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

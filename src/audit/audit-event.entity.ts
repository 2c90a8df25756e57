// One change that somebody made, as the audit keeps it.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

export const AUDIT_ACTIONS = [
  ...(['key.created', 'key.changed', 'key.revoked'] as const),
  ...(['webhook.created', 'webhook.changed', 'webhook.deleted', 'webhook.secret_rotated', 'webhook.sent_again'] as const),
  ...(['alert.created', 'alert.changed', 'alert.deleted'] as const),
  ...(['preset.created', 'preset.changed', 'preset.deleted'] as const),
  ...(['retention.changed', 'retention.removed'] as const),
  ...(['video.deleted', 'video.content_removed'] as const),
  ...(['task.created', 'task.canceled', 'batch.created', 'batch.canceled'] as const),
  ...(['cut.created', 'cut.canceled', 'cut.deleted'] as const),
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const ACTORS = ['key', 'local', 'service'] as const;

@Entity('audit_events')
export class AuditEvent {
  @PrimaryColumn('uuid') id!: string;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column('text') actor!: (typeof ACTORS)[number];
  @Column('uuid', { name: 'key_id', nullable: true }) keyId!: string | null;
  /** As the key was called then. */
  @Column('text', { name: 'key_name', nullable: true }) keyName!: string | null;
  /** Whose the subject is. */
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  @Column('text') action!: AuditAction;
  @Column('text', { name: 'subject_type' }) subjectType!: string;
  @Column('text', { name: 'subject_id' }) subjectId!: string;
  @Column('jsonb') details!: Readonly<Record<string, unknown>>;
  /** The other end of the connection. */
  @Column('text', { nullable: true }) address!: string | null;
  @Column('text', { name: 'forwarded_for', nullable: true }) forwardedFor!: string | null;
  @Column('text', { name: 'request_id', nullable: true }) requestId!: string | null;
}

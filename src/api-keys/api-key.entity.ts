// A key of the API as it is stored: never its text.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { type Scope } from '../platform/http/access.js';

@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  @Column('text') name!: string;
  @Column('text', { array: true }) scopes!: readonly Scope[];
  /** The part of the key that is no secret. */
  @Column('text') prefix!: string;
  /** See key-hash.ts. */
  @Column('text') hash!: string;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
  /** Written at most once a minute. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt!: Date | null;
}

// Writes down who changed what, in the transaction that changes it: there is no change without its note, and no note without its change.
import type { EntityManager } from 'typeorm';
import { newId } from '../platform/database/id.js';
import { currentRequest } from '../platform/http/current-request.js';
import { storablePart } from '../platform/http/text.js';
import { logFields } from '../platform/log/log-fields.js';
import { type AuditAction } from './audit-event.entity.js';

export interface AuditNote {
  readonly action: AuditAction;
  readonly subject: { readonly type: string; readonly id: string };
  /** Whose the subject is. */
  readonly tenantId: string;
  /** What a reader needs to understand it: names and numbers, never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Of a header that anybody may have written, so many characters are kept. */
const MOST_FORWARDED = 200;

const INSERT = `
  INSERT INTO audit_events (id, actor, key_id, key_name, tenant_id, action, subject_type, subject_id, details, address, forwarded_for, request_id)
  VALUES ($1, $2, $3, (SELECT name FROM api_keys WHERE id = $3), $4, $5, $6, $7, $8, $9, $10, $11)`;

/** Who asks is known by the request that is being answered; outside of one it is the service itself. */
export async function note(manager: EntityManager, { action, subject, tenantId, details = {} }: AuditNote): Promise<void> {
  const request = currentRequest();
  const keyId = request?.caller?.keyId ?? null;
  const actor = request === undefined ? 'service' : keyId === null ? 'local' : 'key';
  const forwarded = request?.get('x-forwarded-for') ?? request?.get('forwarded');
  const from = [request?.socket.remoteAddress ?? null, forwarded === undefined ? null : storablePart(forwarded, MOST_FORWARDED)];
  await manager.query(INSERT, [newId(), actor, keyId, tenantId, action, subject.type, subject.id, JSON.stringify(details), ...from, request ? (logFields()['request_id'] ?? null) : null]);
}

/** Removes what is older than `days`. */
export async function forgetOldEvents(manager: EntityManager, days: number): Promise<void> {
  await manager.query('DELETE FROM audit_events WHERE created_at < now() - make_interval(secs => 86400 * $1)', [days]);
}

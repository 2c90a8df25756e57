// What the audit shows, and by what it is sought.
import { z } from 'zod';
import { pageOf, pageQuery } from '../platform/http/cursor.js';
import { ACTORS, AUDIT_ACTIONS, type AuditEvent } from './audit-event.entity.js';

export const auditQuery = pageQuery.extend({
  action: z.enum(AUDIT_ACTIONS).optional().describe('Only what was done in this way.'),
  key_id: z.uuid().optional().describe('Only what was done with this key.'),
  subject_id: z.string().min(1).max(100).optional().describe('Only what was done to this.'),
  tenant_id: z.string().min(1).max(63).optional().describe('Only what belongs to this tenant.'),
  since: z.iso.datetime({ offset: true }).optional().describe('Only what was done from then on.'),
  until: z.iso.datetime({ offset: true }).optional().describe('Only what was done before.'),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const auditEventResource = z
  .object({
    id: z.uuid(),
    object: z.literal('audit_event'),
    created_at: z.iso.datetime(),
    actor: z.enum(ACTORS).describe('local: no key was needed; service: nobody asked for it, as when a retention rule deletes a video.'),
    key: z.object({ id: z.uuid(), name: z.string().nullable() }).nullable().describe('The key that was used, as it was called then.'),
    tenant_id: z.string(),
    action: z.enum(AUDIT_ACTIONS),
    subject: z.object({ type: z.string(), id: z.string() }),
    details: z.record(z.string(), z.unknown()),
    address: z.string().nullable().describe('The other end of the connection.'),
    forwarded_for: z.string().nullable().describe('What the request said of where it came from: to be believed where a proxy of yours wrote it.'),
    request_id: z.string().nullable().describe('As in the log, and in the header X-Request-Id.'),
  })
  .meta({ id: 'AuditEvent' });

export const auditPage = pageOf(auditEventResource).meta({ id: 'AuditPage' });

export const presentEvent = (event: AuditEvent): z.infer<typeof auditEventResource> => ({
  id: event.id,
  object: 'audit_event',
  created_at: event.createdAt.toISOString(),
  actor: event.actor,
  key: event.keyId === null ? null : { id: event.keyId, name: event.keyName },
  tenant_id: event.tenantId,
  action: event.action,
  subject: { type: event.subjectType, id: event.subjectId },
  details: { ...event.details },
  address: event.address,
  forwarded_for: event.forwardedFor,
  request_id: event.requestId,
});

// The outbox: a message is written in the transaction of the change that it tells of, with one delivery for each endpoint that wants it.
import type { EntityManager } from 'typeorm';
import { newId } from '../platform/database/id.js';
import { currentTraceparent } from '../platform/tracing/span.js';
import { bodyOf, type WebhookEvent } from './webhook-events.js';

/** Postgres channel that carries the id of each endpoint that has something to be told. */
export const DUE_CHANNEL = 'webhook_due';

interface Listener {
  readonly id: string;
  readonly tenant_id: string;
  readonly enabled: boolean;
}

/** The share lock keeps an endpoint from being deleted or disabled under its new delivery. */
const LISTENERS = `
  SELECT id, tenant_id, enabled FROM webhook_endpoints
   WHERE tenant_id = COALESCE($1, (SELECT tenant_id FROM videos WHERE id = $2))
     AND (events IS NULL OR $3 = ANY (events)) AND (subject_id IS NULL OR subject_id = $4)
   ORDER BY id FOR SHARE`;

/** Tells the endpoints of the tenant; writes nothing where none wants to know. A disabled one finds it later among its failed deliveries. */
export async function tell(manager: EntityManager, event: WebhookEvent): Promise<void> {
  const { tenantId, videoId } = { tenantId: null, videoId: null, ...event.of };
  const listeners = await manager.query<Listener[]>(LISTENERS, [tenantId, videoId, event.type, event.subjectId ?? null]);
  await deliverTo(manager, listeners, event);
}

/** Writes the message and its deliveries; returns the ids of the latter. */
export async function deliverTo(manager: EntityManager, listeners: readonly Listener[], event: WebhookEvent): Promise<string[]> {
  const [first] = listeners;
  if (!first) return [];
  const messageId = newId();
  const videoId = 'videoId' in event.of ? event.of.videoId : null;
  await manager.query('INSERT INTO webhook_messages (id, tenant_id, video_id, type, body, traceparent) VALUES ($1, $2, $3, $4, $5, $6)', [
    ...[messageId, first.tenant_id, videoId, event.type, bodyOf(event, new Date()), currentTraceparent()],
  ]);
  const ids: string[] = [];
  for (const { id: endpointId, tenant_id, enabled } of listeners) {
    const id = newId();
    await manager.query(
      `INSERT INTO webhook_deliveries (id, tenant_id, endpoint_id, message_id, status, next_attempt_at, finished_at)
       VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN 'pending' ELSE 'failed' END, CASE WHEN $5 THEN now() END, CASE WHEN NOT $5 THEN now() END)`,
      [id, tenant_id, endpointId, messageId, enabled],
    );
    if (enabled) await manager.query('SELECT pg_notify($1, $2)', [DUE_CHANNEL, endpointId]);
    ids.push(id);
  }
  return ids;
}

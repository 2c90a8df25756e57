// Webhook endpoints and deliveries: what may be asked for, and what the API shows.
import { z } from 'zod';
import { pageOf, pageQuery } from '../platform/http/cursor.js';
import { outgoingUrl } from '../platform/http/guarded-fetch.js';
import { storable } from '../platform/http/text.js';
import { isSecret } from './signature.js';
import { type WebhookEndpoint } from './webhook-endpoint.entity.js';
import { EVENT_TYPES, type EventType } from './webhook-events.js';

export const webhookId = z.uuid().describe('Id of a webhook endpoint.');
export const deliveryId = z.uuid().describe('Id of a delivery.');

const url = outgoingUrl.describe('Where messages are posted: a public address, or one that OUTGOING_ALLOW names. Redirects are not followed.');
const events = z.array(z.enum(EVENT_TYPES)).min(1).nullable().describe('Types of messages to send; null: all.');
const description = z.string().trim().max(500).refine(storable, { message: 'must not contain NUL or half of a surrogate pair' });
const secret = z
  .string()
  .refine(isSecret, 'must be whsec_ and 16 to 64 bytes as base64')
  .optional()
  .describe('Signs the messages: whsec_ and 16 to 64 bytes as base64; default one that is made and shown this once.');

export const webhookRequest = z.strictObject({
  url,
  events: events.default(null),
  description: description.default(''),
  enabled: z.boolean().default(true),
  secret,
});
export type WebhookBody = z.infer<typeof webhookRequest>;

/** A webhook of one task or batch alone. */
export const subjectWebhook = webhookRequest
  .omit({ description: true, enabled: true })
  .describe('Told of this alone. Its log is under /v1/webhooks as that of any; where no secret is given, rotate-secret there shows one.');
export type SubjectWebhookBody = z.infer<typeof subjectWebhook>;

export const webhookChange = z
  .strictObject({ url: url.optional(), events: events.optional(), description: description.optional(), enabled: z.boolean().optional() })
  .describe('enabled: true also forgives what it was disabled for.');
export type WebhookChange = z.infer<typeof webhookChange>;

export const rotation = z.strictObject({ secret }).default({});

export const webhookResource = z
  .object({
    id: webhookId,
    object: z.literal('webhook'),
    url: z.string(),
    events: z.array(z.enum(EVENT_TYPES)).nullable(),
    description: z.string(),
    subject_id: z.uuid().nullable().describe('The task or batch that it is told of alone; null: all of them.'),
    enabled: z.boolean(),
    disabled_reason: z.enum(['gone', 'failing']).nullable().describe('gone: it answered 410. failing: nothing came through for five days.'),
    disabled_at: z.iso.datetime().nullable(),
    failing_since: z.iso.datetime().nullable().describe('First failure since the last success.'),
    last_success_at: z.iso.datetime().nullable(),
    paused_until: z.iso.datetime().nullable().describe('It asked to be left alone until then (Retry-After).'),
    previous_secret_until: z.iso.datetime().nullable().describe('After a rotation messages carry a signature of the old secret too, until then.'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' });

export const newWebhook = webhookResource.extend({ secret: z.string().describe('Shown this once.') }).meta({ id: 'WebhookWithSecret' });
export const webhookPage = pageOf(webhookResource).meta({ id: 'WebhookPage' });

const STATUSES = ['pending', 'delivered', 'failed'] as const;

const deliveryFilter = {
  type: z.enum(EVENT_TYPES).optional().describe('Only messages of this type.'),
  created_after: z.iso.datetime({ offset: true }).optional().describe('Only what happened after this instant.'),
  created_before: z.iso.datetime({ offset: true }).optional().describe('Only what happened before this instant.'),
};

export const deliveryQuery = pageQuery.extend({
  status: z.enum(STATUSES).optional().describe('Only those that wait, came through, or were given up.'),
  ...deliveryFilter,
});
export type DeliveryQuery = z.infer<typeof deliveryQuery>;
export type DeliveryFilter = Omit<DeliveryQuery, 'limit' | 'cursor'>;

export const redelivery = z
  .strictObject({ status: z.enum(['failed', 'delivered', 'any']).default('failed').describe('Those that wait are sent anyway.'), ...deliveryFilter })
  .default({ status: 'failed' });
export type Redelivery = z.infer<typeof redelivery>;

export const redelivered = z
  .object({
    deliveries: z.number().int().describe('How many are sent again.'),
    status: z.enum(['failed', 'delivered', 'any']).describe('Which were looked for; failed unless the request said otherwise.'),
    type: z.enum(EVENT_TYPES).nullable(),
    created_after: z.iso.datetime({ offset: true }).nullable().describe('null: since the log begins.'),
    created_before: z.iso.datetime({ offset: true }).nullable().describe('null: until now.'),
  })
  .meta({ id: 'Redelivered' });

export const deliveryResource = z
  .object({
    id: deliveryId,
    object: z.literal('webhook_delivery'),
    webhook_id: webhookId,
    message_id: z.uuid().describe('The `webhook-id` of every attempt.'),
    type: z.enum(EVENT_TYPES),
    status: z.enum(STATUSES),
    attempts: z.number().int(),
    next_attempt_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

export const deliveryPage = pageOf(deliveryResource).meta({ id: 'WebhookDeliveryPage' });

const attemptResource = z.object({
  number: z.number().int(),
  began_at: z.iso.datetime(),
  duration_ms: z.number().int(),
  status_code: z.number().int().nullable().describe('Null: there was no answer.'),
  error_code: z.string().nullable().describe('Why there was none.'),
  response: z.string().describe('First kilobyte of the answer.'),
});

export const deliveryDetail = deliveryResource
  .extend({ payload: z.record(z.string(), z.unknown()).describe('What is sent.'), log: z.array(attemptResource) })
  .meta({ id: 'WebhookDeliveryDetail' });

export function presentWebhook(endpoint: WebhookEndpoint): z.infer<typeof webhookResource> {
  return {
    id: endpoint.id,
    object: 'webhook',
    url: endpoint.url,
    events: endpoint.events,
    description: endpoint.description,
    subject_id: endpoint.subjectId,
    enabled: endpoint.enabled,
    disabled_reason: endpoint.disabledReason,
    disabled_at: endpoint.disabledAt?.toISOString() ?? null,
    failing_since: endpoint.failingSince?.toISOString() ?? null,
    last_success_at: endpoint.lastSuccessAt?.toISOString() ?? null,
    paused_until: endpoint.pausedUntil?.toISOString() ?? null,
    previous_secret_until: endpoint.previousSecretUntil?.toISOString() ?? null,
    created_at: endpoint.createdAt.toISOString(),
  };
}

export interface DeliveryRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly message_id: string;
  readonly type: EventType;
  readonly body: string;
  readonly status: (typeof STATUSES)[number];
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

export interface AttemptRow {
  readonly number: number;
  readonly began_at: Date;
  readonly duration_ms: number;
  readonly status_code: number | null;
  readonly error_code: string | null;
  readonly response: string;
}

export function presentDelivery(delivery: DeliveryRow): z.infer<typeof deliveryResource> {
  const { id, message_id, type, status, attempts } = delivery;
  return {
    ...{ id, message_id, type, status, attempts },
    object: 'webhook_delivery',
    webhook_id: delivery.endpoint_id,
    next_attempt_at: delivery.next_attempt_at?.toISOString() ?? null,
    created_at: delivery.created_at.toISOString(),
    finished_at: delivery.finished_at?.toISOString() ?? null,
  };
}

export const presentDetail = ({ delivery, attempts }: { delivery: DeliveryRow; attempts: readonly AttemptRow[] }): z.infer<typeof deliveryDetail> => ({
  ...presentDelivery(delivery),
  payload: JSON.parse(delivery.body) as Record<string, unknown>,
  log: attempts.map((attempt) => ({ ...attempt, began_at: attempt.began_at.toISOString() })),
});

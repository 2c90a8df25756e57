// Front door of the webhooks domain.
export { type Attempt, type ClaimedEndpoint, DeliveryState, type DueDelivery, isTaken } from './delivery-state.js';
export { DUE_CHANNEL, tell } from './outbox.js';
export { retryAfterSeconds } from './retry-schedule.js';
export { subjectWebhook, type SubjectWebhookBody } from './webhook.schema.js';
export { segmentsThatFit, type WebhookEvent } from './webhook-events.js';
export { WebhookEndpoint } from './webhook-endpoint.entity.js';
export { webhookErrors } from './webhooks.errors.js';
export { WebhooksModule } from './webhooks.module.js';
export { WebhooksService } from './webhooks.service.js';

// Job of the webhooks domain.
import { defineJob } from '../platform/queue/queue.js';

/** Send what is due to an endpoint, one message after the other. Id: an endpoint. */
export const deliverWebhooks = defineJob({ name: 'deliver-webhooks', role: 'delivery' });

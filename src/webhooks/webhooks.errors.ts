// Error codes of webhooks and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const webhookErrors: ErrorStatuses = {
  'webhook.not_found': 404,
  'webhook.delivery_not_found': 404,
  'webhook.too_many': 409,
  'webhook.exists': 409,
  'webhook.disabled': 409,
  'webhook.rotated_meanwhile': 409,
};

// Error codes of repeated requests and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const idempotencyErrors: ErrorStatuses = {
  'idempotency.key_invalid': 400,
  'idempotency.key_reused': 409,
  'idempotency.in_progress': 409,
};

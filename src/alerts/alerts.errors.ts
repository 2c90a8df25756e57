// Error codes of alerts and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const alertErrors: ErrorStatuses = {
  'alert.not_found': 404,
  'alert.too_many': 409,
};

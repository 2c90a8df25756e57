// Error codes of scans and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const scanErrors: ErrorStatuses = {
  'sprite.not_found': 404,
  'sprite.content_missing': 410,
};

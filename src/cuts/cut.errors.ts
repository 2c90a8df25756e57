// Error codes of cuts and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const cutErrors: ErrorStatuses = {
  'cut.not_found': 404,
  'cut.file_not_found': 404,
  'cut.not_ready': 409,
  'cut.finished': 409,
  'cut.too_long': 422,
  'cut.too_many_open': 429,
};

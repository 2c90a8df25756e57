// Error codes of search and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const searchErrors: ErrorStatuses = {
  'search.image_invalid': 422,
  'search.image_too_large': 413,
  'search.form_malformed': 400,
  'search.too_slow': 503,
};

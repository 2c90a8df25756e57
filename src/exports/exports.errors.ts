// Error codes of exports and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const exportErrors: ErrorStatuses = {
  'export.invalid_timecode': 422,
};

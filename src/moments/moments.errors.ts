// Error codes of moments and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const momentErrors: ErrorStatuses = {
  'moments.not_found': 404,
  'moments.not_answered': 409,
  'moments.already_finished': 409,
  'moments.range_outside_video': 422,
};

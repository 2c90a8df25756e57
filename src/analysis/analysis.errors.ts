// Error codes of tasks and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const analysisErrors: ErrorStatuses = {
  'task.not_found': 404,
  'task.already_finished': 409,
  'batch.not_found': 404,
  'batch.already_completed': 409,
  'task.range_outside_video': 422,
  'comparison.other_video': 422,
  'comparison.too_large': 422,
  'prompt.special_token': 422,
  'schema.unsupported': 422,
};

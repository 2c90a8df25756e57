// Error codes of feedback and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const feedbackErrors: ErrorStatuses = {
  'feedback.no_such_answer': 404,
  'feedback.range_outside_video': 422,
};

// Error codes of clip lists and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const clipErrors: ErrorStatuses = { 'clip.range_outside_video': 422 };

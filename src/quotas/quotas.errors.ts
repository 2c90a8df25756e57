// Error codes of what there may not be more of, and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const quotaErrors: ErrorStatuses = {
  'quota.requests': 429,
  'quota.stored_bytes': 403,
  'quota.video_hours': 403,
  'quota.concurrent_tasks': 429,
  'overload.tasks_waiting': 503,
  'overload.scans_waiting': 503,
  'overload.questions_waiting': 503,
  'overload.searches_running': 503,
  'overload.disk_full': 503,
};

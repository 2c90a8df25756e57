// Error codes of proxies and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const proxyErrors: ErrorStatuses = {
  'proxy.not_found': 404,
  'proxy.not_ready': 409,
};

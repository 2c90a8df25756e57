// Error codes of tracks and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const trackErrors: ErrorStatuses = {
  'track.not_found': 404,
  'track.too_large': 413,
  'captions.not_captions': 422,
  'captions.too_long': 422,
};

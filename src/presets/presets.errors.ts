// Error codes of presets and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const presetErrors: ErrorStatuses = {
  'preset.not_found': 404,
  'preset.name_taken': 409,
  'preset.too_many': 409,
  'preset.changed_meanwhile': 412,
};

// Error codes of conversations and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const chatErrors: ErrorStatuses = {
  'chat.not_found': 404,
  'chat.model_unknown': 404,
  'chat.no_model': 503,
  'chat.too_long': 400,
  'chat.not_a_data_url': 422,
  'chat.medium_too_large': 413,
  'chat.video_gone': 410,
  'chat.range_outside_video': 422,
  'chat.arguments_not_json': 422,
  'chat.grounding_ambiguous': 422,
  'chat.restarted': 503,
  'chat.interrupted': 503,
  'chat.canceled': 409,
  'chat.unfinished': 409,
  'chat.timeout': 504,
  'task.gave_up': 503,
  'image.unreadable': 422,
  'image.too_many_pixels': 422,
  'answer.budget_too_small': 422,
  'window.empty': 422,
  'sampling.invalid_fps': 422,
  'resize.limits_reversed': 422,
  'resize.too_thin': 422,
  'resize.side_vanishes': 422,
};

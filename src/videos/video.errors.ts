// Error codes of videos and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const videoErrors: ErrorStatuses = {
  'video.not_found': 404,
  'video.time_outside': 422,
  'video.too_large': 413,
  'video.empty': 422,
  'video.not_a_video': 422,
  'video.no_video_stream': 422,
  'video.unreadable': 422,
  'video.too_many_pixels': 422,
  'video.too_many_frames': 422,
  'video.took_too_long': 422,
  'video.too_much_output': 422,
  'upload.not_multipart': 415,
  'upload.malformed': 400,
  'upload.no_file': 400,
  'upload.too_many_files': 400,
  'upload.aborted': 400,
  'storage.full': 507,
};

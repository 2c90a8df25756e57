// Error codes of videos and their HTTP statuses.
import { AppError } from '../app-error.js';
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const videoErrors: ErrorStatuses = {
  'video.not_found': 404,
  'video.content_missing': 410,
  'video.content_removed': 410,
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
  'storage.unreachable': 503,
  'storage.refused': 503,
  'storage.damaged': 503,
  'ffmpeg.not_found': 503,
  'ffmpeg.not_runnable': 503,
};

/** What a file does to ffmpeg that cannot read it. */
const BREAKDOWNS = new Set(['ffmpeg.died', 'ffmpeg.lost_time', 'ffmpeg.refused']);

/** A file that ffmpeg breaks down on is refused like any other that it cannot read; other errors are left as they are. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof AppError && BREAKDOWNS.has(error.code))) return error;
  return new AppError('video.unreadable', 'The file cannot be read: ffmpeg breaks down on it.', { cause: error });
}

export const videoNotFound = (id: string): AppError => new AppError('video.not_found', `There is no video ${id}.`);

export const tooLarge = (maxBytes: number, cause?: unknown): AppError =>
  new AppError('video.too_large', `The file is larger than ${maxBytes} bytes, the limit here.`, { cause });

export const contentMissing = (id: string, cause: unknown): AppError =>
  new AppError('video.content_missing', `The bytes of video ${id} are no longer stored; delete it and upload it again.`, { cause });

export const contentRemoved = (id: string, at: Date): AppError =>
  new AppError('video.content_removed', `The bytes of video ${id} were removed on ${at.toISOString()} as its retention asks; what was found in it is still there.`);

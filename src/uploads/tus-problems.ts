// What the tus server refuses, as errors of the product.
import { ERRORS } from '@tus/server';
import { AppError, type ErrorCode } from '../app-error.js';
import { asFull } from '../platform/storage/index.js';

const CODES = new Map<unknown, readonly [ErrorCode, string]>([
  [ERRORS.FILE_NOT_FOUND, ['upload.not_found', 'There is no such upload.']],
  [ERRORS.FILE_NO_LONGER_EXISTS, ['upload.gone', 'The upload has expired, was ended or was refused; begin another.']],
  [ERRORS.INVALID_OFFSET, ['upload.offset_conflict', 'Upload-Offset is not where the upload stands; ask with HEAD.']],
  [ERRORS.ERR_SIZE_EXCEEDED, ['upload.too_many_bytes', 'The piece goes beyond the length that was declared.']],
  [ERRORS.ERR_MAX_SIZE_EXCEEDED, ['video.too_large', 'The file is larger than what is taken here.']],
  [ERRORS.ERR_LOCK_TIMEOUT, ['upload.busy', 'Another request works on this upload; try again.']],
  [ERRORS.ABORTED, ['upload.aborted', 'The connection closed before the piece had arrived; what came is kept.']],
]);

const BY_STATUS: Readonly<Record<number, ErrorCode>> = { 413: 'upload.too_many_bytes', 501: 'upload.unsupported' };

/** `thrown` is what was thrown, or the text that the server answered with. */
export function asProblem(status: number, thrown: unknown): unknown {
  const failure = asFull(thrown); // the server hands on the error of the stream, not what the store made of it
  if (failure instanceof AppError) return failure;
  const [code, message] = CODES.get(failure) ?? [];
  if (code !== undefined && message !== undefined) return new AppError(code, message);
  const text = typeof failure === 'string' ? failure : (failure as { body?: unknown }).body;
  if (status >= 500 && status !== 501) return failure;
  return new AppError(BY_STATUS[status] ?? 'upload.invalid_header', typeof text === 'string' ? text.trim() : 'The request is not one of tus 1.0.');
}

// Error codes of uploads and their HTTP statuses.
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const uploadErrors: ErrorStatuses = {
  'upload.not_found': 404,
  'upload.gone': 410,
  'upload.finished': 409,
  'upload.too_many_open': 429,
  'upload.wrong_version': 412,
  'upload.wrong_type': 415,
  'upload.invalid_header': 400,
  'upload.offset_conflict': 409,
  'upload.too_many_bytes': 413,
  'upload.busy': 423,
  'upload.checksum_mismatch': 460,
  'upload.unsupported': 501,
  'import.bucket_forbidden': 403,
};

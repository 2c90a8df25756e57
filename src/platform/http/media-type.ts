// Refuses bodies of a kind that no route reads: a form of another site needs no permission to send those.
import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../../app-error.js';

const READ = ['application/json', 'multipart/form-data', 'application/offset+octet-stream'];

/** `request.unsupported_media_type` for a body that is neither JSON nor a multipart form nor a piece of an upload. */
export function refuseOtherBodies(request: Request, _response: Response, next: NextFunction): void {
  // `is` is null without a body and false for another type, or for none; a POST without a body says that it has no bytes
  if (request.headers['content-length'] === '0' || request.is(READ) !== false) next();
  else next(new AppError('request.unsupported_media_type', 'Send application/json; a file goes as multipart/form-data.'));
}

// What the body of a request says, as one hash, so that two requests can be compared.
import { createHash } from 'node:crypto';
import type { Request } from 'express';

export const isForm = (request: Request): boolean => Boolean(request.is('multipart/form-data'));

/** Of what was parsed, and of what says in headers what is going to be sent. */
export function digestOf({ body, headers }: Request): string {
  const announced = [headers['upload-length'], headers['upload-metadata'], headers['upload-concat']];
  return createHash('sha256').update(JSON.stringify([body ?? null, ...announced])).digest('hex');
}

// Stands in for the authentication of a part of the API that is tested without keys.
import type { NextFunction, Request, Response } from 'express';
import { LOCAL_CALLER } from '../../src/platform/http/access.js';

export function asLocalCaller(request: Request, _response: Response, next: NextFunction): void {
  request.caller = LOCAL_CALLER;
  next();
}

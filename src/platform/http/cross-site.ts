// Refuses what a page of another site makes a browser send: a form needs no permission to reach a service on this machine.
import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../../app-error.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * `request.cross_site` for whatever changes state and names another origin than the host it is sent to, and none of `allowed`; only
 * browsers name one.
 */
export const refuseCrossSite =
  (allowed: readonly string[]) =>
  (request: Request, _response: Response, next: NextFunction): void => {
    const { origin } = request.headers;
    if (isSameOrigin(request) || READING.has(request.method) || (origin !== undefined && allowed.includes(origin))) next();
    else next(new AppError('request.cross_site', `A page of ${origin} may not change anything here.`));
  };

/** Not sent by a page of another origin. */
export function isSameOrigin({ headers }: Request): boolean {
  const { origin, host } = headers;
  // behind a proxy that rewrites Host, the browser's own word counts; a page cannot forge it
  return origin === undefined || hostOf(origin) === host || headers['sec-fetch-site'] === 'same-origin';
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);

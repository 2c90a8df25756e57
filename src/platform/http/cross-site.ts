// Refuses what a page of another site makes a browser send: a form needs no permission to reach a service on this machine.
import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../../app-error.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `request.cross_site` for whatever changes state and names another origin than the host it is sent to; only browsers name one. */
export function refuseCrossSite(request: Request, _response: Response, next: NextFunction): void {
  const { origin, host } = request.headers;
  // behind a proxy that rewrites Host, the browser's own word counts; a page cannot forge it
  const sameSite = origin === undefined || hostOf(origin) === host || request.headers['sec-fetch-site'] === 'same-origin';
  if (sameSite || READING.has(request.method)) next();
  else next(new AppError('request.cross_site', `A page of ${origin} may not change anything here.`));
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);

// Headers of every answer: what a browser may do with it, and who may keep it.
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

/**
 * Pages load what they need from here alone; pictures and video that a page made itself too. Whether a connection has to be
 * encrypted is for whoever ends the encryption to say.
 */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      mediaSrc: ["'self'", 'blob:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
});

/** An answer of the API is for its caller alone: kept only if it is asked for again with its ETag, and never of what was changed. */
export function cacheForCaller({ method, path }: Request, response: Response, next: NextFunction): void {
  if (path.startsWith('/v1/')) {
    response.set('cache-control', method === 'GET' || method === 'HEAD' ? 'private, no-cache' : 'no-store');
    response.vary('Authorization, Cookie');
  }
  next();
}

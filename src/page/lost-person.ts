// Somebody with a browser at an address that leads nowhere: the page says so, in its own words and with a way on.
import type { Request, Response } from 'express';
import { PAGE_FOLDER } from './page-files.js';

/** Addresses of programs: they are told as programs are. */
const OF_PROGRAMS = /^\/(?:v1|health|metrics|docs|queues|openapi\.json|assets|demo)(?:\/|$)/i;

/** Whether it was answered. */
export function answersPerson(request: Request, response: Response): boolean {
  if (!['GET', 'HEAD'].includes(request.method) || OF_PROGRAMS.test(request.path) || request.accepts(['application/problem+json', 'application/json', 'text/html']) !== 'text/html') return false;
  response.status(404).set('cache-control', 'no-cache').vary('accept');
  response.sendFile('index.html', { root: PAGE_FOLDER, cacheControl: false }, (error) => {
    if (error && !response.headersSent) response.type('text/plain').send('There is nothing here, and the page is not built.');
  });
  return true;
}

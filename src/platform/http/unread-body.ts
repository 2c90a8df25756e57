// Answers a request whose body nobody reads.
import type { Request, Response } from 'express';

/** How long a sender who goes on sending has to read the answer. */
const LINGER_MS = 5000;

/** A body of JSON that has not come, or not whole, and any other that was not asked for: its sender may wait to be told, or send it all the same. */
export const isUnread = (request: Request): boolean => !request.complete && (request.headers.expect !== undefined || Boolean(request.is('json')));

/**
 * Sends the answer at once, and closes the connection when the sender has sent all or has had time to read it: a connection that is closed
 * with bytes on their way takes the answer with it.
 */
export function answerAndClose(request: Request, response: Response, text: string): void {
  response.set({ connection: 'close', 'content-length': String(Buffer.byteLength(text)) });
  response.write(text);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).resume();
}

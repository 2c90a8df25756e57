// How long a connection of the API may stay: silent while it sends, and open while the process ends.
import type { Server } from 'node:http';

/** Cuts a connection that says nothing for `idleMs` in the middle of a body; an answer may take as long as it takes. */
export function cutSilentBodies(server: Server, idleMs: number): void {
  server.timeout = 0;
  server.requestTimeout = 0; // slow uploads are welcome
  server.on('request', (request) => {
    if (request.method === 'GET') return;
    request.setTimeout(idleMs);
    request.once('end', () => request.setTimeout(0));
  });
}

/** What was begun may be finished for `graceMs`; then whoever is still connected is cut off. */
export async function drain(server: Server, graceMs: number, close: () => Promise<void>): Promise<void> {
  server.keepAliveTimeout = 1; // a connection that falls idle from here on goes at once
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await close();
  clearTimeout(cut);
}

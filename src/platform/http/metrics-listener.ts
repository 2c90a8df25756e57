// A port of its own for a scraper that has no key: it tells the metrics and nothing else.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { log } from '../log/log.js';

/** Rejects when the port is taken. */
export async function listenForScraper(port: number, host: string, text: () => Promise<string>): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    text().then(
      (metrics) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metrics),
      (error: unknown) => {
        log.error({ err: error }, 'the metrics could not be told');
        response.writeHead(500).end();
      },
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

// A receiver of webhooks that behaves as a test tells it to, and remembers what it was sent.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export class WebhookReceiver {
  readonly received: Received[] = [];
  /** How it answers a path; 204 unless told otherwise. */
  answer: (path: string, response: ServerResponse, request: IncomingMessage) => void = (_path, response) => void response.writeHead(204).end();
  /** Most requests of one path that were open at a time. */
  readonly mostOpen = new Map<string, number>();
  private readonly open = new Map<string, number>();
  private readonly server = createServer((request, response) => void this.receive(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  at(path: string): Received[] {
    return this.received.filter((each) => each.path === path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const now = (this.open.get(path) ?? 0) + 1;
    this.open.set(path, now);
    this.mostOpen.set(path, Math.max(now, this.mostOpen.get(path) ?? 0));
    response.once('close', () => this.open.set(path, (this.open.get(path) ?? 1) - 1));
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    this.received.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    this.answer(path, response, request);
  }
}

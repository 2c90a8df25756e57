// A proxy that passes bytes on until it has passed so many, and then resets the connection: a bad line, the same at every run.
import { connect, createServer, type Server, type Socket } from 'node:net';

export class CuttingProxy {
  /** Bytes that clients sent through it, headers included. */
  passed = 0;
  cuts = 0;
  /** Called as the line is about to break. */
  onCut: () => void = () => undefined;
  private readonly server: Server;

  private constructor(
    private readonly target: number,
    /** Counts of passed bytes at which the line breaks, ascending. */
    private readonly cutAt: number[],
  ) {
    this.server = createServer({ allowHalfOpen: true }, (client) => this.pass(client));
  }

  static async start(target: number, cutAt: readonly number[]): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target, [...cutAt]);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  stop(): void {
    this.server.close();
  }

  private pass(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    const cut = (): void => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    };
    for (const socket of [client, server]) socket.on('error', () => undefined).on('close', cut);
    client.on('data', (chunk: Buffer) => {
      const until = this.cutAt[0] ?? Infinity;
      const passing = chunk.subarray(0, Math.max(0, until - this.passed));
      this.passed += passing.length;
      server.write(passing);
      if (passing.length === chunk.length) return;
      this.cutAt.shift();
      this.cuts++;
      this.onCut();
      cut();
    });
    server.on('data', (chunk: Buffer) => client.write(chunk));
  }
}

// MCP over streamable HTTP: a session a caller, on this machine alone or, elsewhere, for those who have a key of the service.
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express, { type NextFunction, type Request, type Response } from 'express';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { AppError } from '../../app-error.js';
import { isLoopback } from '../../platform/config/listening.js';
import { isSameOrigin } from '../../platform/http/cross-site.js';
import { type AllowedFolders } from './allowed-files.js';
import { createMcpServer } from './mcp-server.js';
import { type UsedService } from './used-service.js';

export interface HttpOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly version: string;
  readonly folders: AllowedFolders;
}

export interface HttpListener {
  readonly url: string;
  close(): Promise<void>;
}

interface Session {
  readonly transport: StreamableHTTPServerTransport;
  /** Hash of the key that it was opened with; whoever comes with another one is somebody else. */
  readonly key: string;
  open: number;
  seenAt: number;
}

const PATH = '/mcp';

/** Of sessions that their callers did not end; one without a request for so long is ended. */
const MOST_SESSIONS = 500;
const IDLE_MS = 60 * 60 * 1000;
const SWEEP_MS = 60 * 1000;

/** Resolves once it listens; rejects when the port is taken. */
export async function listenForMcp(service: UsedService, { host, port, version, folders }: HttpOptions): Promise<HttpListener> {
  const sessions = new Sessions(service, version, folders);
  const needsKey = !isLoopback(host);
  const app = express().disable('x-powered-by');
  app.use(refuseOtherNames(needsKey));
  app.all(PATH, (request, response, next) => void sessions.handle(request, response, needsKey).catch(next));
  app.use((_request: Request, response: Response) => refuse(response, 404, `http.not_found: MCP is at ${PATH}.`));
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const status = error instanceof AppError ? (STATUSES[error.code] ?? 502) : 500;
    if (status === 401) response.set('www-authenticate', 'Bearer realm="secondsight"');
    if (!(error instanceof AppError)) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    refuse(response, status, error instanceof AppError ? `${error.code}: ${error.message}` : 'server.internal: Something went wrong.');
  });
  const server = app.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const chosen = typeof address === 'object' ? address?.port : port;
  return {
    url: `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${chosen}${PATH}`,
    close: async () => {
      await sessions.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

const STATUSES: Readonly<Record<string, number>> = { 'key.missing': 401, 'key.invalid': 401, 'key.expired': 401, 'key.revoked': 401, 'session.not_found': 404, 'session.too_many': 503 };

/**
 * A page whose name somebody made point to this machine is no caller, nor is one of another origin. Where a key is needed any name may be
 * used: no page has the key.
 */
const refuseOtherNames =
  (needsKey: boolean) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const url = `http://${request.headers.host ?? ''}`;
    const isOurs = URL.canParse(url) && isLoopback(new URL(url).hostname);
    if ((isOurs || needsKey) && isSameOrigin(request)) next();
    else refuse(response, 403, 'http.refused: Only callers on this machine are served, and no pages of other sites.');
  };

/** The form of an error that is the answer to no request of JSON-RPC. */
function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null });
}

class Sessions {
  private readonly sessions = new Map<string, Session>();
  private readonly sweeper = setInterval(() => this.endIdle(), SWEEP_MS).unref();

  constructor(
    private readonly service: UsedService,
    private readonly version: string,
    private readonly folders: AllowedFolders,
  ) {}

  async handle(request: Request, response: Response, needsKey: boolean): Promise<void> {
    const key = keyOf(request);
    if (needsKey && key === undefined) throw new AppError('key.missing', 'Send a key of the service: Authorization: Bearer ss_…');
    const id = request.headers['mcp-session-id'];
    const session = id === undefined ? await this.begin(key, needsKey) : this.sessions.get(String(id));
    if (session?.key !== hashOf(key)) throw new AppError('session.not_found', 'There is no such session; begin another.');
    session.open++;
    response.once('close', () => {
      session.open--;
      session.seenAt = Date.now();
    });
    await session.transport.handleRequest(request, response);
    if (id === undefined && session.transport.sessionId === undefined) await session.transport.close(); // it began nothing
  }

  async close(): Promise<void> {
    clearInterval(this.sweeper);
    await Promise.all([...this.sessions.values()].map(({ transport }) => transport.close()));
  }

  /** Known from its first answer on. Rejects with `key.*` where a key is needed and this is none. */
  private async begin(key: string | undefined, needsKey: boolean): Promise<Session> {
    if (needsKey && (await (await this.service.client(key)).session()).key_id === null) throw new AppError('key.invalid', 'This is no key of this service.');
    if (this.sessions.size >= MOST_SESSIONS) throw new AppError('session.too_many', 'Too many sessions are open; end one, or try again later.');
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void this.sessions.set(id, session),
      onsessionclosed: (id) => void this.sessions.delete(id),
    });
    const session: Session = { transport, key: hashOf(key), open: 0, seenAt: Date.now() };
    await createMcpServer({ version: this.version, client: () => this.service.client(key), folders: this.folders }).connect(transport);
    return session;
  }

  private endIdle(): void {
    for (const [id, { transport, open, seenAt }] of this.sessions) {
      if (open > 0 || Date.now() - seenAt < IDLE_MS) continue;
      this.sessions.delete(id);
      void transport.close();
    }
  }
}

/** Undefined where none is sent; rejects with `key.invalid` for what is no bearer token. */
function keyOf({ headers }: Request): string | undefined {
  if (headers.authorization === undefined) return undefined;
  const [, key] = /^bearer +(\S+)$/i.exec(headers.authorization.trim()) ?? [];
  if (key === undefined) throw new AppError('key.invalid', 'Send the key as Authorization: Bearer ss_…');
  return key;
}

const hashOf = (key = ''): string => createHash('sha256').update(key).digest('hex');

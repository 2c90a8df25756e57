// `secondsight mcp`: the tools for agents, over stdin and stdout or over HTTP, as a client of the REST API.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../app-error.js';
import { PROJECT_ROOT } from '../../platform/config/config.js';
import { type ServiceOptions } from '../stack.js';
import { readFolders } from './allowed-files.js';
import { listenForMcp } from './http-listener.js';
import { createMcpServer } from './mcp-server.js';
import { UsedService } from './used-service.js';

export interface McpOptions extends ServiceOptions {
  /** Listen on this port instead of talking by stdin and stdout. */
  readonly http?: number | undefined;
  readonly host: string;
  /** Folders whose files may be uploaded. */
  readonly allowPaths: readonly string[];
}

const LAST_PORT = 65_535;

/** Exit code 0 when the client has gone, or the listener was stopped. */
export async function mcp({ http, host, allowPaths, ...options }: McpOptions): Promise<number> {
  if (http !== undefined && http > LAST_PORT) throw new AppError('usage.invalid', `--http: ${http} is no port.`);
  const service = new UsedService(options);
  const folders = await readFolders(allowPaths);
  const version = (JSON.parse(await readFile(join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string }).version;
  try {
    if (http === undefined) await serveStdio(service, version, allowPaths.length > 0 ? folders : undefined);
    else await serveHttp(service, { host, port: http, version, folders });
  } finally {
    await service.stop();
  }
  return 0;
}

/** Until the client closes stdin. Nothing else is written to stdout. */
async function serveStdio(service: UsedService, version: string, folders: readonly string[] | undefined): Promise<void> {
  const server = createMcpServer({ version, client: () => service.client(), folders });
  const gone = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, resolve);
    process.stdout.once('error', resolve);
  });
  await server.connect(new StdioServerTransport());
  await Promise.race([gone, signaled()]);
  await server.close();
}

async function serveHttp(service: UsedService, options: Parameters<typeof listenForMcp>[1]): Promise<void> {
  const listener = await listenForMcp(service, options);
  process.stderr.write(`MCP      ${listener.url}\nServing; Ctrl-C stops it.\n`);
  await signaled();
  await listener.close();
}

const signaled = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });

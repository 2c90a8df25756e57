// Stands before a running product: whatever the document describes goes through Stoplight Prism, which says where reality differs.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../src/platform/embedded/free-port.js';

const DOCUMENT = resolve('docs/openapi.json');
const PRISM = resolve('node_modules/@stoplight/prism-cli/dist/index.js');
const HOST = '127.0.0.1';

/** What Prism cannot carry, and why: it reads every body whole, and as text. */
const EXEMPT: readonly (readonly [reason: string, of: (call: Call) => boolean])[] = [
  ['a path or method that the document does not have', ({ operation }) => operation === undefined],
  ['bytes that are sent', ({ body }) => body === undefined],
  ['bytes that are answered', ({ path }) => /\/(content|thumbnail|sprites\/[^/]+)$/.test(path)],
  ['a stream of events', ({ path, json }) => path.endsWith('/events') || (json as { stream?: unknown } | undefined)?.stream === true],
  ['a body that is null, 0 or false, which Prism takes for none', ({ json }) => json === null || json === 0 || json === false],
  ['a body that is not JSON', ({ body, json }) => body !== undefined && body.length > 0 && json === undefined],
];

interface Operation {
  readonly 'x-scope': string;
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Call {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Undefined where it is passed on as it comes. */
  readonly body: Buffer | undefined;
  /** Undefined where the body is none. */
  readonly json: unknown;
  readonly operation: Operation | undefined;
}

export interface PrismDoor {
  readonly url: string;
  /** What of the document was not kept to: by an answer, or by a request that was answered all the same. */
  readonly violations: string[];
  /** Requests by what became of them: `checked`, or the reason why not. */
  readonly counts: Record<string, number>;
  stop(): Promise<void>;
}

export async function openPrismDoor(product: string): Promise<PrismDoor> {
  const operations = readOperations();
  const { prism, url: prismUrl } = await startPrism(product);
  const violations: string[] = [];
  const counts: Record<string, number> = {};

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', product).pathname;
    const body = carriesBytes(request) ? undefined : Buffer.concat((await request.toArray()) as Buffer[]);
    const call: Call = { path, headers: request.headers, body, json: parsed(body), operation: operations(request.method ?? '', path) };
    const reason = EXEMPT.find(([, isSo]) => isSo(call))?.[0];
    counts[reason ?? 'checked'] = (counts[reason ?? 'checked'] ?? 0) + 1;
    const answer = await forwarded(request, reason === undefined ? prismUrl : product, call);
    if (reason === undefined) violations.push(...found(call, answer).map((what) => `${request.method} ${path} -> ${answer.statusCode}: ${what}`));
    const { 'sl-violations': _told, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 500, headers);
    response.once('close', () => answer.destroy());
    answer.pipe(response);
  };

  /** As the client of the product itself would send it. */
  const forwarded = (request: IncomingMessage, to: string, { body, json, operation }: Call): Promise<IncomingMessage> => {
    const { host: _host, origin, ...headers } = request.headers;
    const bytes = json === undefined ? body : Buffer.from(JSON.stringify(json)); // Prism writes it anew
    if (bytes && bytes.length > 0) headers['content-length'] = String(bytes.length);
    // the document asks for a key wherever a scope is needed; a service that only this machine reaches does not mind
    const key = headers.authorization === undefined && operation !== undefined && operation['x-scope'] !== 'public' ? { authorization: 'Bearer none' } : {};
    const own = { ...headers, ...key, ...(origin !== undefined && { origin: origin === door.url ? product : origin }) };
    return new Promise((done, fail) => {
      const sending = send(to + request.url, { method: request.method ?? 'GET', headers: own, agent: false });
      sending.on('response', done).on('error', fail);
      request.once('close', () => request.complete || sending.destroy());
      if (bytes) sending.end(bytes);
      else request.on('error', () => sending.destroy()).pipe(sending);
    });
  };

  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const door = {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    ...{ violations, counts },
    async stop() {
      server.closeAllConnections();
      server.close();
      prism.kill();
      if (prism.exitCode === null && prism.signalCode === null) await once(prism, 'exit');
    },
  };
  return door;
}

/** The operation that a method and a path mean; a path without parameters goes first, as in the product. */
function readOperations(): (method: string, path: string) => Operation | undefined {
  const { paths } = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as { paths: Record<string, Record<string, Operation>> };
  const templates = Object.keys(paths)
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`) }));
  return (method, path) => {
    const found = templates.find(({ path: template, pattern }) => pattern.test(path) && method.toLowerCase() in paths[template]!);
    return found && paths[found.path]![method.toLowerCase()];
  };
}

async function startPrism(product: string): Promise<{ prism: ChildProcess; url: string }> {
  const port = await freePort(HOST);
  const prism = spawn(process.execPath, [PRISM, 'proxy', DOCUMENT, product, '--port', String(port), '--host', HOST, '--cors', 'false'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((done, fail) => {
    createInterface({ input: prism.stdout }).on('line', (line) => line.includes('listening on') && done());
    prism.once('exit', (code) => fail(new Error(`Prism ended with ${code}`)));
  });
  return { prism, url: `http://${HOST}:${port}` };
}

interface Violation {
  readonly location: readonly string[];
  readonly severity: string;
  readonly message: string;
}

/** A request may be as it likes where it is refused; an answer may not. */
function found({ operation }: Call, answer: IncomingMessage): string[] {
  const status = answer.statusCode ?? 0;
  const text = [answer.headers['sl-violations'] ?? []].flat()[0];
  const told = text === undefined ? [] : violationsIn(text);
  const grave = told.filter(({ location, severity }) => severity === 'Error' && (location[0] === 'response' || (status < 400 && !isItem(location))));
  const undescribed = operation && !(status in operation.responses) ? [`the document has no answer ${status} here`] : [];
  return [...grave.map(({ location, message }) => `${location.join('.')}: ${message}`), ...undescribed];
}

const carriesBytes = ({ headers }: IncomingMessage): boolean => /^(multipart\/|application\/offset)/.test(headers['content-type'] ?? '');

/** A batch is taken whatever its items are, and says which of them cannot be done. */
const isItem = (location: readonly string[]): boolean => location.slice(0, 3).join('.') === 'request.body.items' && location.length > 3;

/** Prism cuts what does not fit into a header. */
function violationsIn(header: string): Violation[] {
  const whole = header.replace(/^Too many violations! /, '');
  if (whole === header) return JSON.parse(header) as Violation[];
  return JSON.parse(`${whole.slice(0, whole.lastIndexOf('},'))}}]`) as Violation[];
}

function parsed(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}

// The whole product as one tree of processes: Postgres unless there is one, migrations, api and worker.
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../app-error.js';
import { type Config, loadConfig } from '../platform/config/config.js';
import { migrate } from '../platform/database/migrate.js';
import { compiledModule } from '../platform/embedded/compiled-module.js';
import { startEmbeddedPostgres } from '../platform/embedded/embedded-postgres.js';
import { freePort, isPortFree } from '../platform/embedded/free-port.js';
import { ProcessTree } from '../platform/embedded/process-tree.js';
import { type Claim, claimFolder, runningService } from '../platform/embedded/single-instance.js';
import { ApiClient } from './api-client.js';
import { endWithSignals } from './ending.js';
import { firstKeyNote, firstKeyOf } from '../platform/first-key.js';
import { untilReady } from './readiness.js';

export interface StackOptions {
  /** The key that opens a service to which nobody had one: whoever is told has to tell the person, once. Default: a line on stderr. */
  readonly onFirstKey?: (key: string) => void;
  /** Replaces variables of the environment; PORT 0 is any free port. */
  readonly env?: Readonly<Record<string, string>>;
  /** Start although no worker can load its model; then `worker` in the logs says why. Default false. */
  readonly withoutWorker?: boolean;
  /** What is being done, one short sentence each; default: lines on stderr. */
  readonly onStep?: (sentence: string) => void;
  /** Every line that a process writes; default: DATA_DIR/logs/<process>.log. */
  readonly onLine?: (process: string, line: string) => void;
}

export interface Stack {
  readonly baseUrl: string;
  readonly databaseUrl: string;
  /** What a client of its own sends: the key that was made by this start, else SECONDSIGHT_API_KEY; undefined without either. */
  readonly key: string | undefined;
  /**
   * Resolves when the stack has stopped, by `stop`, by Ctrl-C or because its launcher is gone. Whoever reads it wants to
   * serve; a command that does not is ended with exit code 130 instead.
   */
  readonly stopped: Promise<void>;
  /** Stops every process that was started here, in order. */
  stop(): Promise<void>;
}

/** Starts everything and resolves once it can be used. Rejects with a coded error, and leaves nothing running then. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const config = loadConfig({ ...process.env, ...options.env });
  await mkdir(join(config.DATA_DIR, 'logs'), { recursive: true });
  const claim = await claimFolder(config.DATA_DIR);
  if (!claim) throw await alreadyRunning(config.DATA_DIR);
  const stack = new StartingStack(config, claim, options);
  const ending = endWithSignals(() => stack.stop());
  try {
    return {
      ...(await stack.start()),
      stop: () => ending.stop(),
      get stopped() {
        return ending.stopped;
      },
    };
  } catch (error) {
    await ending.stop();
    throw error;
  }
}

/** A service that runs, and a key of it; both may be left out. */
export interface ServiceOptions {
  readonly server?: string | undefined;
  readonly key?: string | undefined;
}

/** Runs `work` against the service at `server` or SECONDSIGHT_SERVER, else against the one that runs on the data folder, else against one of its own. */
export async function withService<T>({ server, key }: ServiceOptions, work: (api: ApiClient) => Promise<T>): Promise<T> {
  const { DATA_DIR, SECONDSIGHT_SERVER, SECONDSIGHT_API_KEY } = loadConfig();
  const clientOf = (baseUrl: string): ApiClient => new ApiClient(baseUrl, undefined, key ?? SECONDSIGHT_API_KEY);
  const remote = server ?? SECONDSIGHT_SERVER;
  if (remote !== undefined) return work(clientOf(withoutSlash(remote)));
  const running = await runningService(DATA_DIR);
  if (running?.baseUrl) return work(clientOf(running.baseUrl));
  const stack = await startStack({ env: process.env['PORT'] ? {} : { PORT: '0' } });
  try {
    return await work(new ApiClient(stack.baseUrl, undefined, key ?? stack.key));
  } finally {
    await stack.stop();
  }
}

/** Paths are put behind it. */
export const withoutSlash = (address: string): string => address.replace(/\/+$/, '');

class StartingStack {
  private readonly tree = new ProcessTree();
  private readonly logs = new Map<string, WriteStream>();
  private firstKey: string | undefined;

  constructor(
    private readonly config: Config,
    private readonly claim: Claim,
    private readonly options: StackOptions,
  ) {}

  async start(): Promise<Pick<Stack, 'baseUrl' | 'databaseUrl' | 'key'>> {
    const databaseUrl = this.config.DATABASE_URL ?? (await this.startDatabase());
    const ran = await migrate(databaseUrl);
    if (ran.length > 0) this.step(`${ran.length} migration${ran.length === 1 ? '' : 's'} applied`);
    const port = await this.choosePort();
    const env = { ...this.options.env, DATABASE_URL: databaseUrl, PORT: String(port), ...logFormat() };
    const baseUrl = `http://${reachable(this.config.HOST)}:${port}`;
    this.step('Starting api and worker');
    await this.startProcess('api', '../main.js', env, 'listening');
    const worker = await this.startProcess('worker', '../../workers/main.js', env);
    await untilReady(baseUrl, worker, this.options.withoutWorker ?? false);
    await this.claim.publish({ baseUrl, databaseUrl });
    return { baseUrl, databaseUrl, key: this.firstKey ?? this.config.SECONDSIGHT_API_KEY };
  }

  async stop(): Promise<void> {
    await this.tree.stop();
    await this.claim.release();
    for (const log of this.logs.values()) log.end();
  }

  private async startDatabase(): Promise<string> {
    this.step('Starting Postgres');
    return startEmbeddedPostgres(this.tree, this.config.DATA_DIR, (line) => this.line('postgres', line));
  }

  private startProcess(name: string, module: string, env: Record<string, string>, ready?: string) {
    return this.tree.start({
      name,
      module: compiledModule(module, import.meta.url),
      env,
      ...(ready && { ready }),
      stopSeconds: this.config.SHUTDOWN_SECONDS + 5,
      onMessage: (message) => this.hear(message),
      onLine: (line) => this.line(name, line),
    });
  }

  /** A first key goes by this way alone, and so into no log. */
  private hear(message: unknown): void {
    const key = firstKeyOf(message);
    if (key === undefined) return;
    this.firstKey = key;
    if (this.options.onFirstKey) this.options.onFirstKey(key);
    else process.stderr.write(firstKeyNote(key));
  }

  /** A port that was asked for must be had; the default one gives way. */
  private async choosePort(): Promise<number> {
    const { HOST, PORT } = this.config;
    const asked = this.options.env?.['PORT'] || process.env['PORT'];
    if (!asked || PORT === 0) return freePort(HOST, PORT);
    if (await isPortFree(HOST, PORT)) return PORT;
    throw new AppError('service.port_taken', `Port ${PORT} of ${HOST} is in use; set PORT to another one.`);
  }

  private step(sentence: string): void {
    if (this.options.onStep) this.options.onStep(sentence);
    else process.stderr.write(`${sentence}\n`);
  }

  private line(name: string, line: string): void {
    if (this.options.onLine) return this.options.onLine(name, line);
    const log = this.logs.get(name) ?? createWriteStream(join(this.config.DATA_DIR, 'logs', `${name}.log`), { flags: 'a' });
    this.logs.set(name, log);
    if (!log.writableEnded) log.write(`${line}\n`);
  }
}

async function alreadyRunning(dataDir: string): Promise<AppError> {
  const service = await runningService(dataDir);
  const where = service?.baseUrl ? `at ${service.baseUrl}` : 'and is starting';
  return new AppError(
    'service.already_running',
    `A service runs on ${dataDir} already ${where} (process ${service?.pid ?? 'unknown'}): use it, or set DATA_DIR and PORT for a second one.`,
  );
}

/** An address that listens on every interface is reached on this machine's own. */
const reachable = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host);

const logFormat = (): Record<string, string> => (process.stderr.isTTY && !process.env['LOG_FORMAT'] ? { LOG_FORMAT: 'text' } : {});

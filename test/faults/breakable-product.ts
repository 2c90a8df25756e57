// The built product as single processes on a database of its own: each can be killed, frozen and added by a test.
import { mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { ApiClient, type TaskJson } from '../../src/cli/api-client.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { freePort } from '../../src/platform/embedded/free-port.js';
import { embeddedPostgres, type ServerKind, temporaryFolder, type TestServer } from '../medium/servers.js';
import { processesOf, ProductProcess } from './product-process.js';

export interface ProductOptions {
  /** Replaces variables of the environment of every process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the embedded Postgres behind its guard. */
  readonly postgres?: ServerKind;
  /** One worker is started with this; undefined: none is. Default {}. */
  readonly worker?: Readonly<Record<string, string>> | undefined;
}

/** Work of a worker that died is taken up soon, and yet no living one loses a lease on a busy machine. */
const QUICK = { LEASE_SECONDS: '5', SWEEP_SECONDS: '1', SCAN_CONCURRENCY: '1', LOG_FORMAT: 'json', HOST: '127.0.0.1' };

/** How long anything may take that must happen at all. */
export const PATIENCE = { timeout: 60_000, interval: 50 };

/** A pattern that the id of the worker matches, as it stands in leases and heartbeats. */
export const ownerOf = (worker: ProductProcess): string => `${hostname()}:${worker.pid}:%`;

export class BreakableProduct {
  readonly client: ApiClient;
  readonly workers: ProductProcess[] = [];
  readonly api: ProductProcess;
  private readonly pool: pg.Pool;

  private constructor(
    /** DATA_DIR of every process. */
    readonly directory: string,
    readonly database: TestServer,
    readonly baseUrl: string,
    /** Of every process. */
    readonly env: Readonly<Record<string, string>>,
  ) {
    this.client = new ApiClient(baseUrl);
    this.pool = new pg.Pool({ connectionString: database.url, max: 2 });
    this.pool.on('error', () => undefined); // the server is killed now and then
    this.api = new ProductProcess({ module: 'src/main.js', env });
  }

  static async start({ env = {}, postgres = embeddedPostgres, ...options }: ProductOptions = {}): Promise<BreakableProduct> {
    const directory = temporaryFolder();
    const database = await postgres.start();
    await migrate(database.url);
    const port = String(await freePort('127.0.0.1'));
    const all = { ...QUICK, ...env, DATA_DIR: directory, DATABASE_URL: database.url, PORT: port };
    mkdirSync(directory, { recursive: true });
    const product = new BreakableProduct(directory, database, `http://127.0.0.1:${port}`, all);
    try {
      await product.api.hears('listening');
      if (!('worker' in options)) await product.addWorker();
      else if (options.worker) await product.addWorker(options.worker);
    } catch (error) {
      await product.stop().catch(() => undefined);
      throw error;
    }
    return product;
  }

  /** The first worker. */
  get worker(): ProductProcess {
    return this.workers[0]!;
  }

  /** Resolves once it serves. */
  async addWorker(env: Readonly<Record<string, string>> = {}): Promise<ProductProcess> {
    const worker = new ProductProcess({ module: 'workers/main.js', env: { ...this.env, ...env } });
    this.workers.push(worker);
    await this.untilServing(worker);
    return worker;
  }

  async untilServing(worker: ProductProcess): Promise<void> {
    await vi.waitFor(async () => {
      const beats = await this.rows<{ status: string }>('SELECT status FROM workers WHERE id LIKE $1', [ownerOf(worker)]);
      expect(beats.map(({ status }) => status), worker.lines.slice(-20).join('\n')).toEqual(['ready']);
    }, PATIENCE);
  }

  async rows<Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(sql, parameters)).rows;
  }

  /** Resolves with what the statement selects once that is at least one row, however often the database goes away meanwhile. */
  untilRows<Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return vi.waitFor(async () => {
      const rows = await this.rows<Row>(sql, parameters);
      if (rows.length === 0) throw new Error(`no row yet: ${sql}\n${this.workers.map(({ lines }) => lines.slice(-10).map((line) => line.slice(0, 300)).join('\n')).join('\n')}`);
      return rows;
    }, PATIENCE);
  }

  async task(id: string): Promise<TaskJson> {
    const response = await fetch(`${this.baseUrl}/v1/analyze/tasks/${id}`).catch((cause: unknown) => {
      throw new AppError('api.unreachable', 'The API is away.', { cause });
    });
    return (await response.json()) as TaskJson;
  }

  /** Does it again for as long as the API is away, as a client with patience does. */
  async patiently<T>(work: (client: ApiClient) => Promise<T>): Promise<T> {
    const deadline = Date.now() + PATIENCE.timeout;
    for (;;) {
      try {
        return await work(this.client);
      } catch (error) {
        if ((error as { code?: string }).code !== 'api.unreachable' || Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** Ends everything, and rejects when a process is left. */
  async stop(): Promise<void> {
    for (const each of [...this.workers, this.api]) await each.stop();
    await this.pool.end();
    await this.database.stop();
    await vi.waitFor(() => expect(processesOf(this.directory)).toEqual([]), { timeout: 20_000, interval: 100 });
    rmSync(this.directory, { recursive: true, force: true });
  }
}

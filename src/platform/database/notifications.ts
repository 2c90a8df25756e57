// Messages between processes by LISTEN and NOTIFY: sent with a transaction's commit, heard on one shared connection.
import pg from 'pg';
import { log } from '../log/log.js';

/** Injection token of the Notifications. */
export const NOTIFICATIONS = Symbol('Notifications');

/** Whatever can run a statement: a DataSource, the EntityManager of a transaction, a pg client. */
export interface Statements {
  query(sql: string, parameters: unknown[]): Promise<unknown>;
}

export interface Notifications {
  /** Sends with the commit of the caller's transaction. Keep the payload to an id: Postgres allows 8000 bytes. */
  notify(within: Statements, channel: string, payload: string): Promise<void>;
  /**
   * Calls `handler` with every payload from now on; returns the function that ends it. What is sent while the database
   * cannot be reached is lost: whoever must not miss anything also reads the state from time to time.
   */
  subscribe(channel: string, handler: (payload: string) => void): () => void;
  close(): Promise<void>;
}

const RETRY_MS = [100, 200, 500, 1000, 2000, 5000] as const;

/** Opens its connection with the first subscriber, and again whenever it is lost. */
export function createNotifications(url: string): Notifications {
  return new SharedListener(url);
}

class SharedListener implements Notifications {
  private readonly handlers = new Map<string, Set<(payload: string) => void>>();
  private client: pg.Client | undefined;
  private connecting: Promise<void> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;
  private closed = false;

  constructor(private readonly url: string) {}

  async notify(within: Statements, channel: string, payload: string): Promise<void> {
    await within.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }

  subscribe(channel: string, handler: (payload: string) => void): () => void {
    const known = this.handlers.get(channel);
    const handlers = (known ?? new Set()).add(handler);
    this.handlers.set(channel, handlers);
    if (!this.client) this.connect();
    else if (!known) this.listen(this.client, channel);
    return () => void handlers.delete(handler); // the channels are few, and each is soon wanted again: listening goes on
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    this.handlers.clear();
    await this.connecting;
    await this.client?.end();
    this.client = undefined;
  }

  private connect(): void {
    if (this.closed || this.client) return;
    this.connecting ??= this.open().finally(() => {
      this.connecting = undefined;
    });
  }

  private async open(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, keepAlive: true, application_name: 'secondsight listener' });
    client.on('notification', ({ channel, payload = '' }) => this.handlers.get(channel)?.forEach((handler) => handler(payload)));
    client.on('error', ignoreLostConnection); // 'end' follows
    client.on('end', () => this.reconnect(client));
    try {
      await client.connect();
      if (this.closed) return await client.end();
      this.client = client;
      this.failures = 0;
      for (const channel of this.handlers.keys()) this.listen(client, channel);
    } catch (error) {
      if (this.failures === 0) log.warn({ err: error }, 'cannot listen to the database; trying again');
      this.reconnect(client);
    }
  }

  /** A statement that fails here means that the connection is gone, and 'end' opens the next one. */
  private listen(client: pg.Client, channel: string): void {
    client.query(`LISTEN ${pg.escapeIdentifier(channel)}`).catch(ignoreLostConnection);
  }

  private reconnect(lost: pg.Client): void {
    if (this.closed || (this.client !== undefined && this.client !== lost)) return;
    this.client = undefined;
    const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), wait);
  }
}

function ignoreLostConnection(error: unknown): void {
  log.debug({ err: error }, 'the listening connection was lost');
}

// The database of a machine that has none: a Postgres from npm, with its files below the data folder.
import pg from 'pg';
import { compiledModule } from './compiled-module.js';
import { freePort } from './free-port.js';
import { openCluster, SUPERUSER } from './postgres-cluster.js';
import { type GuardOrders } from './postgres-guard.js';
import { type ProcessTree } from './process-tree.js';

export const DATABASE = 'secondsight';

const HOST = '127.0.0.1';

/**
 * Starts the server that belongs to `dataDir` as a child of `tree`, on a free port of this machine, and returns the URL
 * of its database. Rejects with `postgres.*` or `process.start_failed`.
 */
export async function startEmbeddedPostgres(
  tree: ProcessTree,
  dataDir: string,
  onLine: (line: string) => void = () => undefined,
): Promise<string> {
  const { postgres, data, user, password } = await openCluster(dataDir);
  const port = await freePort(HOST);
  const orders: GuardOrders = { postgres, data, port, user };
  await tree.start({
    name: 'postgres',
    module: compiledModule('./postgres-guard.js', import.meta.url),
    args: [JSON.stringify(orders)],
    ready: 'ready',
    stopSeconds: 25,
    onLine,
  });
  const urlOf = (database: string): string => `postgres://${SUPERUSER}:${password}@${HOST}:${port}/${database}`;
  await createDatabase(urlOf('postgres'));
  return urlOf(DATABASE);
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

// The queue's tables live in the schema `bullmq` of the product's own database.
import { type BackendFactory, type ConnectionOptions, createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import { type QueueBackend, unreachable } from './backend.js';

const SCHEMA = 'bullmq';
/** A ring that a crash of the server loses is rung again by the sweeper: nobody waits for the disk. */
const OPTIONS = `-c search_path=${SCHEMA} -c synchronous_commit=off`;
const PRODUCER_CONNECTIONS = 3;
const WORKER_CONNECTIONS = 2; // per kind of job, beside the one that listens

/** Connects and brings the schema up to date, which any number of processes may do at once. */
export async function openPostgresBackend(url: string): Promise<QueueBackend> {
  const pool = new pg.Pool({
    connectionString: url,
    max: PRODUCER_CONNECTIONS,
    options: OPTIONS,
    connectionTimeoutMillis: 5000,
    application_name: 'secondsight queue',
  });
  pool.setMaxListeners(0); // each kind of job listens to it
  pool.on('error', () => undefined); // an idle connection was lost; the next query opens another
  try {
    await migrate(pool);
  } catch (cause) {
    await pool.end();
    throw unreachable('Postgres', cause);
  }
  return {
    name: 'Postgres',
    bull: withBackend(createPostgresBackend as unknown as BackendFactory),
    producer: pool as unknown as ConnectionOptions,
    consumer: { connectionString: withOptions(url), max: WORKER_CONNECTIONS, schema: SCHEMA },
    check: async () => {
      await pool.query('SELECT 1');
    },
    close: () => pool.end(),
  };
}

/** BullMQ makes these connections itself. */
const withOptions = (url: string): string => `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(OPTIONS)}`;

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

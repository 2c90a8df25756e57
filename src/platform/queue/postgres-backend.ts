// The queue's tables live in the schema `bullmq` of the product's own database.
import { type BackendFactory, type ConnectionOptions, createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import { type QueueBackend, unreachable } from './backend.js';

const SCHEMA = 'bullmq';
/** A ring that a crash of the server loses is rung again by the sweeper: nobody waits for the disk. */
const OPTIONS = `-c search_path=${SCHEMA} -c synchronous_commit=off`;
const PRODUCER_CONNECTIONS = 3;
const WORKER_CONNECTIONS = 4; // of all kinds of jobs, beside the one of each that listens

/** Connects and brings the schema up to date, which any number of processes may do at once. */
export async function openPostgresBackend(url: string): Promise<QueueBackend> {
  const producer = openPool(url, PRODUCER_CONNECTIONS);
  const pools = new Set([producer]);
  try {
    await migrate(producer);
  } catch (cause) {
    await producer.end();
    throw unreachable('Postgres', cause);
  }
  return {
    name: 'Postgres',
    bull: withBackend(createPostgresBackend as unknown as BackendFactory),
    producer: producer as unknown as ConnectionOptions,
    consumerOf: (kinds) => {
      const consumer = openPool(url, kinds + WORKER_CONNECTIONS);
      pools.add(consumer);
      const end = (): void => {
        if (pools.delete(consumer)) void consumer.end();
      };
      return { connection: consumer, end };
    },
    check: async () => {
      await producer.query('SELECT 1');
    },
    close: async () => {
      await Promise.all([...pools].map((pool) => pool.end()));
    },
  };
}

function openPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max, options: OPTIONS, connectionTimeoutMillis: 5000, application_name: 'secondsight queue' });
  pool.setMaxListeners(0); // each kind of job listens to it
  pool.on('error', () => undefined); // an idle connection was lost; the next query opens another
  return pool;
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

// Brings a database to the newest schema, or takes the newest step back.
import { readdir } from 'node:fs/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { AppError } from '../../app-error.js';

/** `/migrations` beside `/src`, or `/dist/migrations` beside `/dist/src`. */
const FOLDER = new URL('../../../migrations/', import.meta.url);
const FILE = /^\d+-[\w-]+\.(js|ts)$/;
const LOCK = 73_736_368; // any number, the same in every process

type MigrationClass = new () => object;

/** Runs what is missing; returns the names of what it ran. Any number of processes may call it at once. */
export function migrate(url: string): Promise<string[]> {
  return locked(url, async (dataSource) => (await dataSource.runMigrations({ transaction: 'each' })).map(({ name }) => name));
}

/** Undoes the newest migration. */
export function revert(url: string): Promise<void> {
  return locked(url, (dataSource) => dataSource.undoLastMigration({ transaction: 'each' }));
}

async function locked<T>(url: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const holder = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  const dataSource = new DataSource({ type: 'postgres', url, migrations: await loadMigrations(), installExtensions: false });
  try {
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await dataSource.initialize();
    return await work(dataSource);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('database.migration_failed', `The database could not be migrated: ${reason}`, { cause });
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await holder.end();
  }
}

/** Every class that the files of the folder export, in order of their names. */
async function loadMigrations(): Promise<MigrationClass[]> {
  const files = (await readdir(FOLDER)).filter((name) => FILE.test(name)).sort();
  const modules = await Promise.all(files.map((name) => import(new URL(name, FOLDER).href) as Promise<Record<string, unknown>>));
  return modules.flatMap((module) => Object.values(module).filter((value): value is MigrationClass => typeof value === 'function'));
}

// Reads a list from the database, for a bounded time.
import { type DataSource, QueryFailedError } from 'typeorm';
import { AppError } from '../app-error.js';
import { type Found } from './ranked-list.js';

/** Longest that the database may take for one list, milliseconds. */
const MOST_MS = 5000;

/** SQLSTATE of a statement that was stopped. */
const STOPPED = '57014';

/** Rejects with `search.too_slow`. */
export async function boundedRead<Row = Found>(dataSource: DataSource, sql: string, values: readonly unknown[], settings: Readonly<Record<string, string>> = {}): Promise<Row[]> {
  const all = Object.entries({ statement_timeout: String(MOST_MS), jit: 'off', ...settings });
  try {
    return await dataSource.transaction(async (manager) => {
      await manager.query('SELECT set_config(name, value, true) FROM unnest($1::text[], $2::text[]) AS setting(name, value)', [all.map(([name]) => name), all.map(([, value]) => value)]);
      return manager.query<Row[]>(sql, [...values]);
    });
  } catch (cause) {
    if (!(cause instanceof QueryFailedError && (cause.driverError as { code?: string }).code === STOPPED)) throw cause;
    throw new AppError('search.too_slow', `The search took more than ${MOST_MS / 1000} s; narrow it by a filter, or try again later.`, { cause });
  }
}

// Finds rows whose work is due: those that nobody holds and that need not wait any longer.
import type { DataSource } from 'typeorm';
import { type JobContract } from '../queue/queue.js';

export interface DueJob {
  readonly job: JobContract;
  readonly id: string;
}

export interface DueQuery {
  readonly job: JobContract;
  /** Selects `id`. */
  readonly sql: string;
}

/** At most this many rows of each kind are rung for in one sweep. */
const BATCH = 500;

export async function dueJobs(dataSource: DataSource, queries: readonly DueQuery[]): Promise<DueJob[]> {
  const found = await Promise.all(
    queries.map(async ({ job, sql }) => {
      const rows = await dataSource.query<{ id: string }[]>(`${sql} ORDER BY id LIMIT ${BATCH}`);
      return rows.map(({ id }) => ({ job, id }));
    }),
  );
  return found.flat();
}

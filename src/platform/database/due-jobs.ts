// Finds rows whose work is due: those that nobody holds and that need not wait any longer.
import type { DataSource } from 'typeorm';
import { timeOfId } from './id.js';
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

/** How much of a kind is due. */
export interface DueMeasure {
  readonly job: string;
  readonly count: number;
  /** Of the oldest, since its row was made; 0 where nothing is due. */
  readonly ageSeconds: number;
}

export async function measureDue(dataSource: DataSource, { job, sql }: DueQuery, now: number = Date.now()): Promise<DueMeasure> {
  const [found] = await dataSource.query<{ count: number; oldest: string | null }[]>(
    `WITH due AS MATERIALIZED (${sql}) SELECT count(*)::int AS count, (SELECT id FROM due ORDER BY id LIMIT 1) AS oldest FROM due`,
  );
  const { count = 0, oldest = null } = found ?? {};
  return { job: job.name, count, ageSeconds: oldest === null ? 0 : Math.max(0, (now - timeOfId(oldest)) / 1000) };
}

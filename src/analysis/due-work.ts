// What Postgres knows to be waiting: the sweeper rings for it again, whatever became of the queue.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type JobContract } from '../platform/queue/queue.js';
import { analyzeWindow, mergeTask, prepareTask } from './analysis.job.js';

export interface DueJob {
  readonly job: JobContract;
  readonly id: string;
}

const FREE = `(lease_until IS NULL OR lease_until < now())`;

/** At most this many rows of each kind are rung for in one sweep. */
const BATCH = 500;

const QUERIES: readonly { readonly job: JobContract; readonly sql: string }[] = [
  {
    job: prepareTask,
    sql: `SELECT id FROM tasks WHERE status IN ('queued', 'processing') AND stage IN ('queued', 'scan', 'plan') AND ${FREE}`,
  },
  {
    job: analyzeWindow,
    sql: `SELECT id FROM windows WHERE status IN ('queued', 'processing') AND ${FREE} AND (not_before IS NULL OR not_before <= now())
          AND EXISTS (SELECT 1 FROM tasks WHERE tasks.id = windows.task_id AND tasks.status = 'processing')`,
  },
  {
    job: mergeTask,
    sql: `SELECT id FROM tasks WHERE status = 'processing' AND stage = 'windows' AND windows_done = windows_total AND ${FREE}`,
  },
];

@Injectable()
export class DueWork {
  constructor(private readonly dataSource: DataSource) {}

  async list(): Promise<DueJob[]> {
    const found = await Promise.all(
      QUERIES.map(async ({ job, sql }) => {
        const rows = await this.dataSource.query<{ id: string }[]>(`${sql} ORDER BY id LIMIT ${BATCH}`);
        return rows.map(({ id }) => ({ job, id }));
      }),
    );
    return found.flat();
  }
}

// What Postgres knows of analyses that wait: the sweeper rings for it again, whatever became of the queue.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type DueJob, dueJobs, type DueQuery } from '../platform/database/due-jobs.js';
import { FREE } from '../platform/database/lease.js';
import { analyzeWindow, mergeTask, planTask } from './analysis.job.js';

export const DUE_ANALYSIS: readonly DueQuery[] = [
  { job: planTask, sql: `SELECT id FROM tasks WHERE status IN ('queued', 'processing') AND stage IN ('queued', 'scan') AND ${FREE}` },
  {
    job: analyzeWindow,
    sql: `SELECT id FROM windows WHERE status IN ('queued', 'processing') AND ${FREE}
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

  due(): Promise<DueJob[]> {
    return dueJobs(this.dataSource, DUE_ANALYSIS);
  }

  /** The tasks that go on when more of a video has been scanned. */
  async tasksOf(videoId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM tasks WHERE video_id = $1 AND status IN ('queued', 'processing') AND stage IN ('queued', 'scan') ORDER BY priority, id`,
      [videoId],
    );
    return rows.map(({ id }) => id);
  }
}

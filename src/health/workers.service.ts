// The living workers, as their heartbeats tell.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { WorkerHeartbeat } from './worker-heartbeat.entity.js';

/** A worker says that it is alive this often. */
export const HEARTBEAT_SECONDS = 5;

/** Silence after which a worker counts as gone. */
const GONE_SECONDS = 4 * HEARTBEAT_SECONDS;

@Injectable()
export class WorkersService {
  constructor(private readonly dataSource: DataSource) {}

  async beat(worker: Omit<WorkerHeartbeat, 'startedAt' | 'seenAt'>): Promise<void> {
    const { id, status, model, errorCode, errorMessage } = worker;
    await this.dataSource.query(
      `INSERT INTO workers (id, status, model, error_code, error_message, seen_at) VALUES ($1, $2, $3, $4, $5, now())
       ON CONFLICT (id) DO UPDATE SET status = $2, model = $3, error_code = $4, error_message = $5, seen_at = now()`,
      [id, status, model && JSON.stringify(model), errorCode, errorMessage],
    );
  }

  async leave(id: string): Promise<void> {
    await this.dataSource.query('DELETE FROM workers WHERE id = $1', [id]);
  }

  async alive(): Promise<WorkerHeartbeat[]> {
    await this.dataSource.query(`DELETE FROM workers WHERE seen_at < now() - make_interval(days => 1)`);
    return this.dataSource
      .getRepository(WorkerHeartbeat)
      .createQueryBuilder('worker')
      .where('worker.seen_at > now() - make_interval(secs => :gone)', { gone: GONE_SECONDS })
      .orderBy('worker.startedAt')
      .getMany();
  }
}

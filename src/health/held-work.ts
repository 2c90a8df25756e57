// What each worker does now: the leases that it holds.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export const WORK_KINDS = ['window', 'plan', 'scan', 'question', 'chat', 'fetch', 'cut', 'copy', 'webhook'] as const;

export interface HeldWork {
  readonly worker: string;
  readonly kind: (typeof WORK_KINDS)[number];
  /** Null for work on none or on several. */
  readonly videoId: string | null;
  readonly videoName: string | null;
  /** When it was taken, or last told how far it is. */
  readonly since: Date;
}

const OPEN = `status IN ('queued', 'processing') AND lease_until > now()`;

const held = (kind: HeldWork['kind'], table: string, video: string): string =>
  `SELECT lease_owner AS worker, '${kind}' AS kind, ${video} AS video_id, updated_at AS since FROM ${table} WHERE ${OPEN}`;

const HELD = `
  SELECT h.worker, h.kind, h.video_id AS "videoId", v.name AS "videoName", h.since
    FROM (${[
      held('window', 'windows', '(SELECT video_id FROM tasks WHERE tasks.id = task_id)'),
      held('plan', 'tasks', 'video_id'),
      held('scan', 'scans', 'id'),
      held('scan', 'scan_chunks', 'video_id'),
      held('question', 'moment_queries', 'video_id'),
      held('chat', 'chat_completions', 'NULL::uuid'),
      held('fetch', 'uploads', 'NULL::uuid'),
      held('cut', 'cuts', 'NULL::uuid'),
      held('copy', 'proxies', 'id'),
      `SELECT lease_owner, 'webhook', NULL, updated_at FROM webhook_endpoints WHERE lease_until > now()`,
    ].join(' UNION ALL ')}) h
    LEFT JOIN videos v ON v.id = h.video_id
   ORDER BY h.since`;

@Injectable()
export class HeldWorkService {
  constructor(private readonly dataSource: DataSource) {}

  /** The longest first. */
  list(): Promise<HeldWork[]> {
    return this.dataSource.query<HeldWork[]>(HELD);
  }
}

// What Postgres knows of scans that wait, whatever became of the queue.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type DueJob, dueJobs, type DueQuery } from '../platform/database/due-jobs.js';
import { FREE } from '../platform/database/lease.js';
import { beginScan } from '../videos/video.job.js';
import { finishScan, scanChunk } from './scan.job.js';

export const DUE_SCANS: readonly DueQuery[] = [
  {
    job: beginScan,
    sql: `SELECT videos.id FROM videos LEFT JOIN scans ON scans.id = videos.id
           WHERE videos.status = 'ready' AND (scans.id IS NULL OR (scans.status IN ('queued', 'processing') AND stage = 'begin' AND ${FREE}))`,
  },
  {
    job: scanChunk,
    sql: `SELECT id FROM scan_chunks WHERE status IN ('queued', 'processing') AND ${FREE}
          AND EXISTS (SELECT 1 FROM scans WHERE scans.id = video_id AND scans.status IN ('queued', 'processing'))`,
  },
  {
    job: finishScan,
    sql: `SELECT id FROM scans WHERE status IN ('queued', 'processing') AND stage = 'chunks' AND chunks_done = chunks_total AND ${FREE}`,
  },
];

@Injectable()
export class DueScans {
  constructor(private readonly dataSource: DataSource) {}

  due(): Promise<DueJob[]> {
    return dueJobs(this.dataSource, DUE_SCANS);
  }
}

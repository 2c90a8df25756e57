// The analysis of a video that questions are put to: its windows, and a mark of all that can be found in the video.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type PlannedWindow } from '../model/grounding/window-plan.js';
import { CURRENT_TASK } from '../segments/index.js';

export interface CurrentAnalysis {
  readonly taskId: string;
  /** Every window of it is there, or was given up. */
  readonly finished: boolean;
  readonly startTime: number;
  readonly endTime: number;
  /** Windows exist for everything before this second. */
  readonly plannedUntil: number;
  /** Those that say how they are looked at, as every window does that was planned from a scan. */
  readonly windows: readonly AnalysisWindow[];
}

export interface AnalysisWindow extends PlannedWindow {
  readonly ordinal: number;
  readonly status: 'queued' | 'processing' | 'ready' | 'failed';
}

interface TaskRow {
  readonly id: string;
  readonly status: 'ready' | 'queued' | 'processing';
  readonly start_time: number;
  readonly end_time: number;
  readonly planned_until: number | null;
}

const CURRENT = `
  SELECT id, status, start_time, end_time, planned_until, windows_done, windows_total FROM tasks
   WHERE id = (${CURRENT_TASK}) AND status IN ('ready', 'queued', 'processing')`;

/** Numbers that change whenever a segment, a window or a vector comes or goes. */
const STATE = `
  WITH task AS (${CURRENT}),
       found AS (SELECT id FROM segments WHERE video_id = $1 AND (task_id = (SELECT id FROM task) OR source = 'track'))
  SELECT jsonb_build_array(
    (SELECT jsonb_build_array(id, status, planned_until, windows_done, windows_total) FROM task),
    (SELECT count(*) FROM windows WHERE task_id = (SELECT id FROM task) AND status = 'ready'),
    (SELECT jsonb_build_array(count(*), bit_xor(hashtextextended(id::text, 0))) FROM found),
    (SELECT jsonb_build_array(count(*), min(model), max(model)) FROM segment_vectors WHERE segment_id IN (SELECT id FROM found)),
    (SELECT jsonb_build_array(count(*), min(model), max(model)) FROM frame_vectors WHERE video_id = $1),
    (SELECT decoded_until FROM videos WHERE id = $1))::text AS state`;

@Injectable()
export class CurrentAnalyses {
  constructor(private readonly dataSource: DataSource) {}

  /** Undefined for a video that was never analysed, or whose analyses all failed or were canceled. */
  async of(videoId: string): Promise<CurrentAnalysis | undefined> {
    const [task] = await this.dataSource.query<TaskRow[]>(CURRENT, [videoId]);
    if (!task) return undefined;
    const windows = await this.dataSource.query<AnalysisWindow[]>(
      `SELECT ordinal, start_time AS "startSeconds", end_time AS "endSeconds", sampling, why, status
         FROM windows WHERE task_id = $1 AND why <> '{}' ORDER BY ordinal`,
      [task.id],
    );
    return {
      taskId: task.id,
      finished: task.status === 'ready',
      startTime: task.start_time,
      endTime: task.end_time,
      plannedUntil: task.status === 'ready' ? task.end_time : (task.planned_until ?? task.start_time),
      windows,
    };
  }

  /** The same text for the same segments, windows and vectors, and another one otherwise. */
  async state(videoId: string): Promise<string> {
    const [row] = await this.dataSource.query<{ state: string }[]>(STATE, [videoId]);
    return row?.state ?? '';
  }
}

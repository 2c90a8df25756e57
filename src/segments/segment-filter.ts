// Which segments of a video are meant, as the condition of a statement.
import { type SelectQueryBuilder } from 'typeorm';
import { type Segment, type SegmentSource } from './segment.entity.js';

export interface SegmentFilter {
  readonly type?: string | undefined;
  readonly source?: SegmentSource | undefined;
  /** Every word of it must be in the text. */
  readonly text?: string | undefined;
  readonly start_time?: number | undefined;
  readonly end_time?: number | undefined;
  readonly min_confidence?: number | undefined;
}

/** Adds the filter to a query over segments `s`: what belongs to the video, and to one analysis; undefined: the current one. */
export function filterSegments(rows: SelectQueryBuilder<Segment>, videoId: string, taskId: string | null | undefined, filter: SegmentFilter): SelectQueryBuilder<Segment> {
  const task = taskId === undefined ? '(SELECT current_task_id FROM videos WHERE id = :videoId)' : ':taskId';
  rows.where('s.video_id = :videoId', { videoId }).andWhere(`(s.task_id IS NULL OR s.task_id = ${task})`, { taskId });
  if (filter.type) rows.andWhere({ type: filter.type });
  if (filter.source) rows.andWhere({ source: filter.source });
  if (filter.start_time !== undefined) rows.andWhere('s.end_time > :from', { from: filter.start_time });
  if (filter.end_time !== undefined) rows.andWhere('s.start_time < :to', { to: filter.end_time });
  if (filter.min_confidence !== undefined) rows.andWhere('s.confidence >= :sure', { sure: filter.min_confidence });
  for (const [n, word] of wordsOf(filter.text).entries()) rows.andWhere(`s.text ILIKE :word${n}`, { [`word${n}`]: `%${word.replace(/[\\%_]/g, '\\$&')}%` });
  return rows;
}

const wordsOf = (text = ''): string[] => text.split(/\s+/).filter(Boolean);

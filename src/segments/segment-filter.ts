// Which segments of a video are meant, as the condition of a statement.
import { type SegmentSource } from './segment.entity.js';

export interface SegmentFilter {
  readonly type?: string | undefined;
  readonly source?: SegmentSource | undefined;
  /** Every word of it must be in the text. */
  readonly text?: string | undefined;
  readonly start_time?: number | undefined;
  readonly end_time?: number | undefined;
  readonly min_confidence?: number | undefined;
}

/** A condition with named parameters, as TypeORM takes them. */
export interface Condition {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The condition on segments `s`: what belongs to the video, and to one analysis; undefined: the current one. */
export function segmentCondition(videoId: string, taskId: string | null | undefined, filter: SegmentFilter): Condition {
  const parameters: Record<string, unknown> = { videoId };
  const put = (name: string, value: unknown): string => {
    parameters[name] = value;
    return `:${name}`;
  };
  const task = taskId === undefined ? '(SELECT current_task_id FROM videos WHERE id = :videoId)' : put('taskId', taskId);
  const conditions = ['s.video_id = :videoId', `(s.task_id IS NULL OR s.task_id = ${task})`];
  if (filter.type) conditions.push(`s.type = ${put('type', filter.type)}`);
  if (filter.source) conditions.push(`s.source = ${put('source', filter.source)}`);
  if (filter.start_time !== undefined) conditions.push(`s.end_time > ${put('from', filter.start_time)}`);
  if (filter.end_time !== undefined) conditions.push(`s.start_time < ${put('to', filter.end_time)}`);
  if (filter.min_confidence !== undefined) conditions.push(`s.confidence >= ${put('sure', filter.min_confidence)}`);
  for (const [n, word] of wordsOf(filter.text).entries()) conditions.push(`s.text ILIKE ${put(`word${n}`, `%${word.replace(/[\\%_]/g, '\\$&')}%`)}`);
  return { sql: conditions.join(' AND '), parameters };
}

const wordsOf = (text = ''): string[] => text.split(/\s+/).filter(Boolean);

// Which segments are searched, as SQL conditions on `segments s` joined with `videos v`.
import { type Segment } from '../segments/index.js';

export interface SegmentScope {
  readonly tenantId: string;
  readonly videoIds?: readonly string[] | undefined;
  /** Of what the model said, only this analysis; absent: of each video the current one. */
  readonly taskId?: string | null | undefined;
  readonly types?: readonly string[] | undefined;
  readonly sources?: readonly Segment['source'][] | undefined;
  readonly minConfidence?: number | undefined;
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
  /** Only videos stored after this instant. */
  readonly createdAfter?: Date | undefined;
}

/** Values of a statement in the order of their places. */
export class Parameters {
  readonly values: unknown[] = [];

  /** `$n` for the value. */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** Conditions on the video alone; the table of videos is `v`. */
export function videoConditions({ tenantId, videoIds, createdAfter }: SegmentScope, parameters: Parameters): string {
  const conditions = [`v.status = 'ready'`, `v.tenant_id = ${parameters.add(tenantId)}`];
  if (videoIds) conditions.push(`v.id = ANY (${parameters.add(videoIds)}::uuid[])`);
  if (createdAfter) conditions.push(`v.created_at > ${parameters.add(createdAfter)}`);
  return conditions.join(' AND ');
}

export function segmentConditions(scope: SegmentScope, parameters: Parameters): string {
  const task = scope.taskId === undefined ? 'v.current_task_id' : `${parameters.add(scope.taskId)}::uuid`;
  return [videoConditions(scope, parameters), `(s.task_id IS NULL OR s.task_id = ${task})`, ...segmentOwnConditions(scope, parameters)].join(' AND ');
}

/** Conditions on the segment alone. */
export function segmentOwnConditions({ types, sources, minConfidence, startTime, endTime }: SegmentScope, parameters: Parameters): string[] {
  const conditions: string[] = [];
  if (types) conditions.push(`s.type = ANY (${parameters.add(types)}::text[])`);
  if (sources) conditions.push(`s.source = ANY (${parameters.add(sources)}::text[])`);
  if (minConfidence !== undefined) conditions.push(`s.confidence >= ${parameters.add(minConfidence)}`);
  if (startTime !== undefined) conditions.push(`s.end_time > ${parameters.add(startTime)}`);
  if (endTime !== undefined) conditions.push(`s.start_time < ${parameters.add(endTime)}`);
  return conditions;
}

/** So few videos that all of their segments may be looked at. */
const MOST_VIDEOS = 20;

export const isNarrow = ({ videoIds }: SegmentScope): boolean => videoIds !== undefined && videoIds.length <= MOST_VIDEOS;

/** Conditions on a second `f` of a video, which lasts until the expression `until`. */
export function secondConditions(scope: SegmentScope, parameters: Parameters, until: string): string {
  const { startTime, endTime } = scope;
  const conditions = [videoConditions(scope, parameters)];
  if (startTime !== undefined) conditions.push(`${until} > ${parameters.add(startTime)}`);
  if (endTime !== undefined) conditions.push(`f.second < ${parameters.add(endTime)}`);
  return conditions.join(' AND ');
}

// What receivers are told of an analysis, in the transactions that bring it on.
import type { EntityManager } from 'typeorm';
import { type NewSegment } from '../segments/index.js';
import { segmentsThatFit, tell } from '../webhooks/index.js';
import { type Task } from './task.entity.js';

/** Seconds between two notes of how far a task has come. */
const PROGRESS_SECONDS = 10;

/** Of a row of `tasks`. */
export const PROGRESS_IS_DUE = `(progress_told_at IS NULL OR progress_told_at < now() - make_interval(secs => ${PROGRESS_SECONDS}))`;

type Subject = Pick<Task, 'id' | 'videoId'>;

const about = ({ id, videoId }: Subject) => ({ url: `/v1/analyze/tasks/${id}`, of: { videoId }, subjectId: id });
const ids = ({ id, videoId }: Subject) => ({ task_id: id, video_id: videoId });

/** Tells of progress where it is due. */
export async function tellProgress(manager: EntityManager, task: Subject): Promise<void> {
  const [[row]] = await manager.query<[{ done: number; total: number; until: number | null }[], number]>(
    `UPDATE tasks SET progress_told_at = now()
      WHERE id = $1 AND ${PROGRESS_IS_DUE}
      RETURNING windows_done AS done, windows_total AS total, processed_until AS until`,
    [task.id],
  );
  if (!row) return;
  const { done, total, until } = row;
  await tell(manager, { type: 'task.progress', data: { ...ids(task), windows: { done, total }, processed_until: until }, ...about(task) });
}

/** One message for all that a window showed. */
export async function tellSegments(manager: EntityManager, task: Subject, window: { startTime: number; endTime: number }, segments: readonly NewSegment[]): Promise<void> {
  if (segments.length === 0) return;
  const { startTime: start_time, endTime: end_time } = window;
  const seen = segments.map(({ startTime, endTime, ...segment }) => ({ ...segment, start_time: startTime, end_time: endTime }));
  const url = `/v1/videos/${task.videoId}/segments?task_id=${task.id}&start_time=${start_time}&end_time=${end_time}`;
  await tell(manager, { type: 'segment.created', data: { ...ids(task), window: { start_time, end_time }, ...segmentsThatFit(seen) }, ...about(task), url });
}

export type TaskEnd = { readonly segments: number } | { readonly error: { readonly code: string; readonly message: string } } | 'canceled';

export async function tellEnd(manager: EntityManager, task: Subject, end: TaskEnd): Promise<void> {
  if (end === 'canceled') await tell(manager, { type: 'task.canceled', data: ids(task), ...about(task) });
  else if ('error' in end) await tell(manager, { type: 'task.failed', data: { ...ids(task), error: end.error }, ...about(task) });
  else await tell(manager, { type: 'task.ready', data: { ...ids(task), segments: end.segments }, ...about(task) });
}

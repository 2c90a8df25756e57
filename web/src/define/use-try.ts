// The analysis by which kinds were tried on a part of a video, and what it found: the address names it.
import { useMemo } from 'react';
import { changeQuery, useQueryValue } from '../address/address';
import { useLiveTasks } from '../api/live-tasks';
import { useFound, useFreshSegments, useOutline } from '../api/segments';
import { startAnalysis, useTasksOf, useWindows } from '../api/tasks';
import type { PlannedWindow, Segment, Task, Video } from '../api/resources';
import { definitionsOf, type Draft, setDraft } from './draft';
import { missingOf } from './missing';
import { clearFaults, showFaults, showFaultsAt } from './faults';

const NONE: never[] = [];

/** Seconds that are tried where nothing is selected. */
const FIRST_SECONDS = 60;

export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

export const rangeToTry = (video: Video, selected: TimeRange | undefined): TimeRange => selected ?? { start: 0, end: Math.min(FIRST_SECONDS, video.duration) };

export interface Try {
  readonly task: Task | undefined;
  readonly windows: readonly PlannedWindow[];
  /** What the model found, in order: the first of it where it is very much. */
  readonly found: readonly Segment[];
  /** Whether there is more than `found`. */
  readonly more: boolean;
  readonly isLoading: boolean;
}

export function useTry(video: Video): Try {
  const { task, isLoading: readsTasks } = useTriedTask(video.id);
  const running = useMemo(() => (task ? [task] : []), [task]);
  useLiveTasks(running);
  useFreshSegments(video.id, `${task?.windows.done ?? 0} ${task?.status ?? ''}`);
  const { data: windows = NONE, isLoading: readsWindows } = useWindows(task);
  const { data: found, isLoading: readsFound } = useFound(video.id, task?.id);
  const isLoading = readsTasks || readsWindows || readsFound;
  return useMemo(() => ({ task, windows: task ? windows : NONE, found: (task && found?.data) ?? NONE, more: found?.next_cursor != null, isLoading }), [task, windows, found, isLoading]);
}

function useTriedTask(videoId: string): { readonly task: Task | undefined; readonly isLoading: boolean } {
  const id = useQueryValue('try');
  const { data: tasks = NONE, isLoading } = useTasksOf(videoId);
  return { task: tasks.find((one) => one.id === id), isLoading };
}

/** How many of each kind the try found; undefined before there is one. */
export function useFoundKinds(videoId: string): ReadonlyMap<string, number> | undefined {
  const { task } = useTriedTask(videoId);
  const { data: outline } = useOutline({ videoId, taskId: task?.id, type: '', text: '', least: 0 });
  return useMemo(() => (task && outline?.task_id === task.id ? new Map(outline.types.map(({ type, count }) => [type, count])) : undefined), [task, outline]);
}

/** Faults are shown at their fields; any other failure rejects. */
export async function startTry(video: Video, draft: Draft, { start, end }: TimeRange): Promise<void> {
  clearFaults();
  if (showFaultsAt(missingOf(draft))) return;
  try {
    const task = await startAnalysis({ video_id: video.id, segment_definitions: definitionsOf(draft), start_time: start, end_time: end, priority: 'high' });
    setDraft((now) => ({ ...now, tried: task.id }));
    changeQuery({ video: video.id, try: task.id });
  } catch (error) {
    if (!showFaults(error)) throw error;
  }
}

/** Looks for the same kinds in all of the video; returns the analysis. */
export const analyseWhole = (video: Video, draft: Draft): Promise<Task> => startAnalysis({ video_id: video.id, segment_definitions: definitionsOf(draft), priority: 'normal' });

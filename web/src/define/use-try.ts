// The analysis by which kinds were tried on a part of a video, and what it found: the address names it.
import { useMemo } from 'react';
import { changeQuery, useQueryValue } from '../address/address';
import { useLiveTasks } from '../api/live-tasks';
import { useSegments } from '../api/segments';
import { startAnalysis, useTasksOf, useWindows } from '../api/tasks';
import type { PlannedWindow, Segment, Task, Video } from '../api/resources';
import { definitionsOf, type Draft, setDraft } from './draft';
import { clearFaults, showFaults } from './faults';

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
  /** What the model found, in order. */
  readonly found: readonly Segment[];
  readonly shots: readonly Segment[];
}

export function useTry(video: Video): Try {
  const id = useQueryValue('try');
  const { data: tasks = NONE } = useTasksOf(video.id);
  const task = tasks.find((one) => one.id === id);
  const running = useMemo(() => (task ? [task] : []), [task]);
  useLiveTasks(running);
  const { data: windows = NONE } = useWindows(task);
  const { data: segments = NONE } = useSegments(video.id, task?.id, versionOf(task));
  return useMemo(
    () => ({ task, windows: task ? windows : NONE, found: task ? segments.filter(({ source, task_id }) => source === 'model' && task_id === task.id) : NONE, shots: segments.filter(({ type, source }) => type === 'shot' && source === 'signal') }),
    [task, windows, segments],
  );
}

const versionOf = (task: Task | undefined): string => `${task?.windows.done ?? 0} ${task?.status ?? ''}`;

/** How many of each kind the try found; undefined before there is one. */
export function useFoundKinds(videoId: string): ReadonlyMap<string, number> | undefined {
  const id = useQueryValue('try');
  const { data: tasks = NONE } = useTasksOf(videoId);
  const task = tasks.find((one) => one.id === id);
  const { data: segments } = useSegments(videoId, task?.id, versionOf(task));
  return useMemo(() => {
    if (!task || !segments) return undefined;
    const counts = new Map<string, number>();
    for (const { type, task_id } of segments) if (task_id === task.id) counts.set(type, (counts.get(type) ?? 0) + 1);
    return counts;
  }, [task, segments]);
}

/** Faults are shown at their fields; any other failure rejects. */
export async function startTry(video: Video, draft: Draft, { start, end }: TimeRange): Promise<void> {
  clearFaults();
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

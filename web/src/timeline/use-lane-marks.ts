// The segments as marks: of the whole video, and closer ones of the part that is in sight.
import { useMarks } from '../api/segments';
import type { SegmentMark } from '../api/resources';
import { useMemo, useSyncExternalStore } from 'react';
import type { Extent } from './scale';
import type { Viewport } from './use-viewport';

const NONE: readonly SegmentMark[] = [];

export interface LaneMarks {
  readonly whole: readonly SegmentMark[];
  readonly inSight: readonly SegmentMark[];
  readonly isLoading: boolean;
}

export function useLaneMarks(videoId: string, taskId: string | undefined, duration: number, { extent }: Viewport): LaneMarks {
  const { data: whole = NONE, isLoading } = useMarks(videoId, taskId, { start: 0, end: duration });
  const key = useSyncExternalStore(extent.subscribe, () => Object.values(rangeAround(extent.get(), duration)).join(' '));
  const range = useMemo(() => rangeAround(extent.get(), duration), [key, extent, duration]);
  const { data: inSight = whole } = useMarks(videoId, taskId, range);
  return { whole, inSight, isLoading };
}

/** The same while one moves a little: with room on either side, in stretches that halve with each step closer. */
export function rangeAround({ start, end }: Extent, duration: number): Extent {
  const step = Math.max(0, Math.floor(Math.log2(duration / (end - start))));
  if (step < 1) return { start: 0, end: duration };
  const half = duration / 2 ** (step + 1);
  const first = Math.floor(start / half); // what is in sight is one to two halves long
  return { start: Math.max(0, (first - 1) * half), end: Math.min(duration, (first + 4) * half) };
}

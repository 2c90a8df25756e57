// The part of a frame index that one stretch of a video needs: an index of ten hours need not travel with each window of half a minute.
import { type FrameIndex } from './frame-plan.js';

export interface SliceableIndex extends FrameIndex {
  readonly keyframePts: Float64Array; // [keyframes]
}

/** Keyframes before the stretch that are kept, so that a container that lands late can be tried from further back. */
const KEYFRAMES_BEFORE = 3;

/**
 * Frames and keyframes that planning and decoding of [startSeconds, endSeconds) may look at: everything from a few keyframes before the
 * stretch to a few frames after it. Times, origin and end are those of the whole video.
 */
export function sliceIndex<Index extends SliceableIndex>(index: Index, { startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }): Index {
  const ticks = (seconds: number): number => index.originPts + (seconds * index.timeBase.den) / index.timeBase.num;
  const keyframe = Math.max(0, countBefore(index.keyframePts, ticks(startSeconds)) - KEYFRAMES_BEFORE);
  const from = Math.min(countBefore(index.pts, index.keyframePts[keyframe] ?? -Infinity), countBefore(index.pts, ticks(startSeconds)) - 1);
  const to = countBefore(index.pts, ticks(endSeconds)) + 2;
  return {
    ...index,
    pts: index.pts.slice(Math.max(0, from), to),
    keyframePts: index.keyframePts.slice(keyframe, countBefore(index.keyframePts, ticks(endSeconds)) + 1),
  };
}

/** How many of the ascending values are below `value`. */
function countBefore(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

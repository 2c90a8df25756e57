// Where decoding must begin so that a wanted frame is whole: at a keyframe not later than it.
import { type Rational } from './media.js';

/** A place to begin; `seconds` is on the file's own clock, undefined for the beginning of the file. */
export interface SeekPoint {
  readonly seconds: number | undefined;
  /** The first decoded frame may not be later than this, else the container has sent us too far. */
  readonly landBy: number; // pts
}

/** Containers that are searched by bytes land anywhere near; for them the second try begins this much earlier. */
const SECOND_TRY_SECONDS = 10;

/** ffmpeg goes back by 3/23 s on its own when a stream has reordered frames; without this it would land one keyframe early. */
const REORDER_SECONDS = 0.15;

/** What to try in turn until decoding begins early enough for the frame at `pts`; the last one always does. */
export function seekPoints(keyframePts: ArrayLike<number>, pts: number, timeBase: Rational): SeekPoint[] {
  const seconds = (ticks: number): number => (ticks * timeBase.num) / timeBase.den;
  const beginning = { seconds: undefined, landBy: Infinity };
  const last = lastNotAfter(keyframePts, pts);
  const keyframe = keyframePts[last];
  if (last < 1 || keyframe === undefined) return [beginning];
  const next = keyframePts[last + 1];
  const slack = next === undefined ? REORDER_SECONDS : Math.min(REORDER_SECONDS, seconds(next - keyframe) / 2);
  const points: SeekPoint[] = [{ seconds: seconds(keyframe) + slack, landBy: keyframe }];
  const earlier = seconds(keyframe) - SECOND_TRY_SECONDS;
  if (earlier > seconds(keyframePts[0] ?? 0)) points.push({ seconds: earlier, landBy: keyframe });
  return [...points, beginning].filter(({ seconds: from }) => from === undefined || from > 0);
}

/** Index of the last of the ascending `values` that is not after `value`; -1 if all are. */
export function lastNotAfter(values: ArrayLike<number>, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

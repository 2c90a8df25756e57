// Compares what was measured in a joined video with what is known of it: where its clips meet, and that every round is like the first.
import { type SegmentJson } from '../../src/cli/api-client.js';
import { type JoinedClip } from './join.js';

export interface Join {
  /** First picture of the clip that begins here. */
  readonly frame: number;
  readonly from: string;
  readonly to: string;
}

/** Where one clip gives way to the next, in every round, and one round to the next. */
export function joinsOf(clips: readonly JoinedClip[], rounds: number): Join[] {
  const joins: Join[] = [];
  let frame = 0;
  for (let k = 0; k < clips.length * rounds; k++) {
    const [clip, before] = [clips[k % clips.length]!, clips[(k + clips.length - 1) % clips.length]!];
    if (k > 0) joins.push({ frame, from: before.name, to: clip.name });
    frame += clip.frames;
  }
  return joins;
}

type Span = Pick<SegmentJson, 'type' | 'start_time' | 'end_time'>;

/** Joins at which no shot begins with exactly that picture. */
export function missedJoins(joins: readonly Join[], segments: readonly Span[], rate: number): Join[] {
  const starts = new Set(segments.filter(({ type }) => type === 'shot').map(({ start_time }) => Math.round(start_time * 1000)));
  return joins.filter(({ frame }) => ![-1, 0, 1].some((slack) => starts.has(Math.round((frame / rate) * 1000) + slack)));
}

/**
 * Segments that lie wholly inside the second round and have no twin in the last, and the other way round: a time that drifts makes all of
 * them differ.
 */
export function driftedSegments(segments: readonly Span[], roundSeconds: number, rounds: number): Span[] {
  const within = (round: number): Map<string, Span> =>
    new Map(
      segments
        .filter(({ start_time, end_time }) => start_time > round * roundSeconds + MARGIN && end_time < (round + 1) * roundSeconds - MARGIN)
        .map((span) => [`${span.type} ${[span.start_time, span.end_time].map((at) => (at - round * roundSeconds).toFixed(2)).join(' ')}`, span]),
    );
  const [early, late] = [within(1), within(rounds - 2)];
  return [...early].filter(([key]) => !late.has(key)).concat([...late].filter(([key]) => !early.has(key))).map(([, span]) => span);
}

const MARGIN = 0.5; // seconds

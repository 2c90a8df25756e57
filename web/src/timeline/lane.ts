// A lane of the timeline: stretches of one kind in order of start, laid in rows where they overlap.
import type { Extent } from './scale';

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** Custom property of the page. */
  readonly color: string;
  /** Drawn with a broken edge: looked at, and not believed. */
  readonly hollow?: boolean;
  /** Id of the segment or moment. */
  readonly id?: string;
}

export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly spans: readonly Span[];
  /** Row of each span. */
  readonly rows: readonly number[];
  readonly rowCount: number;
  /** Longest span, so that those in sight are found by their start. */
  readonly longest: number;
  /** Values from 0 to 1 along the video, drawn as a curve instead of spans. */
  readonly curve?: LaneCurve;
  /** How many there are, where the spans do not stand for one each, or only for those in sight. */
  readonly count?: number;
  /** Nothing is known from this second on. */
  readonly knownUntil?: number;
}

export interface LaneCurve {
  readonly start: number;
  readonly step: number;
  readonly values: readonly (number | null)[];
}

const MOST_ROWS = 3;

type LaneHead = Pick<Lane, 'id' | 'name' | 'color'> & Partial<Pick<Lane, 'curve' | 'knownUntil' | 'count'>>;

/** `spans` in any order. */
export function laneOf(head: LaneHead, spans: readonly Span[]): Lane {
  const sorted = [...spans].sort((a, b) => a.start - b.start || a.end - b.end);
  const ends: number[] = [];
  let longest = 0;
  const rows = sorted.map(({ start, end }) => {
    longest = Math.max(longest, end - start);
    const free = ends.findIndex((until) => until <= start + 1e-6);
    const row = free >= 0 ? free : Math.min(ends.length, MOST_ROWS - 1);
    ends[row] = Math.max(ends[row] ?? 0, end);
    return row;
  });
  return { ...head, spans: sorted, rows, rowCount: Math.max(1, ends.length), longest };
}

/** The spans that may be in sight: from `first` to the one before `end`. */
export function inSight({ spans, longest }: Lane, { start, end }: Extent): { readonly first: number; readonly end: number } {
  return { first: firstFrom(spans, start - longest), end: firstFrom(spans, end) };
}

/** Index of the first span that starts at a second or later. */
function firstFrom(spans: readonly Span[], seconds: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.start ?? 0) < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The shortest span at a second, of those in a row where one is given. */
export function spanAt(lane: Lane, seconds: number, row?: number): Span | undefined {
  let found: Span | undefined;
  for (let k = firstFrom(lane.spans, seconds - lane.longest); k < lane.spans.length; k++) {
    const span = lane.spans[k];
    if (!span || span.start > seconds) break;
    const fits = span.end >= seconds && (row === undefined || lane.rows[k] === row);
    if (fits && (!found || span.end - span.start < found.end - found.start)) found = span;
  }
  return found;
}

// Joins what overlapping windows said: an event cut or seen twice at a window's edge becomes one event.
import { byTime, gapSeconds, intersection, JOIN_GAP_SECONDS, overlapShare, type TimeRange, union } from './time-range.js';
import { likeness, type Wording, wordingOf } from './wording.js';

/** The range that a window looked at, in seconds of the video. */
export interface LookedAt {
  readonly ordinal: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** An event as one window reported it, in seconds of the video. */
export interface WindowEvent {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  readonly confidence: number;
  /** Kind and values of an event that was asked for by definition; only events of one type are ever joined. */
  readonly type?: string | undefined;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
  /** The window that said so. */
  readonly window: LookedAt;
}

/** One event of the video with the window events it was made of, in order of their windows. */
export interface MergedEvent extends Omit<WindowEvent, 'window'> {
  readonly parts: readonly WindowEvent[];
}

/** Two events of one window that share more of their time than this, and their words, are one that was written twice. */
const WRITTEN_TWICE_IOU = 0.8;

/** Events told in other words must agree this far about the time that both windows looked at. */
const OTHER_WORDS_IOU = 0.5;

/** One thing that one window reported, once or twice. */
interface Sighting extends TimeRange {
  readonly events: readonly WindowEvent[];
  readonly window: LookedAt;
  readonly type: string | undefined;
  readonly wording: Wording;
}

/** An event in the making: all its sightings, and those that a later window may still go on from. */
interface Thread {
  readonly sightings: Sighting[];
  live: readonly Sighting[];
}

/**
 * Two events are the same when different windows report them with the same or nearly the same words, for times that meet inside the
 * range both looked at; in other words only if the times also agree there. The union of the times is kept, with words, fields and
 * confidence of the surest part. Of the windows that looked at all of an event (`looked`, those with events unless told), some may not
 * have seen it: its confidence is lowered to the share that did. The order of the input does not matter; ordinals of windows ascend
 * with their times.
 *
 * @example 'The ring moves.' 20-30 in window [0, 30) and 'A ring is moving.' 24-33 in window [24, 54) become 20-33.
 */
export function mergeEvents(events: readonly WindowEvent[], looked: readonly LookedAt[] = events.map((event) => event.window)): MergedEvent[] {
  const threads: Thread[] = [];
  let open: Thread[] = []; // only threads that are not finished
  for (const sightings of sightingsByWindow(events)) {
    const from = (sightings[0]?.window.startSeconds ?? 0) - JOIN_GAP_SECONDS;
    for (const thread of open) thread.live = thread.live.filter((sighting) => sighting.endSeconds >= from);
    open = open.filter(({ live }) => live.length > 0);
    const continued = assign(open, sightings);
    for (const sighting of sightings) {
      const thread = continued.get(sighting) ?? { sightings: [], live: [] };
      if (thread.sightings.length === 0) {
        threads.push(thread);
        open.push(thread);
      }
      thread.sightings.push(sighting);
      thread.live = [...thread.live, sighting];
    }
  }
  const watch = createWatch(looked);
  return threads.map((thread) => join(thread, watch)).sort((a, b) => byTime(a, b) || compare(a.text, b.text));
}

/** What each window reported, windows in order; what it wrote twice counts once. */
function sightingsByWindow(events: readonly WindowEvent[]): Sighting[][] {
  const windows = new Map<number, Sighting[]>();
  for (const event of [...events].sort(inOrder)) {
    const { startSeconds, endSeconds, window, type } = event;
    const said = windows.get(window.ordinal) ?? [];
    const wording = wordingOf(event.text);
    const twice = said.findIndex((other) => other.type === type && other.wording.plain === wording.plain && overlapShare(other, event) > WRITTEN_TWICE_IOU);
    const before = said[twice];
    if (before) said[twice] = { ...before, ...union(before, event), events: [...before.events, event] };
    else said.push({ startSeconds, endSeconds, events: [event], window, type, wording });
    windows.set(window.ordinal, said);
  }
  return [...windows.values()];
}

/** Which thread each sighting of a window goes on with: the best pairs first, each thread and each sighting once. */
function assign(open: readonly Thread[], sightings: readonly Sighting[]): Map<Sighting, Thread> {
  const pairs = sightings.flatMap((sighting) =>
    open.flatMap((thread) => {
      const score = Math.max(...thread.live.map((part) => sameness(part, sighting)));
      return score > 0 ? [{ sighting, thread, score }] : [];
    }),
  );
  const assigned = new Map<Sighting, Thread>();
  const taken = new Set<Thread>();
  for (const { sighting, thread } of pairs.sort((a, b) => b.score - a.score)) {
    if (assigned.has(sighting) || taken.has(thread)) continue;
    assigned.set(sighting, thread);
    taken.add(thread);
  }
  return assigned;
}

/** 0 for different events; else how alike their words are, and then how far they agree about the time both windows looked at. */
function sameness(a: Sighting, b: Sighting): number {
  if (a.type !== b.type || gapSeconds(a, b) > JOIN_GAP_SECONDS) return 0;
  const shared = intersection(a.window, b.window);
  if (gapSeconds(a, shared) > JOIN_GAP_SECONDS || gapSeconds(b, shared) > JOIN_GAP_SECONDS) return 0;
  const alike = likeness(a.wording, b.wording);
  const agreement = overlapShare(intersection(a, shared), intersection(b, shared));
  if (alike === 0 || (a.wording.plain !== b.wording.plain && agreement < OTHER_WORDS_IOU)) return 0;
  return alike + agreement / 10;
}

/** Which windows looked at all of a range. */
type Watch = (range: TimeRange) => ReadonlySet<number>;

function createWatch(looked: readonly LookedAt[]): Watch {
  const windows = [...new Map(looked.map((window) => [window.ordinal, window])).values()].sort(byTime);
  const reach: number[] = []; // the furthest end of this window and all before it
  for (const { endSeconds } of windows) reach.push(Math.max(endSeconds, reach.at(-1) ?? -Infinity));
  return ({ startSeconds, endSeconds }) => {
    const watched = new Set<number>();
    let [low, high] = [0, windows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((windows[middle]?.startSeconds ?? Infinity) <= startSeconds) low = middle + 1;
      else high = middle;
    }
    for (let k = low - 1; k >= 0 && (reach[k] ?? -Infinity) >= endSeconds; k--) {
      const window = windows[k];
      if (window && window.endSeconds >= endSeconds) watched.add(window.ordinal);
    }
    return watched;
  };
}

function join({ sightings }: Thread, watch: Watch): MergedEvent {
  const parts = sightings.flatMap((sighting) => sighting.events);
  const surest = parts.reduce((best, part) => (part.confidence > best.confidence ? part : best));
  const range = sightings.reduce<TimeRange>(union, surest);
  const saw = new Set(sightings.map(({ window }) => window.ordinal));
  const missed = [...watch(range)].filter((ordinal) => !saw.has(ordinal)).length;
  const { text, type, fields } = surest;
  return {
    ...{ startSeconds: range.startSeconds, endSeconds: range.endSeconds, text, parts },
    confidence: (surest.confidence * saw.size) / (saw.size + missed),
    ...(type === undefined ? {} : { type }),
    ...(fields === undefined ? {} : { fields }),
  };
}

const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** Total, so that the same events in another order are the same input. */
const inOrder = (a: WindowEvent, b: WindowEvent): number =>
  a.window.ordinal - b.window.ordinal ||
  byTime(a, b) ||
  b.confidence - a.confidence ||
  compare(a.text, b.text) ||
  compare(a.type ?? '', b.type ?? '') ||
  compare(JSON.stringify(a.fields ?? {}), JSON.stringify(b.fields ?? {}));

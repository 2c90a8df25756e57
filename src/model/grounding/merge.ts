// Joins what overlapping windows said: an event cut or seen twice at a window's edge becomes one event.

/** An event as one window reported it, in seconds of the video. */
export interface WindowEvent {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  readonly confidence: number;
  /** Ordinal of the window that said so, and the range it looked at. */
  readonly window: { readonly ordinal: number; readonly startSeconds: number; readonly endSeconds: number };
}

/** One event of the video with the window events it was made of, in order of time. */
export interface MergedEvent {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  readonly confidence: number;
  readonly parts: readonly WindowEvent[];
}

/** Gap, in seconds, across which two halves of one event are still joined: one temporal group at 2 frames per second. */
export const JOIN_GAP_SECONDS = 1;

/** Seconds between two ranges of time; negative where they overlap. */
export const gapSeconds = (a: TimeRange, b: TimeRange): number =>
  Math.max(a.startSeconds, b.startSeconds) - Math.min(a.endSeconds, b.endSeconds);

type TimeRange = Pick<WindowEvent, 'startSeconds' | 'endSeconds'>;

/** An event in the making: all its parts, and those that a later window may still go on from. */
interface Thread {
  readonly parts: WindowEvent[];
  live: readonly WindowEvent[];
}

/**
 * Two events are the same when different windows report the same words for times that meet inside the range both looked at.
 * The union of the times is kept, with the words and confidence of the surest part. Ordinals of windows ascend with their times.
 *
 * @example 'The ring moves.' 20-30 in window [0, 30) and 'The ring moves.' 24-33 in window [24, 54) become 20-33.
 */
export function mergeEvents(events: readonly WindowEvent[]): MergedEvent[] {
  const merged: WindowEvent[][] = [];
  const threadsOf = new Map<string, readonly Thread[]>(); // by words: only threads that are not finished
  for (const event of [...events].sort(byWindowThenStart)) {
    const words = normalise(event.text);
    const reaches = (part: WindowEvent): boolean => part.endSeconds >= event.window.startSeconds - JOIN_GAP_SECONDS;
    const threads = threadsOf.get(words) ?? [];
    for (const thread of threads) thread.live = thread.live.filter(reaches);
    const open = threads.filter(({ live }) => live.length > 0);
    const match = open.find(({ live }) => live.some((part) => sameTime(part, event)));
    if (match) {
      match.parts.push(event);
      match.live = [...match.live, event];
      threadsOf.set(words, open);
    } else {
      const parts = [event];
      merged.push(parts);
      threadsOf.set(words, [...open, { parts, live: parts.slice() }]);
    }
  }
  return merged.map(join).sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds);
}

function sameTime(a: WindowEvent, b: WindowEvent): boolean {
  if (a.window.ordinal === b.window.ordinal) return false;
  const sharedStart = Math.max(a.window.startSeconds, b.window.startSeconds);
  const sharedEnd = Math.min(a.window.endSeconds, b.window.endSeconds);
  const meetsShared = (event: WindowEvent): boolean =>
    event.startSeconds <= sharedEnd + JOIN_GAP_SECONDS && event.endSeconds >= sharedStart - JOIN_GAP_SECONDS;
  return gapSeconds(a, b) <= JOIN_GAP_SECONDS && meetsShared(a) && meetsShared(b);
}

function join(parts: readonly WindowEvent[]): MergedEvent {
  const surest = parts.reduce((best, part) => (part.confidence > best.confidence ? part : best));
  return {
    startSeconds: Math.min(...parts.map((part) => part.startSeconds)),
    endSeconds: Math.max(...parts.map((part) => part.endSeconds)),
    text: surest.text,
    confidence: surest.confidence,
    parts,
  };
}

const normalise = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

const byWindowThenStart = (a: WindowEvent, b: WindowEvent): number =>
  a.window.ordinal - b.window.ordinal || a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds;

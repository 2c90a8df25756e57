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
const JOIN_GAP_SECONDS = 1;

/**
 * Two events are the same when different windows report the same words for times that meet inside the range both looked at.
 * The union of the times is kept, with the words and confidence of the surest part.
 *
 * @example 'The ring moves.' 20-30 in window [0, 30) and 'The ring moves.' 24-33 in window [24, 54) become 20-33.
 */
export function mergeEvents(events: readonly WindowEvent[]): MergedEvent[] {
  const merged: WindowEvent[][] = [];
  for (const event of [...events].sort(byWindowThenStart)) {
    const match = merged.find((parts) => parts.some((part) => sameEvent(part, event)));
    if (match) match.push(event);
    else merged.push([event]);
  }
  return merged.map(join).sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds);
}

function sameEvent(a: WindowEvent, b: WindowEvent): boolean {
  if (a.window.ordinal === b.window.ordinal || normalise(a.text) !== normalise(b.text)) return false;
  const sharedStart = Math.max(a.window.startSeconds, b.window.startSeconds);
  const sharedEnd = Math.min(a.window.endSeconds, b.window.endSeconds);
  const meetsShared = (event: WindowEvent): boolean =>
    event.startSeconds <= sharedEnd + JOIN_GAP_SECONDS && event.endSeconds >= sharedStart - JOIN_GAP_SECONDS;
  const gap = Math.max(a.startSeconds, b.startSeconds) - Math.min(a.endSeconds, b.endSeconds);
  return gap <= JOIN_GAP_SECONDS && meetsShared(a) && meetsShared(b);
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

// How two lists of events of the same video agree: which say the same, and what only one of them says.
import { AppError } from '../../app-error.js';
import { sameDescription } from '../grounding/compare.js';
import { byTime, overlapShare } from '../grounding/time-range.js';
import { type DescribedEvent } from './dense-events.js';

export interface TypedEvent extends DescribedEvent {
  readonly type: string;
}

/** An event of each list that overlap enough, or one that only one list has. */
export interface Pair<Event extends TypedEvent> {
  readonly a: Event | undefined;
  readonly b: Event | undefined;
  /** Intersection over union; 0 where one is missing. */
  readonly iou: number;
  /** Of the same type and in the same words. */
  readonly sameWords: boolean;
}

interface Candidate {
  readonly a: number;
  readonly b: number;
  readonly iou: number;
  readonly sameWords: boolean;
}

/** Beyond this nobody compares by eye, and everything overlaps everything. */
const MOST_CANDIDATES = 200_000;

/**
 * Each event is paired once, with one that overlaps it by `leastIou` or more: those that say the same in words first, then the most overlapping.
 * In order of time. Throws `comparison.too_large` where more than 200,000 pairs overlap.
 */
export function agreementOf<Event extends TypedEvent>(listA: readonly Event[], listB: readonly Event[], leastIou: number): Pair<Event>[] {
  const [inA, inB] = [[...listA].sort(byTime), [...listB].sort(byTime)];
  const candidates = candidatesOf(inA, inB, leastIou).sort((x, y) => Number(y.sameWords) - Number(x.sameWords) || y.iou - x.iou);
  const [pairedA, pairedB] = [new Map<number, Candidate>(), new Set<number>()];
  for (const candidate of candidates) {
    if (pairedA.has(candidate.a) || pairedB.has(candidate.b)) continue;
    pairedA.set(candidate.a, candidate);
    pairedB.add(candidate.b);
  }
  const ofA = inA.map((a, index): Pair<Event> => {
    const { b, iou = 0, sameWords = false } = pairedA.get(index) ?? {};
    return { a, b: b === undefined ? undefined : inB[b], iou, sameWords };
  });
  const onlyB = inB.flatMap((b, index): Pair<Event>[] => (pairedB.has(index) ? [] : [{ a: undefined, b, iou: 0, sameWords: false }]));
  const startOf = ({ a, b }: Pair<Event>): number => Math.min(a?.startSeconds ?? Infinity, b?.startSeconds ?? Infinity);
  return [...ofA, ...onlyB].sort((x, y) => startOf(x) - startOf(y));
}

/** Both in order of start; only those are looked at that begin before the other ends. */
function candidatesOf(inA: readonly TypedEvent[], inB: readonly TypedEvent[], leastIou: number): Candidate[] {
  const candidates: Candidate[] = [];
  const longestB = inB.reduce((longest, { startSeconds, endSeconds }) => Math.max(longest, endSeconds - startSeconds), 0);
  let first = 0;
  for (const [a, event] of inA.entries()) {
    while (first < inB.length && (inB[first]?.startSeconds ?? 0) + longestB <= event.startSeconds) first++;
    for (let b = first; b < inB.length; b++) {
      const other = inB[b];
      if (!other || other.startSeconds >= event.endSeconds) break;
      const iou = overlapShare(event, other);
      if (iou === 0 || iou < leastIou) continue;
      candidates.push({ a, b, iou, sameWords: event.type === other.type && sameDescription(event.text, other.text) });
      if (candidates.length > MOST_CANDIDATES) throw new AppError('comparison.too_large', 'More than 200,000 pairs of segments overlap; raise min_iou.');
    }
  }
  return candidates;
}

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
/** Pairs that are compared to find these: what takes longer would hold up everybody else. */
const MOST_LOOKED = 5_000_000;

/**
 * Each event is paired once, with one that overlaps it by `leastIou` or more: those that say the same in words first, then the most overlapping.
 * In order of time. Throws `comparison.too_large` where more than 200,000 pairs overlap so much, or 5,000,000 nearly.
 */
export function agreementOf<Event extends TypedEvent>(listA: readonly Event[], listB: readonly Event[], leastIou: number): Pair<Event>[] {
  const [inA, inB] = [[...listA].sort(byTime), [...listB].sort(byTime)];
  const candidates = candidatesOf(inA, inB, leastIou).sort((x, y) => Number(y.sameWords) - Number(x.sameWords) || y.iou - x.iou || x.a - y.a || x.b - y.b);
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

/** Events of one power of two seconds of length, in order of start: what may overlap another one lies close together. */
interface LengthClass {
  readonly leastSeconds: number;
  readonly events: number[]; // places in the list
}

function byLength(events: readonly TypedEvent[]): LengthClass[] {
  const classes = new Map<number, LengthClass>();
  for (const [at, { startSeconds, endSeconds }] of events.entries()) {
    if (endSeconds <= startSeconds) continue; // overlaps nothing
    const power = Math.floor(Math.log2(endSeconds - startSeconds));
    const found = classes.get(power) ?? { leastSeconds: 2 ** power, events: [] };
    classes.set(power, found);
    found.events.push(at);
  }
  return [...classes.values()];
}

/** Both in order of start; of each length only those are looked at that are near enough, and none whose length alone tells that too little overlaps. */
function candidatesOf(inA: readonly TypedEvent[], inB: readonly TypedEvent[], leastIou: number): Candidate[] {
  const candidates: Candidate[] = [];
  const classes = byLength(inB);
  let looked = 0;
  for (const [a, event] of inA.entries()) {
    const seconds = event.endSeconds - event.startSeconds;
    for (const { leastSeconds, events } of classes) {
      if (2 * leastSeconds < seconds * leastIou || seconds < leastSeconds * leastIou) continue;
      for (let at = firstFrom(events, inB, event.startSeconds - 2 * leastSeconds); at < events.length; at++) {
        const b = events[at] ?? 0;
        const other = inB[b];
        if (!other || other.startSeconds >= event.endSeconds) break;
        if (++looked > MOST_LOOKED) throw tooLarge();
        const iou = overlapShare(event, other);
        if (iou === 0 || iou < leastIou) continue;
        candidates.push({ a, b, iou, sameWords: event.type === other.type && sameDescription(event.text, other.text) });
        if (candidates.length > MOST_CANDIDATES) throw tooLarge();
      }
    }
  }
  return candidates;
}

const tooLarge = (): AppError => new AppError('comparison.too_large', 'More than 200,000 pairs of segments overlap, or nearly as much as is asked for; raise min_iou.');

/** The first of the places, in order of start, whose event does not begin before. */
function firstFrom(places: readonly number[], events: readonly TypedEvent[], startSeconds: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[places[middle] ?? 0]?.startSeconds ?? 0) < startSeconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

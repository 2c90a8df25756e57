// From ranked lists to one list: each stretch of a video once, with the lists that named it.
import { fuseRanks } from '../model/grounding/rank-fusion.js';
import { type Found, type ListName, type RankedList } from './ranked-list.js';

export interface FusedHit extends Omit<Found, 'score'> {
  readonly score: number;
  readonly foundBy: readonly { readonly list: ListName; readonly rank: number; readonly score: number }[];
}

/** Seconds that match with no more than this between them are one stretch. */
const GAP_SECONDS = 2;

/** Best first; equals in order of video and time, so that pages do not change between two requests. */
export function fuseHits(lists: readonly RankedList[]): FusedHit[] {
  const joined = lists.map(({ list, found }) => ({ list, found: list === 'frames' || list === 'fingerprint' ? stretches(found) : found }));
  const scores = fuseRanks(joined.map(({ found }) => found.map(keyOf)));
  const hits = new Map<string, Omit<FusedHit, 'score'>>();
  for (const { list, found } of joined) {
    for (const [k, { score, ...place }] of found.entries()) {
      const known = hits.get(keyOf(place));
      hits.set(keyOf(place), { ...place, ...known, foundBy: [...(known?.foundBy ?? []), { list, rank: k + 1, score }] });
    }
  }
  return [...hits].map(([key, hit]) => ({ ...hit, score: scores.get(key) ?? 0 })).sort(byScore);
}

/** Neighbouring seconds of a video as one stretch each, best first. */
export function stretches(seconds: readonly Found[]): Found[] {
  const inOrder = [...seconds].sort((a, b) => compare(a.videoId, b.videoId) || a.startTime - b.startTime);
  const joined: Found[] = [];
  for (const second of inOrder) {
    const last = joined.at(-1);
    if (last?.videoId === second.videoId && second.startTime - last.endTime <= GAP_SECONDS) {
      joined[joined.length - 1] = { ...last, endTime: Math.max(last.endTime, second.endTime), score: Math.max(last.score, second.score) };
    } else {
      joined.push(second);
    }
  }
  return joined.sort(byScore);
}

const keyOf = ({ segmentId, videoId, startTime }: Omit<Found, 'score'>): string => segmentId ?? `${videoId}@${startTime}`;

const byScore = (a: Found, b: Found): number => b.score - a.score || compare(a.videoId, b.videoId) || a.startTime - b.startTime || compare(keyOf(a), keyOf(b));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

// From lists of segments to lists of windows, and which windows are worth a closer look.
import { fuseRanks } from '../../src/model/grounding/rank-fusion.js';
import { type RankedList } from '../../src/search/index.js';
import { type QuestionWindow } from './question-windows.js';
import { type CheckedWindow } from './window-checks.js';

/** Beyond one for each moment that is wanted: a window may name nothing, and neighbours share what lies in their overlap. */
const MORE_THAN_WANTED = 3;

/** This many are looked at closer however little speaks for them, so that "not in this video" has something to show. */
const ALWAYS = 2;

/** Log-odds below which a window that no list names is not worth a closer look: one in fifty. */
const HOPELESS = -3.9;

/** The windows of each list, each where a segment first names it; a long segment names all of its windows. */
export function rankWindows(lists: readonly RankedList[], windows: readonly QuestionWindow[]): number[][] {
  return lists.map(({ found }) => {
    const named = new Set<number>();
    for (const { startTime, endTime } of found) {
      for (const { ordinal, startSeconds, endSeconds } of windows) {
        if (startTime < endSeconds && endTime > startSeconds) named.add(ordinal);
      }
    }
    return [...named];
  });
}

/** The windows to be searched, at most `most`: those that lists name first, then in order of time. */
export function limitWindows(windows: readonly QuestionWindow[], lists: readonly (readonly number[])[], most: number): QuestionWindow[] {
  if (windows.length <= most) return [...windows];
  const score = fuseRanks(lists);
  const best = [...windows].sort((a, b) => (score.get(b.ordinal) ?? 0) - (score.get(a.ordinal) ?? 0) || a.ordinal - b.ordinal).slice(0, most);
  return best.sort((a, b) => a.ordinal - b.ordinal);
}

/** Reciprocal rank fusion, by ordinal, of the lists and of the model's own order. */
export function fuseWindows(checked: readonly CheckedWindow[], lists: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  const bySaliency = [...checked].sort((a, b) => b.occurrence - a.occurrence || a.window.ordinal - b.window.ordinal);
  return fuseRanks([...lists, bySaliency.map(({ window }) => window.ordinal)]);
}

/**
 * The windows that are grounded, best first: as many as moments are wanted and three more, without those that neither the model nor
 * any list speaks for. `fused` is what `fuseWindows` makes of them.
 */
export function chooseWindows(checked: readonly CheckedWindow[], lists: readonly (readonly number[])[], fused: ReadonlyMap<number, number>, topK: number): CheckedWindow[] {
  const named = new Set(lists.flat());
  return [...checked]
    .sort((a, b) => (fused.get(b.window.ordinal) ?? 0) - (fused.get(a.window.ordinal) ?? 0) || a.window.ordinal - b.window.ordinal)
    .slice(0, topK + MORE_THAN_WANTED)
    .filter(({ window, occurrence }, k) => k < ALWAYS || named.has(window.ordinal) || occurrence > HOPELESS);
}

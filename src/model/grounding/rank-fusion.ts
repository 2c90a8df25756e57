// Reciprocal rank fusion: one ranking out of several whose scores cannot be compared.

/** Damps the first places, so that no list decides alone; the value of the method's authors (Cormack et al. 2009). */
const DAMPING = 60;

/**
 * Score of every item that any ranking names: the sum of weight / (60 + rank), rank 1 being the first. Best first, equals by their best
 * rank and then by name. A ranking counts an item once; weights are 1 unless given, in the order of the rankings.
 *
 * @example fuseRanks([['a', 'b'], ['b', 'c']]) // b 1/62 + 1/61, a 1/61, c 1/62
 */
export function fuseRanks<Item extends string | number>(rankings: readonly (readonly Item[])[], weights: readonly number[] = []): Map<Item, number> {
  const fused = new Map<Item, { score: number; best: number }>();
  for (const [list, ranking] of rankings.entries()) {
    for (const [k, item] of [...new Set(ranking)].entries()) {
      const { score, best } = fused.get(item) ?? { score: 0, best: Infinity };
      fused.set(item, { score: score + (weights[list] ?? 1) / (DAMPING + k + 1), best: Math.min(best, k) });
    }
  }
  const sorted = [...fused].sort(([a, x], [b, y]) => y.score - x.score || x.best - y.best || (a < b ? -1 : 1));
  return new Map(sorted.map(([item, { score }]) => [item, score]));
}

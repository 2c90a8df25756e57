// Seeded randomness: the same seed makes the same video and the same kills on every machine.
import { seededRandom } from '../../model/qwen2-5-vl/seeded-random.js';

export interface Random {
  /** In [0, 1). */
  unit(): number;
  /** In [low, high). */
  between(low: number, high: number): number;
  /** A whole number in [0, count). */
  below(count: number): number;
  pick<T>(values: readonly T[]): T;
  /** A new list in another order. */
  shuffled<T>(values: readonly T[]): T[];
  /** Normally distributed, mean 0, deviation 1. */
  normal(): number;
}

export function randomOf(seed: number): Random {
  const unit = seededRandom(seed);
  const below = (count: number): number => Math.floor(unit() * count);
  return {
    unit,
    below,
    between: (low, high) => low + unit() * (high - low),
    pick: (values) => values[below(values.length)]!,
    shuffled(values) {
      const list = [...values];
      for (let k = list.length - 1; k > 0; k--) {
        const other = below(k + 1);
        [list[k], list[other]] = [list[other]!, list[k]!];
      }
      return list;
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
  };
}

// Random choices that a seed repeats, so that a failure can be seen again.
import { seededRandom as numbersOf } from '../../src/model/qwen2-5-vl/seeded-random.js';

export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  between(from: number, to: number): number;
  oneOf<T>(values: readonly T[]): T;
}

/** FAULTS_SEED, or 1; every suite names it in its title. */
export const SEED = Number(process.env['FAULTS_SEED'] ?? 1);

/** How many rounds of random faults are run; FAULTS_ROUNDS, or 1 in the short set. */
export const ROUNDS = Number(process.env['FAULTS_ROUNDS'] ?? 1);

/** The long set, as `npm run faults` runs it. */
export const LONG = process.env['FAULTS_ROUNDS'] !== undefined;

/** The same choices for the same seed. */
export function seededRandom(seed: number): Random {
  const next = numbersOf(seed);
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    oneOf: (values) => values[Math.floor(next() * values.length)]!,
  };
}

export function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values.map((value) => ({ value, at: random.next() })).sort((a, b) => a.at - b.at).map(({ value }) => value);
}

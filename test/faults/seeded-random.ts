// Random choices that a seed repeats, so that a failure can be seen again.

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

/** Mulberry32: one 32-bit state, the same numbers for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    oneOf: (values) => values[Math.floor(next() * values.length)]!,
  };
}

export function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values.map((value) => ({ value, at: random.next() })).sort((a, b) => a.at - b.at).map(({ value }) => value);
}

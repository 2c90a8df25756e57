// Seeded randomness for sampled answers: what is asked again is answered the same.
import { type Random } from './generation.js';

/** Numbers in [0, 1) that follow from the seed, of which the lowest 32 bits count: mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

// A made-up language whose words are as unevenly frequent as those of real ones, the same for the same seed.

const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aeiou';

/** Numbers below 1 that are the same for the same seed. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` different words of two to four syllables; the first are the most frequent. */
export function vocabulary(count: number): string[] {
  const roll = dice(7);
  const words = new Set<string>();
  const pick = (letters: string): string => letters.charAt(Math.floor(roll() * letters.length));
  while (words.size < count) {
    const syllables = 2 + Math.floor(roll() * 3);
    words.add(Array.from({ length: syllables }, () => pick(CONSONANTS) + pick(VOWELS)).join('') + pick(CONSONANTS));
  }
  return [...words];
}

/** Draws places in a vocabulary by Zipf's law: the first comes twice as often as the second, three times as often as the third. */
export function zipf(count: number, roll: () => number): () => number {
  const sums = new Float64Array(count);
  let total = 0;
  for (let k = 0; k < count; k++) sums[k] = total += 1 / (k + 1);
  return () => {
    const wanted = roll() * total;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

// Seeded randomness: the same for the same seed, another for another, and even.
import { expect, it } from 'vitest';
import { seededRandom } from './seeded-random.js';

const draws = (seed: number, count = 5): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

it('follows from the seed', () => {
  expect(draws(7)).toEqual(draws(7));
  expect(draws(7)).not.toEqual(draws(8));
});

it('is spread evenly over [0, 1)', () => {
  const tenths = Array<number>(10).fill(0);
  for (const value of draws(1, 10_000)) tenths[Math.floor(10 * value)]! += 1;
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

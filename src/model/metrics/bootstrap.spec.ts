// Intervals from resampling.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../qwen2-5-vl/seeded-random.js';
import { bootstrapInterval } from './bootstrap.js';
import { mean } from './statistics.js';

const single = (values: readonly number[]): number[][] => values.map((value) => [value]);

describe('bootstrapInterval', () => {
  it('is that of the normal approximation for the share of many coin tosses', () => {
    const tosses = Array.from({ length: 400 }, (_, k) => (k % 4 === 0 ? 1 : 0)); // 0.25, standard error sqrt(0.25 * 0.75 / 400) = 0.0217
    const { low, high } = bootstrapInterval(single(tosses), mean, { seed: 1, resamples: 4000 });
    expect(low).toBeCloseTo(0.25 - 1.96 * 0.0217, 2);
    expect(high).toBeCloseTo(0.25 + 1.96 * 0.0217, 2);
  });

  it('covers the truth as often as it says', () => {
    const random = seededRandom(5);
    const covered = Array.from({ length: 200 }, (_, seed) => {
      const sample = Array.from({ length: 60 }, () => random());
      const { low, high } = bootstrapInterval(single(sample), mean, { seed, resamples: 300 });
      return low <= 0.5 && 0.5 <= high;
    }).filter(Boolean).length;
    expect(covered).toBeGreaterThan(0.9 * 200);
    expect(covered).toBeLessThan(0.99 * 200);
  });

  it('is wider where what belongs together is alike, as there is less to learn from it', () => {
    const random = seededRandom(9);
    const groups = Array.from({ length: 40 }, () => Array<number>(10).fill(random()));
    const width = (of: readonly (readonly number[])[]): number => {
      const { low, high } = bootstrapInterval(of, mean, { seed: 3 });
      return high - low;
    };
    expect(width(groups)).toBeGreaterThan(2 * width(single(groups.flat())));
  });

  it('is the same for the same seed, and no number where nothing can be measured', () => {
    const values = single([0.1, 0.7, 0.4, 0.9]);
    expect(bootstrapInterval(values, mean, { seed: 4 })).toEqual(bootstrapInterval(values, mean, { seed: 4 }));
    expect(bootstrapInterval(values, () => NaN, { seed: 4 })).toEqual({ low: NaN, high: NaN });
  });
});

// The arithmetic of small charts.
import { describe, expect, it } from 'vitest';
import { gapsOf, linePaths, niceTop, timeTicks } from './chart-lines';

describe('a small chart', () => {
  it('has an axis that ends at a round number above all values', () => {
    expect([[0], [0.3, null], [7], [19, 21], [1000], [null]].map((values) => niceTop([{ values }]))).toEqual([1, 0.5, 10, 50, 1000, 1]);
  });

  it('draws a line for each stretch that is known, and says where nothing is', () => {
    const values = [1, 2, null, null, 3, null];
    expect(linePaths(values, (step) => step, (value) => value)).toEqual(['M0.0 1.0L1.0 2.0', 'M4.0 3.0h1.5']);
    expect(gapsOf([{ values }, { values: [null, null, null, 9, null, null] }])).toEqual([[2, 3], [5, 6]]);
  });

  it('marks a few round instants', () => {
    const hour = timeTicks(Date.parse('2026-11-28T07:53:00Z'), 3_600_000).map(({ ms }) => new Date(ms).getUTCMinutes() % 15);
    expect(hour).toEqual([0, 0, 0, 0]);
  });
});

// Which range is asked for.
import { expect, it } from 'vitest';
import { rangeAround } from './use-lane-marks';

it('is the same while one moves a little, holds all that is in sight, and grows no faster than that', () => {
  const duration = 3600;
  const asked = new Set<string>();
  for (let start = 100; start < 200; start++) {
    const extent = { start, end: start + 100 };
    const range = rangeAround(extent, duration);
    expect(range.start).toBeLessThanOrEqual(extent.start);
    expect(range.end).toBeGreaterThanOrEqual(extent.end);
    expect(range.end - range.start).toBeLessThan(5 * 100);
    asked.add(`${range.start} ${range.end}`);
  }
  expect(asked.size).toBeLessThan(5);
  expect(rangeAround({ start: 0, end: duration }, duration)).toEqual({ start: 0, end: duration });
});

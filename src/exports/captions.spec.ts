// The clock times of captions.
import { describe, expect, it } from 'vitest';
import { clockTime } from './captions.js';

describe('clock time', () => {
  it.each([
    [0, '00:00:00.000'],
    [3_725_500, '01:02:05.500'],
    [3_599_999, '00:59:59.999'],
    [360_000_001, '100:00:00.001'],
  ])('of %i ms is %s', (milliseconds, text) => expect(clockTime(milliseconds, '.')).toBe(text));
});

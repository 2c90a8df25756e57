// How well an event that was found agrees with one that is known.
import { describe, expect, it } from 'vitest';
import { iou, sameDescription } from './compare.js';

const range = (start_time: number, end_time: number) => ({ start_time, end_time });

describe('iou', () => {
  it.each([
    [range(2, 6), range(2, 6), 1],
    [range(2, 6), range(4, 8), 1 / 3],
    [range(0, 10), range(2, 4), 0.2],
    [range(0, 2), range(2, 4), 0],
    [range(0, 1), range(5, 6), 0],
    [range(3, 3), range(3, 3), 0],
  ])('of %j and %j is %d, either way round', (a, b, expected) => {
    expect(iou(a, b)).toBeCloseTo(expected, 12);
    expect(iou(b, a)).toBeCloseTo(expected, 12);
  });
});

describe('sameDescription', () => {
  it('overlooks case, articles and punctuation, and nothing else', () => {
    expect(sameDescription('The red triangle grows.', 'red  triangle grows')).toBe(true);
    expect(sameDescription('The red triangle grows.', 'The red triangle shrinks.')).toBe(false);
    expect(sameDescription('Track 1', 'Track 2')).toBe(false);
    expect(sameDescription('then', 'n')).toBe(false);
  });
});

// Boxes and points, worked by hand.
import { expect, it } from 'vitest';
import { type Box } from '../grounding/boxes.js';
import { boxOverlap, isInside } from './box-overlap.js';

it.each<[Box, Box, number]>([
  [[0, 0, 4, 4], [0, 0, 4, 4], 1],
  [[0, 0, 4, 4], [2, 0, 6, 4], 8 / 24],
  [[0, 0, 4, 4], [1, 1, 3, 3], 4 / 16],
  [[0, 0, 4, 4], [4, 0, 8, 4], 0],
  [[2, 2, 2, 2], [2, 2, 2, 2], 0],
])('%j and %j overlap by %d, either way round', (a, b, expected) => {
  expect(boxOverlap(a, b)).toBeCloseTo(expected, 12);
  expect(boxOverlap(b, a)).toBeCloseTo(expected, 12);
});

it('knows which points are inside', () => {
  expect([[1, 1], [0, 4], [5, 1], [1, -1]].map(([x = NaN, y = NaN]) => isInside([x, y], [0, 0, 4, 4]))).toEqual([true, true, false, false]);
});

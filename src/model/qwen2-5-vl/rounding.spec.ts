// Halves are rounded to the even neighbour.
import { expect, it } from 'vitest';
import { roundHalfEven } from './rounding.js';

it.each([[0.5, 0], [1.5, 2], [2.5, 2], [3.5, 4], [-0.5, 0], [-1.5, -2], [-2.5, -2], [2.499, 2], [2.501, 3], [7, 7]])(
  'rounds %d to %d',
  (value, expected) => expect(roundHalfEven(value) + 0).toBe(expected),
);

// The size of the pictures of a sprite sheet.
import { expect, it } from 'vitest';
import { tileSize } from './sprite-sheet.js';

it.each([
  [1920, 1080, 160, 90],
  [1080, 1920, 90, 160],
  [500, 500, 160, 160],
  [4000, 2, 160, 2],
  [2, 4000, 2, 160],
])('a tile of %i x %i is %i x %i', (width, height, ...tile) => {
  expect(Object.values(tileSize({ width, height }))).toEqual(tile);
});

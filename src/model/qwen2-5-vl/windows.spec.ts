// The attention windows of the vision tower.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Grid } from './patches.js';
import { invert, windowPlan } from './windows.js';

const GEOMETRY = { windowSize: 112, patchSize: 14, mergeSize: 2 };
const grid = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .map(([t, h, w]): Grid => [t, 2 * h, 2 * w]);
const grids = fc.array(grid, { minLength: 1, maxLength: 4 });

describe('windowPlan', () => {
  it('lists every cell once', () => {
    fc.assert(
      fc.property(grids, (items) => {
        const { windowIndex } = windowPlan(items, GEOMETRY);
        expect([...windowIndex].sort((a, b) => a - b)).toEqual(Array.from(windowIndex, (_, k) => k));
        const back = invert(windowIndex);
        expect(windowIndex.every((cell, place) => back[cell] === place)).toBe(true);
      }),
    );
  });

  it('gives every window 1 to 64 patches of one temporal group', () => {
    fc.assert(
      fc.property(grids, (items) => {
        const { windowIndex, cuWindowSeqlens, cuSeqlens } = windowPlan(items, GEOMETRY);
        expect(cuSeqlens.at(-1)).toBe(windowIndex.length * 4);
        expect([...cuSeqlens].every((boundary) => cuWindowSeqlens.includes(boundary))).toBe(true);
        for (let k = 1; k < cuWindowSeqlens.length; k++) {
          const patches = cuWindowSeqlens[k]! - cuWindowSeqlens[k - 1]!;
          expect(patches).toBeGreaterThan(0);
          expect(patches).toBeLessThanOrEqual(64);
        }
      }),
    );
  });

  it('lists a window row by row before it goes on to the next one', () => {
    expect(windowPlan([[1, 6, 10]], GEOMETRY)).toEqual({
      windowIndex: Int32Array.of(0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 4, 9, 14),
      cuWindowSeqlens: Int32Array.of(0, 48, 60),
      cuSeqlens: Int32Array.of(0, 60),
    });
  });
});

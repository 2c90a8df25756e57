// Predicted moments against true ones.
import { describe, expect, it } from 'vitest';
import { boundaryError, isRecalled, topIou } from './localisation.js';

const range = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });

describe('the first moment', () => {
  it.each([
    ['the same', [range(2, 6)], [range(2, 6)], 1],
    ['half of it', [range(2, 6)], [range(4, 8)], 1 / 3],
    ['the nearer of two truths', [range(2, 6)], [range(20, 30), range(3, 6)], 0.75],
    ['one that ends before it starts', [range(6, 2)], [range(2, 6)], 0],
    ['none', [], [range(2, 6)], 0],
    ['one of something that does not happen', [range(2, 6)], [], 0],
  ])('overlaps as it should: %s', (_what, ranked, truths, iou) => {
    expect(topIou(ranked, truths)).toBeCloseTo(iou, 12);
  });

  it('is recalled at exactly the overlap that is asked for, the others only among the first so many', () => {
    expect(isRecalled([range(0, 10)], [range(0, 5)], 0.5)).toBe(true);
    expect(isRecalled([range(0, 10)], [range(0, 4.9)], 0.5)).toBe(false);
    expect(isRecalled([range(50, 60), range(0, 5)], [range(0, 5)], 0.5)).toBe(false);
    expect(isRecalled([range(50, 60), range(0, 5)], [range(0, 5)], 0.5, 5)).toBe(true);
  });
});

describe('boundaryError', () => {
  it('is signed, against the truth that overlaps most, else against the nearest', () => {
    expect(boundaryError([range(2.5, 7)], [range(2, 8), range(30, 40)])).toEqual({ startSeconds: 0.5, endSeconds: -1 });
    expect(boundaryError([range(20, 22)], [range(2, 8), range(30, 40)])).toEqual({ startSeconds: -10, endSeconds: -18 });
    expect(boundaryError([], [range(2, 8)])).toBeUndefined();
    expect(boundaryError([range(2, 8)], [])).toBeUndefined();
  });
});

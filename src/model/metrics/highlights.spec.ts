// Highlights of two-second clips, worked by hand.
import { describe, expect, it } from 'vitest';
import { highlightPrecision, isHit, ratingsOf } from './highlights.js';

/** Ten seconds, clips 1 and 3 relevant. */
const ratings = ratingsOf(10.9, [1, 3], [[4, 2, 0], [3, 4, 1]]);

describe('ratingsOf', () => {
  it('has one row for each whole clip, zero where nothing is relevant', () => {
    expect(ratings).toEqual([[0, 0, 0], [4, 2, 0], [0, 0, 0], [3, 4, 1], [0, 0, 0]]);
    expect(ratingsOf(4, [1, 7], [[1, 1, 1], [2, 2, 2]])).toEqual([[0, 0, 0], [1, 1, 1]]);
  });
});

describe('isHit', () => {
  it('asks whether any rater likes the highest clip', () => {
    expect(isHit([0.1, 0.9, 0.2, 0.3, 0], ratings, 4)).toBe(true);
    expect(isHit([0.1, 0.2, 0.9, 0.3, 0], ratings, 2)).toBe(false);
    expect(isHit([0, 0, 0, 0, 0, 9], ratings, 2)).toBe(false); // beyond the last clip
    expect(isHit([], ratings, 2)).toBe(false);
  });
});

describe('highlightPrecision', () => {
  it('is the mean of the raters, 0 for one who likes nothing', () => {
    // Very good to rater 1: clip 1, second by score, so 1/2. To rater 2: clip 3, the first, so 1. To rater 3: nothing.
    expect(highlightPrecision([0, 5, 1, 9, 2], ratings, 4)).toBeCloseTo((1 / 2 + 1 + 0) / 3, 12);
  });

  it('lets clips of one score share a point, and counts what is missing as 0', () => {
    // Good to rater 1: clips 1 and 3. All alike: one point with precision 2/5. Raters 2 (clip 3): 1/5, and 3: 0.
    expect(highlightPrecision([1, 1, 1, 1, 1], ratings, 3)).toBeCloseTo((2 / 5 + 1 / 5 + 0) / 3, 12);
    expect(highlightPrecision([], ratings, 3)).toBeCloseTo((2 / 5 + 1 / 5 + 0) / 3, 12);
    // Score order 3, 0, 1, then the rest: recall 1/2 at precision 1, recall 1 at 2/3.
    expect(highlightPrecision([3, 2, 0, 4, 0], ratings, 3)).toBeCloseTo(((1 + 2 / 3) / 2 + 1 + 0) / 3, 12);
  });
});

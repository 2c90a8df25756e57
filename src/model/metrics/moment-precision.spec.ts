// Average precision: worked by hand, published elsewhere, and what holds of any.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ScoredRange } from '../grounding/time-range.js';
import { averagePrecisions, interpolatedAveragePrecision, matchedPredictions, meanAveragePrecision, truthsOfLength } from './moment-precision.js';

const range = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });
const scored = (startSeconds: number, endSeconds: number, score: number): ScoredRange => ({ startSeconds, endSeconds, score });

describe('interpolatedAveragePrecision', () => {
  it.each([
    [[true, false, true], 2, 0.5 * 1 + 0.5 * (2 / 3)],
    [[false, true], 1, 0.5],
    [[true], 4, 0.25],
    [[false, false], 3, 0],
    [[], 3, 0],
  ])('of %j with %d to find is %d', (hits, truths, expected) => {
    expect(interpolatedAveragePrecision(hits, truths)).toBeCloseTo(expected, 12);
  });

  it('gives the 24.56 % that Object-Detection-Metrics publishes for its 24 detections of 15 objects', () => {
    // detections R Y J A U C M F D B H P E X N T K Q V I L S G O, by falling confidence
    const hits = [...'101000000101110000000010'].map((mark) => mark === '1');
    expect(Math.abs(100 * interpolatedAveragePrecision(hits, 15) - 24.56)).toBeLessThan(0.01); // it cuts precisions and recalls to four digits
  });
});

describe('matchedPredictions', () => {
  it('gives each truth to the surest prediction that overlaps it enough', () => {
    const truths = [range(0, 10), range(20, 30)];
    const predictions = [scored(0, 9, 0.2), scored(0, 10, 0.9), scored(21, 30, 0.5), scored(0, 10, 0.8)];
    expect(matchedPredictions(predictions, truths, 0.5)).toEqual([true, false, true, false]);
    expect(matchedPredictions(predictions, truths, 0.95)).toEqual([true, false, false, false]);
  });

  it('looks at the first ten alone', () => {
    const wrong = Array.from({ length: 10 }, () => scored(50, 60, 0.1));
    expect(matchedPredictions([...wrong, scored(0, 10, 1)], [range(0, 10)], 0.5)).not.toContain(true);
  });
});

describe('mean average precision', () => {
  it('is 1 for the truth, falls as the overlap asked for rises, and does not depend on the order of what is predicted', () => {
    const second = fc.integer({ min: 0, max: 100 });
    const moment = fc.tuple(second, fc.integer({ min: 1, max: 40 })).map(([start, length]) => range(start, start + length));
    const predicted = fc.uniqueArray(fc.tuple(moment, fc.integer({ min: 0, max: 1000 })), { selector: ([, score]) => score, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 5 }), predicted, (truths, rows) => {
        const predictions = rows.map(([moment, score]) => ({ ...moment, score }));
        const precisions = averagePrecisions(predictions, truths);
        expect(precisions.every((precision) => precision >= 0 && precision <= 1)).toBe(true);
        expect(precisions[0]).toBeGreaterThanOrEqual((precisions[9] ?? 0) - 1e-12);
        expect(meanAveragePrecision([...predictions].reverse(), truths)).toBeCloseTo(meanAveragePrecision(predictions, truths), 12);
        expect(meanAveragePrecision(truths.map((truth) => ({ ...truth, score: 1 })), truths)).toBeCloseTo(1, 12);
      }),
    );
  });
});

it('counts a moment of ten seconds as short and of thirty as middle', () => {
  const truths = [range(0, 10), range(0, 30), range(0, 31), range(0, 151)];
  expect(truthsOfLength(truths, { over: 0, upTo: 10 })).toEqual([range(0, 10)]);
  expect(truthsOfLength(truths, { over: 10, upTo: 30 })).toEqual([range(0, 30)]);
  expect(truthsOfLength(truths, { over: 30, upTo: 150 })).toEqual([range(0, 31)]);
});

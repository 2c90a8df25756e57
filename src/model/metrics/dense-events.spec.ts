// Lists of described events, worked by hand.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describedMatches, detection, f1Of, sodaF1, tokenF1 } from './dense-events.js';

const event = (startSeconds: number, endSeconds: number, text = '') => ({ startSeconds, endSeconds, text });

describe('detection', () => {
  it('averages precision and recall over the four overlaps', () => {
    // Overlaps: 0-10 with 0-10 is 1, 20-30 with 24-30 is 0.6, 50-60 with nothing 0.
    const { precision, recall, f1 } = detection([event(0, 10), event(20, 30), event(50, 60)], [event(0, 10), event(24, 30)]);
    expect(precision).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3 + 1 / 3) / 4, 12); // at 0.3, 0.5, 0.7, 0.9
    expect(recall).toBeCloseTo((1 + 1 + 1 / 2 + 1 / 2) / 4, 12);
    expect(f1).toBeCloseTo((2 * 0.5 * 0.75) / 1.25, 12);
  });

  it('is 0 where nothing is predicted, but for where nothing happens', () => {
    expect(detection([], [event(0, 10)])).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(detection([event(0, 10)], [])).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(detection([], [])).toEqual({ precision: 1, recall: 1, f1: 1 });
  });
});

describe('describedMatches', () => {
  it('wants the same words and half an overlap, and uses each event once', () => {
    const truths = [event(0, 10, 'The red ring grows.'), event(20, 30, 'The red ring grows.'), event(40, 44, 'The blue cross blinks.')];
    const predictions = [event(0, 9, 'red ring grows'), event(1, 10, 'Red ring grows.'), event(21, 30, 'the red ring shrinks'), event(41, 44, 'The blue cross blinks.')];
    expect(describedMatches(predictions, truths)).toEqual({ matched: 2, predicted: 4, expected: 3 });
    expect(f1Of([{ matched: 2, predicted: 4, expected: 3 }, { matched: 0, predicted: 1, expected: 0 }])).toBeCloseTo(4 / 8, 12);
    expect(f1Of([describedMatches([], [])])).toBe(1);
  });
});

describe('sodaF1', () => {
  it('pairs in order of time only', () => {
    const truths = [event(0, 10, 'a dog runs'), event(10, 20, 'a cat sits')];
    expect(sodaF1(truths, truths)).toBeCloseTo(1, 12);
    // One of two told, over half of its time, with two of three words: 0.5 * 2/3 against one prediction and two truths.
    expect(sodaF1([event(0, 5, 'a dog sleeps')], truths)).toBeCloseTo((2 * (1 / 3) * (1 / 6)) / (1 / 3 + 1 / 6), 12);
    // Both words are there, but swapped: "a" alone is shared.
    expect(sodaF1([event(0, 10, 'a cat sits'), event(10, 20, 'a dog runs')], truths)).toBeCloseTo(1 / 3, 12);
  });

  it('is 1 for the truth, at most 1 for anything, and the same whatever the order in the list', () => {
    const told = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom('a dog', 'a cat', 'a red dog')).map(([at, length, text]) => event(at, at + length, text));
    fc.assert(
      fc.property(fc.array(told, { minLength: 1, maxLength: 5 }), fc.array(told, { minLength: 1, maxLength: 5 }), (predictions, truths) => {
        const score = sodaF1(predictions, truths);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1 + 1e-12);
        const distinct = new Set(predictions.map(({ startSeconds, endSeconds }) => `${startSeconds}-${endSeconds}`)).size === predictions.length;
        if (distinct) expect(sodaF1([...predictions].reverse(), truths)).toBeCloseTo(score, 12);
        expect(sodaF1(truths, truths)).toBeCloseTo(1, 12);
      }),
    );
  });
});

it('compares words as often as they occur', () => {
  expect(tokenF1('The dog, the dog!', 'the dog')).toBeCloseTo((2 * 2) / 6, 12);
  expect(tokenF1('', '')).toBe(1);
  expect(tokenF1('a', 'b')).toBe(0);
});

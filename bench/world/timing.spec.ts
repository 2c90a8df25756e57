// Times of made videos: the list, the count and the expression for ffmpeg agree.
import { expect, it } from 'vitest';
import { constantRate, pictureCount, secondsOf, timingExpression, UNEVEN } from './timing.js';

it('gives each picture its time, over the end of the pattern', () => {
  expect(secondsOf(constantRate(25), 90_000)).toBe(3600);
  expect(secondsOf(UNEVEN, 50)).toBe(2);
  expect(secondsOf(UNEVEN, 130)).toBe(7);
  expect(secondsOf(UNEVEN, 131)).toBe(7.04);
});

it('counts the pictures that begin before a time', () => {
  expect(pictureCount(constantRate(25), 30)).toBe(750);
  expect(pictureCount(UNEVEN, 2)).toBe(50);
  expect(pictureCount(UNEVEN, 2.001)).toBe(51);
});

it('says the same to ffmpeg', () => {
  const expression = timingExpression(UNEVEN);
  const evaluate = (n: number): number =>
    new Function('N', 'floor', 'mod', 'lt', 'iff', `return ${expression.replaceAll('if(', 'iff(')}`)(
      n,
      Math.floor,
      (a: number, b: number) => a % b,
      (a: number, b: number) => a < b,
      (test: boolean, yes: number, no: number) => (test ? yes : no),
    ) as number;
  for (const n of [0, 1, 49, 50, 77, 129, 130, 12_345]) {
    expect(evaluate(n)).toBe(UNEVEN.startTicks + Math.round(secondsOf(UNEVEN, n) * UNEVEN.timescale));
  }
});

// Times of made videos: the list, the count and the expression for ffmpeg agree.
import { expect, it } from 'vitest';
import { constantRate, pictureCount, secondsOf, timingExpression } from './timing.js';

/** Two pictures 40 ms apart, then one 100 ms before the next. */
const UNEVEN = { timescale: 1000, steps: [40, 40, 100], startTicks: 1400 };

it('gives each picture its time, over the end of the pattern', () => {
  expect(secondsOf(constantRate(25), 90_000)).toBe(3600);
  expect([2, 3, 4].map((index) => secondsOf(UNEVEN, index))).toEqual([0.08, 0.18, 0.22]);
});

it('counts the pictures that begin before a time', () => {
  expect(pictureCount(constantRate(25), 30)).toBe(750);
  expect(pictureCount(UNEVEN, 0.18)).toBe(3);
  expect(pictureCount(UNEVEN, 0.181)).toBe(4);
});

it('says the same to ffmpeg', () => {
  expect(timingExpression(constantRate(25))).toBe('0+N*1');
  const uneven = { timescale: 1000, steps: [40, 30, 50], startTicks: 1400 };
  expect(timingExpression(uneven)).toBe('1400+floor(N/3)*120+if(lt(mod(N,3),1),0,if(lt(mod(N,3),2),40,70))');
});

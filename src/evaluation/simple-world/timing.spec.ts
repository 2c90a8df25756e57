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
  expect(timingExpression(constantRate(25))).toBe('0+N*1');
  const uneven = { timescale: 1000, steps: [40, 30, 50], startTicks: 1400 };
  expect(timingExpression(uneven)).toBe('1400+floor(N/3)*120+if(lt(mod(N,3),1),0,if(lt(mod(N,3),2),40,70))');
});

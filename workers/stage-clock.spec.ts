// Tests of the clock of stages.
import { expect, it } from 'vitest';
import { StageClock } from './stage-clock.js';

it('gives what passes before a sign to the stage of the sign', () => {
  let now = 1000;
  const clock = new StageClock(() => now);
  for (const [ms, stage] of [[500, 'wait'], [125, 'decode'], [125, 'decode'], [1000, 'encode'], [125, 'decode'], [250, 'answer']] as const) {
    now += ms;
    clock.pass(stage);
  }
  expect(clock.seconds).toEqual({ wait: 0.5, decode: 0.375, encode: 1, answer: 0.25 });
});

// Tests of the size at which a checkpoint looks at frames.
import { expect, it } from 'vitest';
import { frameSize } from './pixel-limits.js';

it('refuses a picture that is too long by its own size, and says what a checkpoint takes', () => {
  const limits = { minPixels: 3136, maxPixels: 12_544 };
  const look = (width: number) => () => frameSize({ width, height: 16, frames: 2 }, limits);
  expect(look(200)()).toEqual({ width: 336, height: 28 });
  expect(look(2048)).toThrow('A picture of 2048 x 16 is too long for its short side: within 12544 pixels the long side may be at most 16 times as long.');
});

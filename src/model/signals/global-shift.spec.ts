// Tests of the shift of the whole picture, on made pictures.
import { describe, expect, it } from 'vitest';
import { globalShift } from './global-shift.js';
import { HEIGHT, measurePicture, type SmallPicture, WIDTH } from './small-picture.js';

const drawn = (light: (x: number, y: number) => number): SmallPicture => {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) rgb.fill(light(x, y), 3 * (y * WIDTH + x), 3 * (y * WIDTH + x) + 3);
  return measurePicture(0, rgb);
};
const texture = (x: number, y: number): number => 128 + 60 * Math.sin(x * 0.9) * Math.cos(y * 0.7 + x * 0.13) + 40 * Math.sin(y * 1.1);

describe('globalShift', () => {
  it.each([[0, 0], [3, 0], [-2, 1], [0.5, 0]])('finds that a textured picture moved by %d, %d', (dx, dy) => {
    const shift = globalShift(drawn(texture), drawn((x, y) => texture(x - dx, y - dy)));
    expect(shift!.x).toBeCloseTo(dx, 0);
    expect(Math.abs(shift!.x - dx)).toBeLessThan(0.25);
    expect(Math.abs(shift!.y - dy)).toBeLessThan(0.25);
  });

  it('is not told by one thing that moves before a plain background', () => {
    const thing = (left: number) => drawn((x, y) => (x >= left && x < left + 24 && y >= 8 && y < 26 ? texture(x - left, y) : 20));
    expect(globalShift(thing(10), thing(13))).toBeUndefined();
  });

  it('is not told of a picture without texture', () => {
    expect(globalShift(drawn(() => 20), drawn(() => 20))).toBeUndefined();
  });
});

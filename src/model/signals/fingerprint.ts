// A perceptual hash of a small picture: stays nearly the same through re-encoding and scaling, and differs between scenes.
import { HEIGHT, type SmallPicture, WIDTH } from './small-picture.js';

/** Waves across and down that are measured: the coarse ones, the mean left out. */
const WAVES = 9;

/** Weaker waves than this, grey levels, are noise: a flat picture has no bit set. */
const LEAST_STRENGTH = 0.4;

const across = cosines(WIDTH);
const down = cosines(HEIGHT);

/**
 * 64 bits as 16 hex digits: each tells whether one of the 64 coarsest waves of the light (of the 9 x 9 of a cosine transform, the
 * lowest first) is positive.
 */
export function fingerprint({ light }: SmallPicture): string {
  const rows = new Float32Array(HEIGHT * WAVES);
  for (let y = 0; y < HEIGHT; y++) {
    for (let u = 0; u < WAVES; u++) {
      let sum = 0;
      for (let x = 0; x < WIDTH; x++) sum += light[y * WIDTH + x]! * across[u * WIDTH + x]!;
      rows[y * WAVES + u] = sum;
    }
  }
  let hex = '';
  for (let digit = 0; digit < 16; digit++) {
    let value = 0;
    for (const { u, v } of ORDER.slice(4 * digit, 4 * digit + 4)) {
      let sum = 0;
      for (let y = 0; y < HEIGHT; y++) sum += rows[y * WAVES + u]! * down[v * HEIGHT + y]!;
      value = 2 * value + (sum > LEAST_STRENGTH ? 1 : 0);
    }
    hex += value.toString(16);
  }
  return hex;
}

/** cos(pi u (2x + 1) / 2n) / n: [WAVES, n]. */
function cosines(n: number): Float32Array {
  return Float32Array.from({ length: WAVES * n }, (_, i) => Math.cos((Math.PI * Math.floor(i / n) * (2 * (i % n) + 1)) / (2 * n)) / n);
}

/** The coarsest waves but the mean. */
const ORDER = Array.from({ length: WAVES * WAVES - 1 }, (_, i) => ({ u: (i + 1) % WAVES, v: Math.floor((i + 1) / WAVES) }))
  .sort((a, b) => a.u + a.v - (b.u + b.v) || a.u - b.u)
  .slice(0, 64);

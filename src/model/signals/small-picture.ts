// Measures of the small pictures that signals are found in: brightness, contrast, and how new one is after another.

export const WIDTH = 64;
export const HEIGHT = 36;
export const PIXELS = WIDTH * HEIGHT;

/** Blocks of 8 x 6 pixels are looked for in the picture before, up to 6 pixels away: a tenth of the picture's width. */
const BLOCK_WIDTH = 8;
const BLOCK_HEIGHT = 6;
const REACH = 6;
const BLOCK_VALUES = BLOCK_WIDTH * BLOCK_HEIGHT * 3;

/** Contrast of a picture with hardly anything in it, grey levels: makes the noise of dark pictures small against it. */
const FLAT = 6;

/** A small picture with what is measured of it once. */
export interface SmallPicture {
  readonly seconds: number;
  readonly rgb: Uint8Array; // [36, 64, 3]
  readonly light: Float32Array; // [36, 64], 0 to 255
  readonly mean: number;
  /** Standard deviation of the light. */
  readonly contrast: number;
}

export function measurePicture(seconds: number, rgb: Uint8Array): SmallPicture {
  const light = new Float32Array(PIXELS);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < PIXELS; i++) {
    const value = rgb[3 * i]! * 0.299 + rgb[3 * i + 1]! * 0.587 + rgb[3 * i + 2]! * 0.114;
    light[i] = value;
    sum += value;
    squares += value * value;
  }
  const mean = sum / PIXELS;
  return { seconds, rgb, light, mean, contrast: Math.sqrt(Math.max(0, squares / PIXELS - mean * mean)) };
}

/** Mean absolute difference of all values, 0 to 255. */
export function difference(a: SmallPicture, b: SmallPicture): number {
  let sum = 0;
  for (let i = 0; i < b.rgb.length; i++) sum += Math.abs(a.rgb[i]! - b.rgb[i]!);
  return sum / b.rgb.length;
}

/** Whether no value differs by more than `largest`, and the mean of all differences is at most `mean`. */
export function isNear(a: SmallPicture, b: SmallPicture, { largest, mean }: { largest: number; mean: number }): boolean {
  for (let i = 0; i < b.rgb.length; i += 29) if (Math.abs(a.rgb[i]! - b.rgb[i]!) > largest) return false; // mostly enough
  let sum = 0;
  for (let i = 0; i < b.rgb.length; i++) {
    const change = Math.abs(a.rgb[i]! - b.rgb[i]!);
    if (change > largest) return false;
    sum += change;
  }
  return sum <= mean * b.rgb.length;
}

/**
 * How much of `b` cannot be made of blocks of `a` moved a little, against the contrast of both: about 0 for the same scene in
 * motion, up to 0.3 for the wildest motion, 0.5 and more for another scene.
 */
export function novelty(a: SmallPicture, b: SmallPicture): number {
  let sum = 0;
  for (let y = 0; y < HEIGHT; y += BLOCK_HEIGHT) {
    for (let x = 0; x < WIDTH; x += BLOCK_WIDTH) sum += bestMatch(a.rgb, b.rgb, x, y);
  }
  return sum / b.rgb.length / (FLAT + (a.contrast + b.contrast) / 2);
}

/** Share of the blocks that look different in place, 0 to 1: a thing that appears changes few of them, a cut most. */
export function changedShare(a: SmallPicture, b: SmallPicture): number {
  const noise = FLAT / 2 + (a.contrast + b.contrast) / 8;
  let changed = 0;
  for (let y = 0; y < HEIGHT; y += BLOCK_HEIGHT) {
    for (let x = 0; x < WIDTH; x += BLOCK_WIDTH) {
      if (blockDifference(a.rgb, b.rgb, x, y) > noise * BLOCK_VALUES) changed++;
    }
  }
  return changed / (PIXELS / (BLOCK_WIDTH * BLOCK_HEIGHT));
}

function blockDifference(a: Uint8Array, b: Uint8Array, left: number, top: number): number {
  let sum = 0;
  for (let row = 0; row < BLOCK_HEIGHT; row++) {
    let at = ((top + row) * WIDTH + left) * 3;
    for (const end = at + BLOCK_WIDTH * 3; at < end; at++) sum += Math.abs(b[at]! - a[at]!);
  }
  return sum;
}

/** Least sum of absolute differences between a block of `b` and any block of `a` near it. */
function bestMatch(a: Uint8Array, b: Uint8Array, left: number, top: number): number {
  let best = blockDifference(a, b, left, top); // mostly near the least, which makes the others short
  for (let dy = Math.max(-REACH, -top); dy <= Math.min(REACH, HEIGHT - BLOCK_HEIGHT - top); dy++) {
    for (let dx = Math.max(-REACH, -left); dx <= Math.min(REACH, WIDTH - BLOCK_WIDTH - left); dx++) {
      let sum = 0;
      for (let row = 0; row < BLOCK_HEIGHT && sum < best; row++) {
        let at = ((top + row) * WIDTH + left) * 3;
        let from = at + (dy * WIDTH + dx) * 3;
        for (const end = at + BLOCK_WIDTH * 3; at < end; at++, from++) sum += Math.abs(b[at]! - a[from]!);
      }
      best = Math.min(best, sum);
    }
  }
  return best;
}

/** Correlation of the light of two pictures, -1 to 1: near 1 for one scene under changing light. */
export function correlation(a: SmallPicture, b: SmallPicture): number {
  let sum = 0;
  for (let i = 0; i < PIXELS; i++) sum += (a.light[i]! - a.mean) * (b.light[i]! - b.mean);
  return sum / PIXELS / Math.max(FLAT * FLAT, a.contrast * b.contrast);
}

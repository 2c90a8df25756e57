// Chooses the resolution at which an image or the frames of a video are looked at: the canonical rule.
import { AppError } from '../../app-error.js';
import { BLOCK_SIZE, TEMPORAL_PATCH_SIZE } from './patches.js';
import { roundHalfEven } from './rounding.js';

export interface Size {
  readonly height: number; // pixels
  readonly width: number;
}

export interface SmartResizeInput extends Size {
  readonly minPixels: number;
  readonly maxPixels: number; // may be fractional
  /** Both sides of the result are multiples of it; 28 unless told otherwise. */
  readonly factor?: number;
}

/** Longest side over shortest side. */
const MAX_ASPECT_RATIO = 200;

/**
 * Spec 3.1. Both sides are rounded independently, so that the aspect ratio changes a little; raising a small picture to `minPixels` may
 * exceed `maxPixels`. Throws `resize.*`.
 *
 * @example smartResize({ height: 1080, width: 1920, ...IMAGE_PIXELS }) // 1092 x 1932
 */
export function smartResize({ height, width, minPixels, maxPixels, factor = BLOCK_SIZE }: SmartResizeInput): Size {
  if (!(height > 0 && width > 0)) throw new AppError('resize.size_invalid', `A picture of ${width} x ${height} cannot be resized.`);
  if (maxPixels < minPixels) {
    throw new AppError('resize.limits_reversed', `max_pixels ${maxPixels} is less than min_pixels ${minPixels}.`);
  }
  if (Math.max(height, width) / Math.min(height, width) > MAX_ASPECT_RATIO) {
    throw new AppError('resize.too_thin', `A picture of ${width} x ${height} is longer than ${MAX_ASPECT_RATIO} times its short side.`);
  }
  let side = (length: number): number => Math.max(factor, roundHalfEven(length / factor) * factor);
  const pixels = side(height) * side(width);
  if (pixels > maxPixels) {
    const shrink = Math.sqrt((height * width) / maxPixels);
    side = (length) => Math.floor(length / shrink / factor) * factor;
  } else if (pixels < minPixels) {
    const grow = Math.sqrt(minPixels / (height * width));
    side = (length) => Math.ceil((length * grow) / factor) * factor;
  }
  const size = { height: side(height), width: side(width) };
  if (size.height === 0 || size.width === 0) {
    throw sideVanishes({ height, width }, maxPixels, factor);
  }
  return size;
}

/** Of `pixels`, the short side is one block when the long side has all the others. */
function sideVanishes({ height, width }: Size, pixels: number, factor: number, cause?: Error): AppError {
  const ratio = Math.floor(pixels / factor ** 2);
  const message = `A picture of ${width} x ${height} is too long for its short side: within ${Math.floor(pixels)} pixels the long side may be at most ${ratio} times as long.`;
  return new AppError('resize.side_vanishes', message, { cause });
}

/** Spec 3.3: the size that was `wanted` of an original, within a checkpoint's own limits. Throws `resize.*`; what is too long is told by its own size. */
export function fittedSize(original: Size, wanted: Size, limits: Pick<SmartResizeInput, 'minPixels' | 'maxPixels'>): Size {
  try {
    return smartResize({ ...wanted, ...limits });
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'resize.side_vanishes') throw sideVanishes(original, limits.maxPixels, BLOCK_SIZE, cause);
    throw cause;
  }
}

/** Spec 3.1: limits of an image. */
export const IMAGE_PIXELS = { minPixels: 4 * BLOCK_SIZE ** 2, maxPixels: 16_384 * BLOCK_SIZE ** 2 } as const;

/** Spec 3.2: limits of one frame, and of all sampled frames of a video together. */
export const VIDEO_PIXELS = {
  minPixels: 128 * BLOCK_SIZE ** 2,
  maxPixels: 768 * BLOCK_SIZE ** 2,
  totalPixels: 128_000 * BLOCK_SIZE ** 2 * 0.9,
} as const;

export interface VideoFrameSizeInput extends Size {
  /** Number of sampled frames. */
  readonly frames: number;
  readonly minPixels?: number | undefined;
  readonly maxPixels?: number | undefined;
  readonly totalPixels?: number | undefined;
}

/**
 * Spec 3.2: size of every frame of a video under a budget for all of them. The floor of 1.05 times `minPixels` wins over the budget: to
 * hold a long video to few tokens, lower `minPixels` as well.
 *
 * @example An hour at 768 frames: 1080p becomes 336 x 644; with totalPixels 24576 * 784 and minPixels 16 * 784 it becomes 168 x 280.
 */
export function videoFrameSize({ height, width, frames, minPixels, maxPixels, totalPixels }: VideoFrameSizeInput): Size {
  const lowest = minPixels ?? VIDEO_PIXELS.minPixels;
  // Two frames share one token grid.
  const share = ((totalPixels ?? VIDEO_PIXELS.totalPixels) / frames) * TEMPORAL_PATCH_SIZE;
  const limit = Math.max(Math.min(VIDEO_PIXELS.maxPixels, share), Math.trunc(lowest * 1.05));
  return smartResize({ height, width, minPixels: lowest, maxPixels: Math.min(maxPixels ?? limit, limit) });
}

/** Spec 3.1: a size that the caller asks for is itself fitted to the block size and the limits of an image. */
export function requestedSize(size: Size): Size {
  return smartResize({ ...size, ...IMAGE_PIXELS });
}

// How many frames a window may have and how large they are: the limits of checkpoint and user brought together.
import { AppError } from '../../app-error.js';
import { BLOCK_SIZE, TEMPORAL_PATCH_SIZE } from '../qwen2-5-vl/patches.js';
import { fittedSize, IMAGE_PIXELS, type Size, VIDEO_PIXELS, videoFrameSize } from '../qwen2-5-vl/smart-resize.js';
import { cellsOf } from './frame-grid.js';
import { type PlanOptions, type VideoShape } from './planned-window.js';

/** A window never has fewer frames: two temporal groups. */
export const LEAST_FRAMES = 4;

// Spec 2.1 and 3.2.
const DEFAULT_MAX_FRAMES = 768;
const PIXELS_PER_TOKEN = BLOCK_SIZE ** 2;

export interface WindowBudget {
  /** Most frames whose tokens stay in the budget at the smallest size allowed; even, at least 4. */
  readonly maxFrames: number;
  readonly minPixels: number;
  readonly maxPixels: number;
  readonly totalPixels: number;
}

/** A frame as the model sees it, and the tokens of all frames of the window. */
export interface FrameCost extends Size {
  readonly tokens: number;
  /** The limit that gives a frame of this window its size; a part of the window looked at with it has frames of the same size. */
  readonly maxPixels: number;
}

/**
 * The least size of a frame wins over the token budget, as in spec 3.2; the window then has fewer frames, down to 4. Throws `resize.*`.
 *
 * @example 1080p and 4096 tokens: at 128 tokens a pair of frames and more, at most 60 frames.
 */
export function windowBudget(video: VideoShape, options: PlanOptions): WindowBudget {
  const { sampling = {}, maxTokens } = options;
  const limits = {
    minPixels: sampling.minPixels ?? Math.min(VIDEO_PIXELS.minPixels, sampling.maxPixels ?? Infinity),
    maxPixels: sampling.maxPixels ?? VIDEO_PIXELS.maxPixels,
    totalPixels: sampling.totalPixels ?? (maxTokens === undefined ? VIDEO_PIXELS.totalPixels : maxTokens * PIXELS_PER_TOKEN),
  };
  const most = sampling.maxFrames ?? options.maxFrames ?? DEFAULT_MAX_FRAMES;
  let maxFrames = Math.max(LEAST_FRAMES, Math.floor(most / TEMPORAL_PATCH_SIZE) * TEMPORAL_PATCH_SIZE);
  const fits = (frames: number): boolean => {
    try {
      return frameCost(video, { ...limits, maxFrames }, options, frames).tokens * PIXELS_PER_TOKEN <= limits.totalPixels;
    } catch (error) {
      // So many frames leave a long thin picture no side; fewer may not.
      if (error instanceof AppError && error.code === 'resize.side_vanishes') return false;
      throw error;
    }
  };
  while (maxFrames > LEAST_FRAMES && !fits(maxFrames)) maxFrames -= TEMPORAL_PATCH_SIZE;
  return { ...limits, maxFrames };
}

/** The largest frames that the budget has room for when the window has this many; fewer frames are larger. */
export function frameCost({ width, height }: VideoShape, budget: WindowBudget, options: PlanOptions, frames: number): FrameCost {
  const { minPixels, totalPixels } = budget;
  // Spec 3.2: two frames share a token grid, and the floor of 1.05 times the least size wins.
  const share = (totalPixels / frames) * TEMPORAL_PATCH_SIZE;
  const limit = Math.max(Math.min(VIDEO_PIXELS.maxPixels, share), Math.trunc(minPixels * 1.05));
  const maxPixels = Math.floor(Math.min(budget.maxPixels, limit));
  const wanted = videoFrameSize({ width, height, frames, minPixels, maxPixels, totalPixels });
  const size = fittedSize({ width, height }, wanted, options.framePixels ?? IMAGE_PIXELS);
  const tokens = (Math.ceil(frames / TEMPORAL_PATCH_SIZE) * size.width * size.height) / PIXELS_PER_TOKEN;
  return { ...size, tokens, maxPixels };
}

/** Frames that the grid holds in a range, made even (spec 5). */
export function framesOf(range: { startSeconds: number; endSeconds: number }, fps: number): number {
  return Math.max(1, Math.ceil(cellsOf(range, fps).count / TEMPORAL_PATCH_SIZE)) * TEMPORAL_PATCH_SIZE;
}

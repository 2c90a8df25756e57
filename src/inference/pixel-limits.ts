// How small and how large a checkpoint wants its pictures, and the size of a window's frames that follows.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { type Sampling } from '../model/grounding/frame-plan.js';
import { fittedSize, IMAGE_PIXELS, type Size, videoFrameSize } from '../model/qwen2-5-vl/smart-resize.js';
import { readCheckpointJson } from './checkpoint.js';

/** Pixels of one picture. */
export interface PixelLimits {
  readonly minPixels: number;
  readonly maxPixels: number;
}

export const PREPROCESSOR_FILE = 'preprocessor_config.json';
const schema = z.object({ min_pixels: z.number().positive().optional(), max_pixels: z.number().positive().optional() });

/** Absent limits are those of published checkpoints. Throws `checkpoint.config_invalid`. */
export async function readPixelLimits(directory: string): Promise<PixelLimits> {
  if (!existsSync(join(directory, PREPROCESSOR_FILE))) return IMAGE_PIXELS;
  const { data, success } = schema.safeParse(await readCheckpointJson(directory, PREPROCESSOR_FILE));
  const { min_pixels: minPixels = IMAGE_PIXELS.minPixels, max_pixels: maxPixels = IMAGE_PIXELS.maxPixels } = data ?? {};
  if (success && minPixels <= maxPixels) return { minPixels, maxPixels };
  throw new AppError('checkpoint.config_invalid', `${PREPROCESSOR_FILE} in ${directory}: min_pixels and max_pixels are no limits.`, { details: { file: PREPROCESSOR_FILE } });
}

export interface FrameSizeRequest extends Size, Pick<Sampling, 'minPixels' | 'maxPixels' | 'totalPixels'> {
  readonly frames: number;
}

/**
 * Spec 3.2 makes a size from the request's limits, spec 3.3 fits that size into the checkpoint's own; so the checkpoint's limits win. For a
 * published checkpoint the second step changes nothing. Frames are resized once, straight to the final size. Throws `resize.*`.
 */
export function frameSize(request: FrameSizeRequest, limits: PixelLimits): Size {
  return fittedSize(request, videoFrameSize(request), limits);
}

// The small pictures that detectors look at: how ffmpeg makes them of any size, whatever frames are asked for.
import { type FrameStreamOptions, type Size } from './frame-stream.js';
import { type VideoStream } from './media.js';

export const SCAN_WIDTH = 64;
export const SCAN_HEIGHT = 36;

/** One small picture with its time. */
export interface ScanFrame {
  readonly pts: number;
  readonly seconds: number; // from the first frame of the video
  readonly rgb: Uint8Array; // [SCAN_HEIGHT, SCAN_WIDTH, 3]
}

/** Averaging over every pixel of a large picture costs a tenth of its decoding; over 16 points for each of ours, next to nothing. */
const POINTS: Size = { width: 256, height: 144 };

type Look = Pick<FrameStreamOptions, 'width' | 'height' | 'pixelFormat' | 'scaling' | 'pointSamples'>;

/** How small pictures of this video are made; one frame always gives the same one. */
export function smallLook({ storedWidth, storedHeight }: VideoStream): Look {
  const isLarge = storedWidth >= 1.5 * POINTS.width && storedHeight >= 1.5 * POINTS.height;
  const small = { width: SCAN_WIDTH, height: SCAN_HEIGHT, pixelFormat: 'rgb24', scaling: 'area' } as const;
  return { ...small, pointSamples: isLarge ? POINTS : undefined };
}

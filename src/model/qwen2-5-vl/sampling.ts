// Chooses which frames of a video the model looks at, and at which effective rate: the canonical rule.
import { AppError } from '../../app-error.js';
import { roundHalfEven } from './rounding.js';

/** Spec 2.1. */
const DEFAULT_FPS = 2;
const FRAME_FACTOR = 2;
const MIN_FRAMES = 4;
const MAX_FRAMES = 768;

export interface SourceVideo {
  readonly totalFrames: number;
  /** Average frame rate of the stream, frames per second. */
  readonly fps: number;
}

/** What the caller may ask for. `fps` and `frames` exclude each other; `maxFrames` replaces the limit of 768 entirely. */
export interface SamplingOptions {
  readonly fps?: number | undefined;
  readonly frames?: number | undefined;
  readonly minFrames?: number | undefined;
  readonly maxFrames?: number | undefined;
  readonly startSeconds?: number | undefined;
  readonly endSeconds?: number | undefined;
}

export interface SampledFrames {
  /** First and last frame of the clip, both included. */
  readonly startFrame: number;
  readonly endFrame: number;
  /** Frames of the source that are looked at, ascending. */
  readonly indices: readonly number[];
  /** Frames per second that the model is told. */
  readonly effectiveFps: number;
  /** Seconds a temporal group of two frames covers: `second_per_grid_t`, never rounded. */
  readonly secondPerGrid: number;
}

/**
 * Throws `sampling.*`.
 *
 * @example sampleFrames({ totalFrames: 899, fps: 30 }) // 58 frames, secondPerGrid 1.0333333333333332
 */
export function sampleFrames(source: SourceVideo, options: SamplingOptions = {}): SampledFrames {
  const [startFrame, endFrame] = clipRange(source, options);
  const clipFrames = endFrame - startFrame + 1;
  const count = frameCount({ totalFrames: clipFrames, fps: source.fps }, options);
  // Spec 2.4: in this order.
  const effectiveFps = (count / Math.max(clipFrames, 1e-6)) * source.fps;
  return {
    startFrame,
    endFrame,
    indices: linspace(startFrame, endFrame, count).map(roundHalfEven),
    effectiveFps,
    secondPerGrid: FRAME_FACTOR / effectiveFps,
  };
}

/** Spec 2.1: how many frames, always even. Throws `sampling.options_exclusive` or `sampling.too_few_frames`. */
export function frameCount({ totalFrames, fps }: SourceVideo, options: SamplingOptions): number {
  if (options.fps !== undefined && options.frames !== undefined) {
    throw new AppError('sampling.options_exclusive', 'Give either a rate (fps) or a number of frames, not both.');
  }
  const count = options.frames === undefined ? countAtRate(totalFrames, fps, options) : roundHalfEven(options.frames / FRAME_FACTOR) * FRAME_FACTOR;
  if (!(count >= FRAME_FACTOR && count <= totalFrames)) {
    throw new AppError('sampling.too_few_frames', `Cannot take ${count} frames of ${totalFrames}; at least ${FRAME_FACTOR} are needed.`);
  }
  return count;
}

function countAtRate(totalFrames: number, sourceFps: number, { fps = DEFAULT_FPS, minFrames, maxFrames }: SamplingOptions): number {
  const lowest = Math.ceil((minFrames ?? MIN_FRAMES) / FRAME_FACTOR) * FRAME_FACTOR;
  const highest = Math.floor((maxFrames ?? Math.min(MAX_FRAMES, totalFrames)) / FRAME_FACTOR) * FRAME_FACTOR;
  const wanted = (totalFrames / sourceFps) * fps;
  return Math.floor(Math.min(Math.max(wanted, lowest), highest, totalFrames) / FRAME_FACTOR) * FRAME_FACTOR;
}

/** Spec 2.2: first and last frame of the clip. Throws `sampling.source_empty` or `sampling.range_empty`. */
export function clipRange({ totalFrames, fps }: SourceVideo, { startSeconds, endSeconds }: SamplingOptions): [number, number] {
  if (!(totalFrames > 0 && fps > 0)) {
    throw new AppError('sampling.source_empty', `A video of ${totalFrames} frames at ${fps} frames per second cannot be sampled.`);
  }
  const last = totalFrames - 1;
  if (startSeconds === undefined && endSeconds === undefined) return [0, last];
  const duration = totalFrames / fps;
  const clamp = (seconds: number): number => Math.min(Math.max(seconds, 0), duration);
  const start = startSeconds === undefined ? 0 : Math.ceil(clamp(startSeconds) * fps);
  const end = endSeconds === undefined ? last : Math.min(Math.floor(clamp(endSeconds) * fps), last);
  if (start >= end) {
    throw new AppError('sampling.range_empty', `The range ${startSeconds ?? 0} s to ${endSeconds ?? duration} s holds fewer than two frames.`);
  }
  return [start, end];
}

const LANES = 8;

/**
 * Spec 2.3: `count` values from `first` to `last` in single precision, both ends included, exactly as the reference's vector kernel computes
 * them: two blocks of eight lanes at a time, the rest one by one. In double, one index in a thousand would differ by one frame.
 */
export function linspace(first: number, last: number, count: number): number[] {
  const step = Math.fround(Math.fround(last - first) / Math.fround(count - 1));
  const half = Math.floor(count / 2);
  // Product and sum in double, then one rounding: a fused multiply-add. The second half is counted back from the end.
  const at = (i: number): number => Math.fround(i < half ? step * i + first : -step * (count - i - 1) + last);

  const values: number[] = [];
  while (values.length <= count - 2 * LANES) {
    for (let block = 0; block < 2; block++) {
      const base = at(values.length);
      for (let lane = 0; lane < LANES; lane++) values.push(Math.fround(base + Math.fround(step * lane)));
    }
  }
  while (values.length < count) values.push(at(values.length));
  return values;
}

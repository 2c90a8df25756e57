// The frame sampler of the transformers video processor, for comparison only; its indices and the canonical timing must never be mixed.
import { AppError } from '../../app-error.js';
import { roundHalfEven } from './rounding.js';

export interface ProcessorSamplingOptions {
  readonly fps?: number | undefined;
  readonly frames?: number | undefined;
  readonly minFrames?: number | undefined;
  readonly maxFrames?: number | undefined;
}

export interface ProcessorSampledFrames {
  readonly indices: readonly number[];
  readonly effectiveFps: number;
  readonly secondPerGrid: number;
}

/** Spec 2.6: starts at the first frame, never reaches the last one, rounds nothing. `fps` of the source may be unknown. */
export function sampleFramesOfProcessor(
  source: { totalFrames: number; fps: number | undefined },
  options: ProcessorSamplingOptions,
): ProcessorSampledFrames {
  const { totalFrames, fps } = source;
  if (options.fps !== undefined && options.frames !== undefined) {
    throw new AppError('sampling.options_exclusive', 'Give either a rate (fps) or a number of frames, not both.');
  }
  if (fps === undefined) throw new AppError('sampling.source_empty', 'A rate cannot be sampled without the rate of the source.');
  const count = options.frames === undefined ? countAtRate(totalFrames, fps, options) : roundHalfEven(options.frames / 2) * 2;
  if (!(count > 0 && count <= totalFrames)) {
    throw new AppError('sampling.too_few_frames', `Cannot take ${count} frames of ${totalFrames}.`);
  }
  const indices = arange(totalFrames, totalFrames / count).map(Math.trunc);
  const effectiveFps = (indices.length / totalFrames) * fps;
  return { indices, effectiveFps, secondPerGrid: 2 / effectiveFps };
}

function countAtRate(totalFrames: number, sourceFps: number, { fps = 2, minFrames = 4, maxFrames = 768 }: ProcessorSamplingOptions): number {
  const highest = Math.floor(Math.min(maxFrames, totalFrames) / 2) * 2;
  const wanted = (totalFrames / sourceFps) * fps;
  return Math.floor(Math.min(Math.max(wanted, minFrames), highest, totalFrames) / 2) * 2;
}

const LANES = 8;

/** Multiples of `step` below `end` in single precision, in blocks of eight lanes as the reference's vector kernel forms them. */
function arange(end: number, step: number): number[] {
  const count = Math.ceil(end / step);
  const values: number[] = [];
  while (values.length <= count - 2 * LANES) {
    for (let block = 0; block < 2; block++) {
      const base = Math.fround(step * values.length);
      for (let lane = 0; lane < LANES; lane++) values.push(Math.fround(base + lane * step));
    }
  }
  while (values.length < count) values.push(Math.fround(step * values.length));
  return values;
}

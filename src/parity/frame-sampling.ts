// Parity of the choice of frames: the canonical sampler, and that of the transformers video processor.
import { sampleFrames, type SamplingOptions } from '../model/qwen2-5-vl/sampling.js';
import { sampleFramesOfProcessor } from '../model/qwen2-5-vl/sampling-variants.js';
import { Score, type VectorSuite } from './suite.js';
import { readVectors } from './vectors.js';

/** Sampling options by the names of the reference. */
export interface ReferenceOptions {
  readonly fps?: number;
  readonly nframes?: number;
  readonly min_frames?: number;
  readonly max_frames?: number;
  readonly video_start?: number;
  readonly video_end?: number;
}

export function samplingOptions(options: ReferenceOptions): SamplingOptions {
  return {
    fps: options.fps,
    frames: options.nframes,
    minFrames: options.min_frames,
    maxFrames: options.max_frames,
    startSeconds: options.video_start,
    endSeconds: options.video_end,
  };
}

interface Refusal {
  readonly error: string;
}

interface Case {
  readonly total_frames: number;
  readonly video_fps: number;
  readonly ele: ReferenceOptions;
  readonly expected:
    | Refusal
    | {
        readonly start_frame: number;
        readonly end_frame: number;
        readonly range_frames: number;
        readonly nframes: number;
        readonly indices: readonly number[];
        readonly sample_fps: number;
        readonly second_per_grid_t: number;
      };
}

export const frameSampling: VectorSuite = {
  file: 'frame_sampling.json',
  async run(directory) {
    const { cases } = await readVectors<{ cases: Case[] }>(directory, this.file);
    const score = new Score();
    for (const { total_frames: totalFrames, video_fps: fps, ele, expected } of cases) {
      score.case(`${totalFrames} frames at ${fps}, ${JSON.stringify(ele)}`, () => {
        const sample = (): ReturnType<typeof sampleFrames> => sampleFrames({ totalFrames, fps }, samplingOptions(ele));
        if ('error' in expected) return score.refused('the sample', sample);
        const { startFrame, endFrame, indices, effectiveFps, secondPerGrid } = sample();
        score.same('the clip', [startFrame, endFrame, endFrame - startFrame + 1], [expected.start_frame, expected.end_frame, expected.range_frames]);
        score.same('the number of frames', indices.length, expected.nframes);
        score.same('indices', indices, expected.indices);
        score.same('sample_fps', effectiveFps, expected.sample_fps);
        score.same('second_per_grid_t', secondPerGrid, expected.second_per_grid_t);
      });
    }
    return score.report();
  },
};

interface ProcessorCase {
  readonly total_num_frames: number;
  readonly fps: number | null;
  readonly args: { readonly fps?: number; readonly num_frames?: number; readonly min_frames?: number; readonly max_frames?: number };
  readonly expected: Refusal | { readonly indices: readonly number[]; readonly sampled_fps: number; readonly second_per_grid_t: number };
}

export const processorFrameSampling: VectorSuite = {
  file: 'hf_frame_sampling.json',
  async run(directory) {
    const { cases } = await readVectors<{ cases: ProcessorCase[] }>(directory, this.file);
    const score = new Score();
    for (const { total_num_frames: totalFrames, fps, args, expected } of cases) {
      score.case(`${totalFrames} frames at ${fps}, ${JSON.stringify(args)}`, () => {
        const options = { fps: args.fps, frames: args.num_frames, minFrames: args.min_frames, maxFrames: args.max_frames };
        const sample = (): ReturnType<typeof sampleFramesOfProcessor> => sampleFramesOfProcessor({ totalFrames, fps: fps ?? undefined }, options);
        if ('error' in expected) return score.refused('the sample', sample);
        const { indices, effectiveFps, secondPerGrid } = sample();
        score.same('indices', indices, expected.indices);
        score.same('sampled_fps', effectiveFps, expected.sampled_fps);
        score.same('second_per_grid_t', secondPerGrid, expected.second_per_grid_t);
      });
    }
    return score.report();
  },
};

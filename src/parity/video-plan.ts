// Parity of the whole plan for a video: frames, size, grid, tokens and rate.
import { gridOf, tokensOf } from '../model/qwen2-5-vl/patches.js';
import { sampleFrames } from '../model/qwen2-5-vl/sampling.js';
import { requestedSize, videoFrameSize } from '../model/qwen2-5-vl/smart-resize.js';
import { type ReferenceOptions, samplingOptions } from './frame-sampling.js';
import { Score, type VectorSuite } from './suite.js';
import { readVectors } from './vectors.js';

interface Options extends ReferenceOptions {
  readonly min_pixels?: number;
  readonly max_pixels?: number;
  readonly total_pixels?: number;
  readonly resized_height?: number;
  readonly resized_width?: number;
}

interface Plan {
  readonly nframes: number;
  readonly resized_height: number;
  readonly resized_width: number;
  readonly video_grid_thw: readonly number[];
  readonly num_video_tokens: number;
  readonly sample_fps: number;
  readonly second_per_grid_t: number;
}

interface Case {
  readonly total_frames: number;
  readonly video_fps: number;
  readonly height: number;
  readonly width: number;
  readonly ele: Options;
  readonly expected: Plan | { readonly error: string };
}

export const videoPlan: VectorSuite = {
  file: 'video_plan.json',
  async run(directory) {
    const { cases } = await readVectors<{ cases: Case[] }>(directory, this.file);
    const score = new Score();
    for (const vector of cases) {
      const { total_frames: frames, video_fps: fps, height, width, ele, expected } = vector;
      score.case(`${frames} frames of ${width} x ${height} at ${fps}, ${JSON.stringify(ele)}`, () => {
        if ('error' in expected) return score.refused('the plan', () => plan(vector));
        const actual = plan(vector);
        for (const key of Object.keys(actual) as (keyof Plan)[]) score.same(key, actual[key], expected[key]);
      });
    }
    return score.report();
  },
};

function plan({ total_frames: totalFrames, video_fps: fps, height, width, ele }: Case): Plan {
  const { indices, effectiveFps, secondPerGrid } = sampleFrames({ totalFrames, fps }, samplingOptions(ele));
  const { resized_height: wantedHeight, resized_width: wantedWidth } = ele;
  const size =
    wantedHeight !== undefined && wantedWidth !== undefined
      ? requestedSize({ height: wantedHeight, width: wantedWidth })
      : videoFrameSize({ height, width, frames: indices.length, minPixels: ele.min_pixels, maxPixels: ele.max_pixels, totalPixels: ele.total_pixels });
  const grid = gridOf({ frames: indices.length, ...size });
  return {
    nframes: indices.length,
    resized_height: size.height,
    resized_width: size.width,
    video_grid_thw: grid,
    num_video_tokens: tokensOf(grid),
    sample_fps: effectiveFps,
    second_per_grid_t: secondPerGrid,
  };
}

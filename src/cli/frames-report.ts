// `secondsight frames FILE`: which pictures of a video the model would look at, when each is presented, and how large they become.
import { resolve } from 'node:path';
import { frameSize, type PixelLimits, readPixelLimits } from '../inference/pixel-limits.js';
import { readCheckpointJson } from '../inference/checkpoint.js';
import { type PictureSource, windowPictures } from '../inference/window-pictures.js';
import { type FrameGrid, layGrid } from '../model/grounding/frame-grid.js';
import { type FramePlan, type Sampling } from '../model/grounding/frame-plan.js';
import { parseConfig } from '../model/qwen2-5-vl/config.js';
import { temporalIds } from '../model/qwen2-5-vl/mrope.js';
import { gridOf } from '../model/qwen2-5-vl/patches.js';
import { IMAGE_PIXELS } from '../model/qwen2-5-vl/smart-resize.js';
import { Media, type MediaConfig } from '../platform/media/index.js';

export interface FramesOptions extends Sampling {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** A checkpoint folder whose limits apply; without it those of the published checkpoints. */
  readonly model?: string | undefined;
}

export interface FramesReport {
  readonly frames: readonly { readonly seconds: number; readonly pts: number; readonly time_base: string; readonly held: boolean }[];
  /** As a player shows the video. */
  readonly width: number;
  readonly height: number;
  /** As the model gets it. */
  readonly resized_width: number;
  readonly resized_height: number;
  readonly video_grid_thw: readonly number[];
  readonly second_per_grid_ts: number;
  readonly effective_fps: number;
  readonly temporal_ids: readonly number[];
  /** Second of the video at which the model's second 0 lies: the window's first grid cell. */
  readonly model_start: number;
  /** Presentation time of the first frame on the file's own clock, seconds. */
  readonly start_time: number;
  /** Seconds from the first presented frame to the end of the last. */
  readonly duration: number;
}

/** Spec 1.1: both are the same in every published checkpoint. */
const PUBLISHED = { tokensPerSecond: 2, limits: IMAGE_PIXELS };

/** Rejects with `video.*`, `window.empty`, `resize.*`, `sampling.*` or `checkpoint.*`. */
export async function framesReport(media: Media, path: string, options: FramesOptions): Promise<FramesReport> {
  const { start = 0, end = Infinity, model, ...sampling } = options;
  const { tokensPerSecond, limits } = model === undefined ? PUBLISHED : await readLimits(model);
  const file = resolve(path);
  const { video } = await media.probe(file);
  const index = await media.indexFrames(file, video);
  const plan = await lookedAt(media, { file, video, index }, layGrid(index, { ...sampling, startSeconds: start, endSeconds: end }));
  const { width, height } = video;
  const size = frameSize({ ...sampling, width, height, frames: plan.frames.length }, limits);
  const grid = gridOf({ ...size, frames: plan.frames.length });
  const { num, den } = index.timeBase;
  return {
    frames: plan.frames.map(({ seconds, pts, held }) => ({ seconds, pts, time_base: `${num}/${den}`, held })),
    ...{ width, height, resized_width: size.width, resized_height: size.height },
    video_grid_thw: grid,
    second_per_grid_ts: plan.secondPerGrid,
    effective_fps: plan.effectiveFps,
    temporal_ids: [...temporalIds(grid[0], plan.secondPerGrid, tokensPerSecond)],
    model_start: plan.firstCell / plan.effectiveFps,
    start_time: (plan.originPts * num) / den,
    duration: ((index.endPts - plan.originPts) * num) / den,
  };
}

/** Decodes the window, as the model's pictures are decoded, for the plan that comes of it. */
async function lookedAt(media: Media, source: PictureSource, grid: FrameGrid): Promise<FramePlan> {
  const pictures = windowPictures(media, source, { grid });
  for (;;) {
    const step = await pictures.next();
    if (step.done) return step.value;
  }
}

async function readLimits(directory: string): Promise<{ tokensPerSecond: number; limits: PixelLimits }> {
  const { vision } = parseConfig(await readCheckpointJson(directory, 'config.json'));
  return { tokensPerSecond: vision.tokensPerSecond, limits: await readPixelLimits(directory) };
}

/** Prints the report, as JSON or as one line a frame; resolves with the exit code. */
export async function frames(file: string, options: FramesOptions & { readonly json: boolean }, config: MediaConfig): Promise<number> {
  const { json, ...rest } = options;
  const report = await framesReport(new Media(config), file, rest);
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : describe(report));
  return 0;
}

function describe(report: FramesReport): string {
  const [t, h, w] = report.video_grid_thw;
  const rate = `${report.effective_fps} fps, ${report.second_per_grid_ts} s a group`;
  const size = `${report.resized_width}x${report.resized_height}, grid ${t}x${h}x${w}`;
  return [
    `${report.width}x${report.height}, ${report.duration.toFixed(3)} s from ${report.start_time.toFixed(3)} s of the file's own clock`,
    `${report.frames.length} frames at ${rate}, as ${size}`,
    ...report.frames.map(({ seconds, pts, held }) => `${seconds.toFixed(6).padStart(12)} s  pts ${pts}${held ? '  held' : ''}`),
    '',
  ].join('\n');
}

// Puts prompts to a window of a stored video and keeps what was looked at as evidence.
import { Inject, Injectable } from '@nestjs/common';
import { type RunOptions, type WindowPrompt, type WindowRequest, type WindowResult } from '../src/inference/inference.js';
import { sliceIndex } from '../src/model/grounding/index-slice.js';
import { type WindowEvidence } from '../src/segments/index.js';
import { FrameIndexes, type Video, VideoFiles } from '../src/videos/index.js';
import { WorkerContext } from './worker-context.js';

/** A stretch of a video, seconds. */
export interface WindowRange {
  readonly ordinal: number;
  readonly startTime: number;
  readonly endTime: number;
}

@Injectable()
export class WindowReader {
  constructor(
    private readonly files: VideoFiles,
    private readonly indexes: FrameIndexes,
    @Inject(WorkerContext) private readonly context: WorkerContext,
  ) {}

  async read(
    video: Video,
    window: WindowRange,
    sampling: WindowRequest['sampling'],
    prompts: readonly WindowPrompt[],
    { sweep, ...options }: RunOptions & Pick<WindowRequest, 'sweep'>,
  ): Promise<WindowResult> {
    const file = await this.files.decoded(video);
    const { stream, index } = await this.indexes.of(video);
    const range = { startSeconds: window.startTime, endSeconds: window.endTime };
    return this.context.inference.run(
      { file, contentHash: video.sha256, video: stream, index: sliceIndex(index, range), ...range, sampling, prompts, sweep },
      options,
    );
  }
}

/** What the model looked at in a window; with a span, only the frames inside it. */
export function windowEvidence(
  window: WindowRange,
  { plan, answers }: WindowResult,
  span: { startSeconds: number; endSeconds: number } = { startSeconds: -Infinity, endSeconds: Infinity },
): WindowEvidence {
  return {
    ordinal: window.ordinal,
    start_time: window.startTime,
    end_time: window.endTime,
    effective_fps: plan.effectiveFps,
    second_per_grid_ts: plan.secondPerGrid,
    frame_times: plan.frames.map((frame) => frame.seconds).filter((at) => at >= span.startSeconds && at <= span.endSeconds),
    prompt_hash: answers[0]?.promptHash ?? '',
  };
}

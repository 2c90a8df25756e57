// Puts prompts to a window of a stored video and keeps what was looked at as evidence.
import { Inject, Injectable } from '@nestjs/common';
import { isFileNeeded } from '../src/inference/index.js';
import { type RunOptions, type WindowPrompt, type WindowRequest, type WindowResult } from '../src/inference/inference.js';
import { tokensOf } from '../src/model/qwen2-5-vl/patches.js';
import { sliceIndex } from '../src/model/grounding/index-slice.js';
import { Totals } from '../src/platform/metrics/totals.js';
import { type WindowEvidence } from '../src/segments/index.js';
import { FrameIndexes, type Video, VideoFiles } from '../src/videos/index.js';
import { type Stage, StageClock } from './stage-clock.js';
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
    private readonly totals: Totals,
    @Inject(WorkerContext) private readonly context: WorkerContext,
  ) {}

  async read(
    video: Video,
    window: WindowRange,
    sampling: WindowRequest['sampling'],
    prompts: readonly WindowPrompt[],
    { sweep, ...options }: RunOptions & Pick<WindowRequest, 'sweep'>,
  ): Promise<WindowResult> {
    const { stream, index } = await this.indexes.of(video);
    const range = { startSeconds: window.startTime, endSeconds: window.endTime };
    const request = { contentHash: video.sha256, video: stream, index: sliceIndex(index, range), ...range, sampling, prompts, sweep };
    const run = (file?: string): Promise<WindowResult> => this.counted({ file, ...request }, options);
    if (!(await this.files.isDecodedHere(video))) {
      try {
        return await run();
      } catch (error) {
        if (!isFileNeeded(error)) throw error;
      }
    }
    return this.files.withDecoded(video, run);
  }

  private async counted(request: WindowRequest, options: RunOptions): Promise<WindowResult> {
    const clock = new StageClock();
    try {
      const result = await this.context.inference.run(request, { ...options, onTurn: () => clock.pass('wait'), onProgress: ({ stage }) => clock.pass(stage) });
      clock.pass('answer');
      this.totals.add('secondsight_windows_seen_total', { from: result.seen });
      if (result.seen === 'now') this.totals.add('secondsight_tokens_total', { kind: 'encoded' }, tokensOf(result.videoGridThw));
      this.totals.add('secondsight_tokens_total', { kind: 'generated' }, result.answers.reduce((sum, { tokens }) => sum + tokens.length, 0));
      return result;
    } finally {
      for (const [stage, seconds] of Object.entries(clock.seconds)) this.totals.add('secondsight_stage_seconds_total', { stage: stage as Stage }, seconds);
    }
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

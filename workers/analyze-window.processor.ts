// Job analyze-window: look closely at one window and store the events the model describes.
import { Inject, Injectable } from '@nestjs/common';
import { mergeTask } from '../src/analysis/analysis.job.js';
import { type AppError } from '../src/app-error.js';
import { type ClaimedWindow, type TaskWarning, TaskState, type WindowOutcome } from '../src/analysis/index.js';
import { type WindowResult } from '../src/inference/inference.js';
import { createClock } from '../src/model/grounding/clock.js';
import { DENSE_EVENTS_PROMPT } from '../src/model/grounding/prompts.js';
import { readEvents } from '../src/model/grounding/window-events.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { VideosService } from '../src/videos/index.js';
import { windowEvidence, WindowReader } from './window-reader.js';
import { WorkerContext } from './worker-context.js';

/** Bounds one answer; a longer list is cut after its last whole event and marked. */
const MAX_NEW_TOKENS = 2048;

@Injectable()
export class AnalyzeWindowProcessor {
  constructor(
    private readonly tasks: TaskState,
    private readonly videos: VideosService,
    private readonly reader: WindowReader,
    private readonly context: WorkerContext,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async process(id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.tasks.claimWindow(id, this.context.workerId);
    if (!claimed) return;
    let last = false;
    const work = {
      attempt: claimed.window.attempt,
      work: async (signal: AbortSignal) => {
        last = await this.tasks.commitWindow(claimed, await this.look(claimed, signal));
      },
      giveBack: (options: { refund: boolean }) => this.tasks.returnWindow(claimed, options),
      giveUp: async (error: AppError) => {
        last = await this.tasks.failWindow(claimed, error);
      },
    };
    await this.context.underLease(claimed.lease, work, stopping);
    if (last) await this.queue.ring(mergeTask, claimed.task.id);
  }

  private async look({ task, window }: ClaimedWindow, signal: AbortSignal): Promise<WindowOutcome> {
    const video = await this.videos.get(task.videoId);
    const prompt = { text: task.request.prompt ?? DENSE_EVENTS_PROMPT, maxNewTokens: MAX_NEW_TOKENS };
    const sampling = { ...task.request.sampling, fps: window.fps };
    const result = await this.reader.read(video, window, sampling, [prompt], signal);
    const answer = result.answers[0];
    if (!answer) throw new Error('the model returned no answer');
    const { events, unparsed, truncated } = readEvents(answer, createClock(result.plan));
    const { name, hash } = result.model;
    return {
      record: recordOf(result),
      model: { name, hash },
      unparsed,
      warnings: warningsOf(window, unparsed, truncated),
      segments: events.map((event) => ({
        startTime: event.startSeconds,
        endTime: event.endSeconds,
        type: 'event',
        text: event.text,
        confidence: event.confidence,
        evidence: { model: { name, hash }, windows: [windowEvidence(window, result, event)] },
      })),
    };
  }
}

function recordOf({ plan, answers, ...seen }: WindowResult): WindowOutcome['record'] {
  const answer = answers[0];
  return {
    effective_fps: plan.effectiveFps,
    second_per_grid_ts: plan.secondPerGrid,
    frame_times: plan.frames.map((frame) => frame.seconds),
    temporal_ids: seen.temporalIds,
    video_grid_thw: seen.videoGridThw,
    width: seen.width,
    height: seen.height,
    prompt_hash: answer?.promptHash ?? '',
    answer: answer?.text ?? '',
    finish_reason: answer?.finishReason ?? 'stop',
  };
}

function warningsOf(window: { startTime: number; endTime: number }, unparsed: number, truncated: boolean): TaskWarning[] {
  const range = { start_time: window.startTime, end_time: window.endTime };
  return [
    ...(unparsed > 0 ? [{ code: 'answer.unparsed', message: `${unparsed} event(s) of the answer could not be read.`, ...range }] : []),
    ...(truncated ? [{ code: 'answer.truncated', message: 'The answer was cut at its token limit; later events may be missing.', ...range }] : []),
  ];
}

// Job analyze-window: look closely at one window and store the events the model describes.
import { Inject, Injectable } from '@nestjs/common';
import { mergeTask } from '../src/analysis/analysis.job.js';
import { type AppError } from '../src/app-error.js';
import { CANCELED_CHANNEL, type ClaimedWindow, RESPONSE_TYPE, TaskState, type TaskWarning, type WindowOutcome } from '../src/analysis/index.js';
import { type WindowAnswer, type WindowPrompt, type WindowResult } from '../src/inference/inference.js';
import { type AnswerForm } from '../src/model/grammar/answer-form.js';
import { createClock } from '../src/model/grounding/clock.js';
import { DENSE_EVENTS_PROMPT, segmentsPrompt } from '../src/model/grounding/prompts.js';
import { type GroundedSpan, readEvents } from '../src/model/grounding/window-events.js';
import { Totals } from '../src/platform/metrics/totals.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { type NewSegment } from '../src/segments/index.js';
import { VideosService } from '../src/videos/index.js';
import { windowEvidence, WindowReader } from './window-reader.js';
import { WorkerContext } from './worker-context.js';

/** Bounds one answer; a longer list is cut after its last whole event and marked. */
const MAX_NEW_TOKENS = 2048;

/** An event takes some fifty tokens. */
const MAX_EVENTS = 40;

/** Asked where a caller gives a schema and no words of their own. */
const RESPONSE_PROMPT = 'Describe the video. Provide the result in json format.';

@Injectable()
export class AnalyzeWindowProcessor {
  constructor(
    private readonly tasks: TaskState,
    private readonly videos: VideosService,
    private readonly reader: WindowReader,
    private readonly context: WorkerContext,
    private readonly totals: Totals,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async process(_id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.tasks.claimWindow(this.context.workerId);
    if (!claimed) return;
    let last = false;
    const work = {
      attempt: claimed.window.attempt,
      told: { channel: CANCELED_CHANNEL, id: claimed.task.id },
      traceparent: claimed.task.traceparent,
      work: async (signal: AbortSignal) => {
        last = await this.tasks.commitWindow(claimed, await this.look(claimed, signal));
        this.totals.add('secondsight_windows_finished_total', { status: 'ready' });
      },
      giveBack: (options: { refund: boolean }) => this.tasks.returnWindow(claimed, options),
      giveUp: async (error: AppError) => {
        last = await this.tasks.failWindow(claimed, error);
        this.totals.add('secondsight_windows_finished_total', { status: 'failed' });
      },
    };
    await this.context.underLease(claimed.lease, work, stopping);
    if (last) await this.queue.ring(mergeTask, claimed.task.id);
  }

  private async look(claimed: ClaimedWindow, signal: AbortSignal): Promise<WindowOutcome> {
    const { task, window } = claimed;
    const video = await this.videos.load(task.videoId);
    const result = await this.reader.read(video, window, window.sampling, [promptOf(task, window)], { signal });
    const answer = result.answers[0];
    if (!answer) throw new Error('the model returned no answer');
    const { segments, unparsed, truncated } = segmentsOf(claimed, result, answer);
    const { name, hash } = result.model;
    return { record: recordOf(result), model: { name, hash }, unparsed, warnings: warningsOf(window, unparsed, truncated), segments };
  }
}

/** What is asked of a window, and the form that the answer is held to; a prompt of the caller's own may be answered freely. */
function promptOf({ request }: ClaimedWindow['task'], { startTime, endTime }: ClaimedWindow['window']): WindowPrompt {
  const { prompt, segmentDefinitions, responseSchema } = request;
  const bounds = { maxEvents: MAX_EVENTS, endSeconds: endTime - startTime };
  const ask = (text: string, form?: AnswerForm): WindowPrompt => ({ text, form, maxNewTokens: MAX_NEW_TOKENS });
  if (segmentDefinitions) return ask(segmentsPrompt(segmentDefinitions), { kind: 'segments', definitions: segmentDefinitions, ...bounds });
  if (responseSchema) return ask(prompt ?? RESPONSE_PROMPT, { kind: 'json', schema: responseSchema });
  return prompt === undefined ? ask(DENSE_EVENTS_PROMPT, { kind: 'events', ...bounds }) : ask(prompt);
}

interface WindowSegments {
  readonly segments: readonly NewSegment[];
  readonly unparsed: number;
  readonly truncated: boolean;
}

function segmentsOf({ task, window }: ClaimedWindow, result: WindowResult, answer: WindowAnswer): WindowSegments {
  const { name, hash } = result.model;
  const evidence = (span?: GroundedSpan): NewSegment['evidence'] => ({ model: { name, hash }, windows: [windowEvidence(window, result, span)] });
  if (task.request.responseSchema) {
    const fields = { response: JSON.parse(answer.text) as unknown };
    const whole = { startTime: window.startTime, endTime: window.endTime, type: RESPONSE_TYPE, text: answer.text, confidence: null };
    return { segments: [{ ...whole, fields, evidence: evidence() }], unparsed: 0, truncated: answer.finishReason === 'length' };
  }
  const { events, unparsed, truncated } = readEvents(answer, createClock(result.plan), task.request.segmentDefinitions);
  const segments = events.map((event) => ({
    startTime: event.startSeconds,
    endTime: event.endSeconds,
    type: event.type ?? 'event',
    text: event.text,
    confidence: event.confidence,
    fields: event.fields ?? null,
    evidence: evidence(event),
  }));
  return { segments, unparsed, truncated };
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

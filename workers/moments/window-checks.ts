// What is put to single windows for a question: does it occur, and when.
import { Injectable } from '@nestjs/common';
import { AppError } from '../../src/app-error.js';
import { type WindowAnswer, type WindowPrompt, type WindowResult } from '../../src/inference/inference.js';
import { createClock } from '../../src/model/grounding/clock.js';
import { planWindows } from '../../src/model/grounding/even-windows.js';
import { groundingPrompt, occurrencePrompt } from '../../src/model/grounding/prompts.js';
import { type GroundedSpan, readGrounding, readYes } from '../../src/model/grounding/window-events.js';
import { type MomentWarning, type MomentWindow } from '../../src/moments/index.js';
import { type Video } from '../../src/videos/index.js';
import { windowEvidence, WindowReader } from '../window-reader.js';
import { WorkerContext } from '../worker-context.js';
import { type QuestionWindow } from './question-windows.js';

/** The model's own words for whether something occurs (the card of the bundled checkpoint has them too). */
const CHOICES = ['Yes', 'No'] as const;
const MAX_NEW_TOKENS = { grounding: 128, occurrence: 8 };

/** Fewer frames a second than this cannot tell a second from the next. */
export const GROUNDING_FPS = 2;

/** What lies in the window itself and would be the same the next time: the others are searched without it. */
const OF_THE_WINDOW = /^(video|window|plan|sampling|resize)\./;

/** A log-odds that any probability, 0 and 1 included, stays within. */
const MOST_LOG_ODDS = 30;

export interface CheckedWindow {
  readonly window: QuestionWindow;
  /** All that is kept of what the model said: a long video has thousands of windows. */
  readonly evidence: MomentWindow;
  /** Natural log-odds that the content occurs in it. */
  readonly occurrence: number;
}

export interface GroundedWindow extends CheckedWindow {
  readonly answer: string;
  /** Seconds of the video. */
  readonly spans: readonly GroundedSpan[];
  readonly unparsed: number;
}

export interface AskedVideo {
  readonly video: Video;
  readonly query: string;
  /** Windows that are asked whether it occurs. */
  readonly windows: number;
  /** The user set the rate. */
  readonly rateAsked: boolean;
}

@Injectable()
export class WindowChecks {
  constructor(
    private readonly reader: WindowReader,
    private readonly context: WorkerContext,
  ) {}

  /** Whether it occurs in the window; a warning where the window cannot be looked at. */
  check(asked: AskedVideo, window: QuestionWindow, signal: AbortSignal): Promise<CheckedWindow | MomentWarning> {
    return orWarning(window, async () => {
      const result = await this.put(asked.video, window, [occurrence(asked.query)], { signal, sweep: asked.windows });
      return { window, evidence: evidenceOf(window, result), occurrence: logOdds(result.answers[0]) };
    });
  }

  /** When it occurs. A window that was planned below 2 frames a second is looked at again at 2, in parts if need be, and checked again. */
  async ground(asked: AskedVideo, { window, occurrence: known, evidence: first }: CheckedWindow, signal: AbortSignal): Promise<(GroundedWindow | MomentWarning)[]> {
    const closer = asked.rateAsked || window.sampling.fps >= GROUNDING_FPS ? undefined : await orWarning(window, () => this.closer(window));
    if (closer && 'code' in closer) return [closer];
    const grounded: (GroundedWindow | MomentWarning)[] = [];
    for (const part of closer ?? [window]) {
      const prompts = [grounding(asked.query), ...(closer ? [occurrence(asked.query)] : [])];
      grounded.push(
        await orWarning(part, async () => {
          const again = await this.put(asked.video, part, prompts, { signal });
          const [said, checked] = again.answers;
          if (!said) throw new Error('the model returned no answer');
          const { spans, unparsed } = readGrounding(said, createClock(again.plan));
          const evidence = evidenceOf(part, closer ? again : { ...again, seen: first.seen }); // it was brought to memory for this very question
          return { window: part, evidence, occurrence: closer ? logOdds(checked) : known, answer: said.text, spans, unparsed };
        }),
      );
    }
    return grounded;
  }

  private async closer(window: QuestionWindow): Promise<QuestionWindow[]> {
    const { windowSeconds, overlapSeconds } = await this.context.planOptions();
    const most = Math.min(windowSeconds, window.sampling.maxFrames / GROUNDING_FPS);
    const { startSeconds, endSeconds } = window;
    return planWindows({ startSeconds, endSeconds, windowSeconds: most, overlapSeconds: Math.min(overlapSeconds, most / 2) }).map((part) => ({
      ...window,
      startSeconds: part.startSeconds,
      endSeconds: part.endSeconds,
      sampling: { ...window.sampling, fps: GROUNDING_FPS },
    }));
  }

  private put(video: Video, window: QuestionWindow, prompts: readonly WindowPrompt[], options: { signal: AbortSignal; sweep?: number }): Promise<WindowResult> {
    const { ordinal, startSeconds: startTime, endSeconds: endTime, sampling } = window;
    return this.reader.read(video, { ordinal, startTime, endTime }, sampling, prompts, { ...options, urgent: true });
  }
}

export const isWarning = (value: CheckedWindow | GroundedWindow | MomentWarning): value is MomentWarning => 'code' in value;

const evidenceOf = ({ ordinal, startSeconds: startTime, endSeconds: endTime }: QuestionWindow, result: WindowResult): MomentWindow => ({
  ...windowEvidence({ ordinal, startTime, endTime }, result),
  ...{ frames: result.plan.frames.length, seen: result.seen },
});

const grounding = (query: string): WindowPrompt => ({ text: groundingPrompt(query), maxNewTokens: MAX_NEW_TOKENS.grounding });

const occurrence = (query: string): WindowPrompt => ({
  text: occurrencePrompt(query),
  maxNewTokens: MAX_NEW_TOKENS.occurrence,
  form: { kind: 'choice', options: CHOICES },
});

/** log P(yes) - log P(no); of an answer that was written freely, from its first token. */
function logOdds(answer: WindowAnswer | undefined): number {
  const [yes, no] = CHOICES.map((word) => answer?.choices?.find(({ text }) => text === word)?.logprob);
  if (yes !== undefined && no !== undefined) return bounded(yes - no);
  const probability = answer && readYes(answer);
  return probability === undefined ? 0 : bounded(Math.log(probability) - Math.log(1 - probability));
}

const bounded = (value: number): number => (Number.isNaN(value) ? 0 : Math.max(-MOST_LOG_ODDS, Math.min(MOST_LOG_ODDS, value)));

async function orWarning<T>({ startSeconds, endSeconds }: QuestionWindow, look: () => Promise<T>): Promise<T | MomentWarning> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AppError && OF_THE_WINDOW.test(error.code))) throw error;
    return { code: error.code, message: error.message, start_time: startSeconds, end_time: endSeconds };
  }
}

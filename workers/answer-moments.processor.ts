// Job answer-moments: put a question to every window of its range and keep the moments that hold.
import { Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { type WindowResult } from '../src/inference/inference.js';
import { createClock } from '../src/model/grounding/clock.js';
import { groundingPrompt, occurrencePrompt } from '../src/model/grounding/prompts.js';
import { type Candidate, selectMoments } from '../src/model/grounding/select-moments.js';
import { readGrounding, readYes } from '../src/model/grounding/window-events.js';
import { planWindows } from '../src/model/grounding/window-plan.js';
import { type ClaimedQuestion, type MomentQuery, MomentsService, type NewMoment, type SearchedWindow } from '../src/moments/index.js';
import { type Video, VideosService } from '../src/videos/index.js';
import { windowEvidence, type WindowRange, WindowReader } from './window-reader.js';
import { WorkerContext } from './worker-context.js';

const MAX_NEW_TOKENS = { grounding: 128, occurrence: 8 };

/** What one window said to the question. */
interface WindowFinding {
  readonly range: WindowRange;
  readonly result: WindowResult;
  readonly searched: SearchedWindow;
  readonly candidates: readonly Candidate[];
  readonly unparsed: number;
  /** Neither a range nor "absent" could be read. */
  readonly unread: boolean;
}

@Injectable()
export class AnswerMomentsProcessor {
  constructor(
    private readonly moments: MomentsService,
    private readonly videos: VideosService,
    private readonly reader: WindowReader,
    private readonly context: WorkerContext,
  ) {}

  async process(id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.moments.claim(id, this.context.workerId);
    if (!claimed) return;
    const work = {
      attempt: claimed.question.attempt,
      work: (signal: AbortSignal) => this.answer(claimed, signal),
      giveBack: (options: { refund: boolean }) => this.moments.giveBack(claimed, options),
      giveUp: (error: AppError) => this.moments.fail(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
  }

  private async answer(claimed: ClaimedQuestion, signal: AbortSignal): Promise<void> {
    const { question } = claimed;
    const video = await this.videos.get(question.videoId);
    const findings: WindowFinding[] = [];
    for (const range of await this.rangesOf(question, video)) {
      findings.push(await this.askWindow(video, question, range, signal));
    }
    if (findings.every((finding) => finding.unread)) {
      throw new AppError('moments.unreadable', 'No answer of the model could be read, so nothing can be said of the video.');
    }
    const { name, hash } = await this.context.inference.model();
    const unparsed = findings.reduce((sum, finding) => sum + finding.unparsed, 0);
    const searched = { windows: findings.map((finding) => finding.searched), model: { name, hash }, unparsed };
    await this.moments.answer(claimed, choose(findings, question.request.topK), searched);
  }

  private async rangesOf({ request }: MomentQuery, video: Video): Promise<WindowRange[]> {
    const { windowSeconds, overlapSeconds } = await this.context.windowDefaults();
    const endSeconds = Math.min(request.endTime, video.decodedUntil ?? video.duration);
    if (endSeconds <= request.startTime) {
      throw new AppError('moments.nothing_decodable', `The video decodes until ${endSeconds} s, before the range starts.`);
    }
    return planWindows({ startSeconds: request.startTime, endSeconds, windowSeconds, overlapSeconds }).map((window) => ({
      ordinal: window.ordinal,
      startTime: window.startSeconds,
      endTime: window.endSeconds,
    }));
  }

  private async askWindow(video: Video, question: MomentQuery, range: WindowRange, signal: AbortSignal): Promise<WindowFinding> {
    const prompts = [
      { text: groundingPrompt(question.query), maxNewTokens: MAX_NEW_TOKENS.grounding },
      { text: occurrencePrompt(question.query), maxNewTokens: MAX_NEW_TOKENS.occurrence },
    ];
    const { fps } = await this.context.windowDefaults();
    const result = await this.reader.read(video, range, { fps, ...question.request.sampling }, prompts, signal);
    const [grounding, occurrence] = result.answers;
    if (!grounding || !occurrence) throw new Error('the model returned too few answers');
    const { spans, unparsed } = readGrounding(grounding, createClock(result.plan));
    const verification = readYes(occurrence) ?? null;
    const { frame_times: _all, ...seen } = windowEvidence(range, result);
    return {
      range,
      result,
      unparsed,
      unread: unparsed > 0 && spans.length === 0,
      searched: { ...seen, answer: grounding.text, verification },
      candidates: spans.map((span) => ({ ...span, verification, window: range.ordinal })),
    };
  }
}

/** The best moments of all windows, each with the windows and frames it rests on. */
function choose(findings: readonly WindowFinding[], topK: number): NewMoment[] {
  const byOrdinal = new Map(findings.map((finding) => [finding.range.ordinal, finding]));
  return selectMoments(findings.flatMap((finding) => finding.candidates), topK).flatMap((moment) => {
    const seenIn = moment.windows.flatMap((ordinal) => byOrdinal.get(ordinal) ?? []);
    const model = seenIn[0]?.result.model;
    if (!model) return [];
    return {
      startTime: moment.startSeconds,
      endTime: moment.endSeconds,
      confidence: moment.confidence,
      evidence: {
        model: { name: model.name, hash: model.hash },
        windows: seenIn.map(({ range, result }) => windowEvidence(range, result, moment)),
        verification: moment.verification,
      },
    };
  });
}

// Job answer-moments: find the windows that a question is about, ask them when, check what they say, keep the moments that hold.
import { Inject, Injectable } from '@nestjs/common';
import { followAlerts } from '../src/alerts/alerts.job.js';
import { AppError } from '../src/app-error.js';
import { modelWarnings, windowsAtOnce } from '../src/inference/index.js';
import { type TimeRange } from '../src/model/grounding/time-range.js';
import { likeness, wordingOf } from '../src/model/grounding/wording.js';
import { answerKey, type ClaimedQuestion, CurrentAnalyses, type MomentWarning, MomentsService } from '../src/moments/index.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { type RankedList, Retrieval } from '../src/search/index.js';
import { VideosService } from '../src/videos/index.js';
import { inOrder } from './moments/in-order.js';
import { momentOutcome } from './moments/moment-outcome.js';
import { coveredUntil, questionWindows, type QuestionWindow } from './moments/question-windows.js';
import { type AskedVideo, type CheckedWindow, type GroundedWindow, isWarning, WindowChecks } from './moments/window-checks.js';
import { chooseWindows, fuseWindows, limitWindows, rankWindows } from './moments/window-ranks.js';
import { WorkerContext } from './worker-context.js';

/** Segments of each list that lead to windows. */
const SEGMENTS_PER_LIST = 200;

/** Windows between two notes of how far a question has come. */
const WINDOWS_PER_NOTE = 8;

/** What is known of the question before the model is asked. */
interface Retrieved {
  readonly windows: readonly QuestionWindow[];
  /** Windows by ordinal, one list for each list of segments. */
  readonly lists: readonly (readonly number[])[];
  readonly leftOut: number;
  /** Events that the analysis described in the words of the question. */
  readonly described: readonly TimeRange[];
  readonly warnings: readonly MomentWarning[];
}

@Injectable()
export class AnswerMomentsProcessor {
  constructor(
    private readonly moments: MomentsService,
    private readonly analyses: CurrentAnalyses,
    private readonly retrieval: Retrieval,
    private readonly videos: VideosService,
    private readonly checks: WindowChecks,
    private readonly context: WorkerContext,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async process(id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.moments.claim(id, this.context.workerId);
    if (!claimed) return;
    const { question } = claimed;
    const work = {
      get attempt() {
        return question.attempt; // progress makes it smaller
      },
      work: (signal: AbortSignal) => this.answer(claimed, signal),
      giveBack: (options: { refund: boolean }) => this.moments.giveBack(claimed, options),
      giveUp: (error: AppError) => this.moments.fail(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
    await this.queue.ring(followAlerts, question.videoId);
  }

  private async answer(claimed: ClaimedQuestion, signal: AbortSignal): Promise<void> {
    const { videoId, query, request } = claimed.question;
    const video = await this.videos.load(videoId);
    const model = await this.context.inference.model();
    const state = await this.analyses.state(videoId); // before what it marks: what comes in between makes the answer older than its key says, never newer
    const analysis = await this.analyses.of(videoId);
    const options = await this.context.planOptions(request.sampling);
    const all = questionWindows({ video, request, analysis, options });
    if (all.length === 0) {
      throw new AppError('moments.nothing_decodable', `The video decodes until ${video.decodedUntil ?? 0} s, before the range starts.`);
    }
    const { windows, lists, leftOut, described, warnings } = await this.retrieve(claimed, { tenantId: video.tenantId, taskId: analysis?.taskId ?? null }, all, signal);
    const asked = { video, query, windows: windows.length, rateAsked: request.sampling.fps !== undefined };
    const { checked, failed } = await this.sweep(claimed, asked, windows, signal);
    const retrieval = fuseWindows(this.does('verify') ? checked : [], lists);
    const grounded = await this.ground(claimed, asked, chooseWindows(checked, lists, retrieval, request.topK), signal);
    const endSeconds = Math.min(request.endTime, video.decodedUntil ?? video.duration);
    const description = analysis && this.does('retrieve') ? { events: described, windows: analysis.windows.filter(({ status }) => status === 'ready') } : undefined;
    const outcome = momentOutcome({ request, endSeconds, model, checked, grounded: grounded.windows, retrieval, description });
    await this.moments.answer(claimed, {
      ...outcome,
      searched: { ...outcome.searched, task_id: analysis?.taskId ?? null, windows_left_out: leftOut },
      searchedUntil: Math.min(endSeconds, coveredUntil(checked.map(({ window }) => window), request.startTime)),
      warnings: [...modelWarnings(model, 'grounding'), ...warnings, ...limitWarning(leftOut, all.length), ...failed, ...grounded.failed],
      answerKey: [...warnings, ...failed, ...grounded.failed].length > 0 ? null : answerKey({ videoId, query, request, state, model, settings: this.context.config }),
    });
  }

  /** One more than the model takes at a time: it waits when a turn ends, so that no window of an analysis comes in between. */
  private get atOnce(): number {
    return windowsAtOnce(this.context.config) + 1;
  }

  private does(step: 'retrieve' | 'verify'): boolean {
    return this.context.config.MOMENT_STEPS.includes(step);
  }

  /** Without the step `verify` what was said of whether it occurs is an even chance. */
  private heeded<T extends CheckedWindow>(said: T): T {
    return this.does('verify') ? said : { ...said, occurrence: 0 };
  }

  /** Segments that have to do with the question, and the windows they lie in. */
  private async retrieve(
    { question }: ClaimedQuestion,
    of: { readonly tenantId: string; readonly taskId: string | null },
    all: readonly QuestionWindow[],
    signal: AbortSignal,
  ): Promise<Retrieved> {
    const { startTime, endTime } = question.request;
    const scope = { ...of, videoIds: [question.videoId], sources: ['model', 'track'] as const, startTime, endTime };
    const { lists: found, warnings } = this.does('retrieve') ? await this.retrieval.byWords(question.query, scope, SEGMENTS_PER_LIST, signal) : NOTHING_FOUND;
    const lists = rankWindows(found, all);
    const windows = limitWindows(all, lists, this.context.config.MOMENT_MAX_WINDOWS);
    return { windows, lists, leftOut: all.length - windows.length, described: describedIn(found, question.query), warnings };
  }

  /** Whether it occurs; a window that cannot be looked at is told of, unless none can. */
  private async sweep(claimed: ClaimedQuestion, asked: AskedVideo, windows: readonly QuestionWindow[], signal: AbortSignal) {
    let done = 0;
    const said = await inOrder(windows, this.atOnce, async (window) => {
      signal.throwIfAborted();
      if (done % WINDOWS_PER_NOTE === 0) await this.moments.noteProgress(claimed, done);
      const check = await this.checks.check(asked, window, signal);
      done++;
      return check;
    });
    const failed = said.filter(isWarning);
    const checked = said.filter((check): check is CheckedWindow => !isWarning(check)).map((check) => this.heeded(check));
    const [fault] = failed;
    if (checked.length === 0 && fault) throw new AppError('moments.nothing_readable', `No window can be looked at: ${fault.message}`);
    return { checked, failed };
  }

  private async ground(claimed: ClaimedQuestion, asked: AskedVideo, chosen: readonly CheckedWindow[], signal: AbortSignal) {
    const windows = new Map<number, GroundedWindow[]>();
    const failed: MomentWarning[] = [];
    let done = 0;
    const looked = await inOrder(chosen, this.atOnce, async (check) => {
      signal.throwIfAborted();
      await this.moments.noteProgress(claimed, asked.windows + done);
      const said = await this.checks.ground(asked, check, signal);
      done++;
      return { ordinal: check.window.ordinal, said };
    });
    for (const { ordinal, said } of looked) {
      const seen = said.filter((part): part is GroundedWindow => !isWarning(part)).map((part) => this.heeded(part));
      if (seen.length > 0) windows.set(ordinal, seen);
      failed.push(...said.filter(isWarning));
    }
    const said = [...windows.values()].flat();
    if (said.length > 0 && said.every(({ spans, unparsed }) => unparsed > 0 && spans.length === 0)) {
      throw new AppError('moments.unreadable', 'No answer of the model could be read, so nothing can be said of the video.');
    }
    return { windows, failed };
  }
}

const NOTHING_FOUND = { lists: [], warnings: [] };

function describedIn(lists: readonly RankedList[], query: string): TimeRange[] {
  const asked = wordingOf(query);
  const byWords = lists.find(({ list }) => list === 'text')?.found ?? [];
  return byWords
    .filter(({ source, text }) => source === 'model' && text !== null && likeness(asked, wordingOf(text)) > 0)
    .map(({ startTime: startSeconds, endTime: endSeconds }) => ({ startSeconds, endSeconds }));
}

const limitWarning = (leftOut: number, total: number): MomentWarning[] =>
  leftOut === 0
    ? []
    : [{ code: 'moments.windows_left_out', message: `Only ${total - leftOut} of ${total} windows were searched (MOMENT_MAX_WINDOWS): narrow the range.` }];

// The windows that a question is put to: those of the current analysis, or of the plan of a video that was never analysed.
import { clipWindows } from '../../src/model/grounding/clip-windows.js';
import { type Sampling } from '../../src/model/grounding/frame-plan.js';
import { defaultPlan, type PlannedWindow, type PlanOptions } from '../../src/model/grounding/window-plan.js';
import { type CurrentAnalysis, type MomentRequest } from '../../src/moments/index.js';
import { type Video } from '../../src/videos/index.js';

export interface QuestionWindow extends PlannedWindow {
  /** Place in order of time among the windows of this question. */
  readonly ordinal: number;
}

export interface QuestionScope {
  readonly video: Pick<Video, 'duration' | 'decodedUntil' | 'width' | 'height' | 'frameRate'>;
  readonly request: MomentRequest;
  readonly analysis: CurrentAnalysis | undefined;
  readonly options: PlanOptions;
}

/** Where nothing of a running analysis is done yet, the question itself looks at this many windows. */
const FIRST_WINDOWS = 8;

/**
 * In order of time. Of a running analysis those windows that are done; what no analysis covers is planned anew. Windows at the ends of
 * the range are cut to it, the others are looked at as the analysis did, so that what was seen of them is found again.
 */
export function questionWindows({ video, request, analysis, options }: QuestionScope): QuestionWindow[] {
  const { startTime, sampling } = request;
  const range = { startSeconds: startTime, endSeconds: Math.min(request.endTime, video.decodedUntil ?? video.duration) };
  if (range.endSeconds <= range.startSeconds) return [];
  const { rates } = options;
  const planned = (): PlannedWindow[] => defaultPlan(shapeOf(video), options);
  if (!analysis || (analysis.finished && analysis.windows.length === 0)) return numbered(clipWindows(planned(), range, rates), sampling);
  const covered = { startSeconds: Math.max(range.startSeconds, analysis.startTime), endSeconds: Math.min(range.endSeconds, analysis.endTime) };
  const done = analysis.windows.filter(({ status }) => status === 'ready' || (analysis.finished && status === 'failed'));
  const inside = clipWindows(done, covered, rates);
  const all = analysis.windows.length > 0 ? analysis.windows : planned();
  const looked = inside.length > 0 ? inside : clipWindows(all, covered, rates).slice(0, FIRST_WINDOWS);
  const before = { ...range, endSeconds: Math.min(range.endSeconds, analysis.startTime) };
  const after = { ...range, startSeconds: Math.max(range.startSeconds, analysis.endTime) };
  const missing = [before, after].filter((part) => part.endSeconds > part.startSeconds);
  const plan = missing.length > 0 ? planned() : [];
  const outside = missing.flatMap((part) => clipWindows(plan, part, rates));
  return numbered([...looked, ...outside], sampling);
}

/** The end of what is covered without a gap from `startSeconds` on. */
export function coveredUntil(windows: readonly Pick<PlannedWindow, 'startSeconds' | 'endSeconds'>[], startSeconds: number): number {
  let until = startSeconds;
  for (const window of [...windows].sort((a, b) => a.startSeconds - b.startSeconds)) {
    if (window.startSeconds > until + 1e-6) break;
    until = Math.max(until, window.endSeconds);
  }
  return until;
}

/** What the user asks for wins over the plan. */
function numbered(windows: readonly PlannedWindow[], sampling: Sampling): QuestionWindow[] {
  const asked = Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== undefined));
  return [...windows]
    .sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds)
    .map(({ startSeconds, endSeconds, why, sampling: planned }, ordinal) => ({ ordinal, startSeconds, endSeconds, why, sampling: { ...planned, ...asked } }));
}

const shapeOf = ({ duration, width, height, frameRate }: QuestionScope['video']) => ({
  durationSeconds: duration,
  ...{ width, height },
  frameRate: frameRate ?? 0,
});

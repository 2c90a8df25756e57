// From what many windows said to a question to one ranked list of moments, or to "it is not in this video".
import { type Calibration, confidenceOf, type MomentScores } from './calibration.js';
import { byTime, contains, gapSeconds, JOIN_GAP_SECONDS, overlapShare, type TimeRange, union } from './time-range.js';
import { softNms } from './soft-nms.js';
import { type GroundedSpan } from './window-events.js';

/** What one window said. */
export interface WindowFinding {
  readonly window: TimeRange & { readonly ordinal: number };
  /** The ranges it named, none where it said that there are none or was not asked. */
  readonly spans: readonly GroundedSpan[];
  /** log P(yes) - log P(no) to whether it occurs in the window at all; null where not asked or not understood. */
  readonly occurrence: number | null;
  /** How well the window was found before it was asked, larger is better: it decides between moments of equal confidence. */
  readonly retrieval?: number | undefined;
}

export interface SelectedMoment extends TimeRange {
  /** How likely it is right, by the calibration; not lowered by what it overlaps. */
  readonly confidence: number;
  readonly scores: MomentScores & { readonly retrieval: number };
  /** Ordinals of the windows that named it. */
  readonly windows: readonly number[];
}

export interface SelectOptions {
  readonly topK: number;
  readonly calibration: Calibration;
  /** False: the best candidate is returned even when it is not believed. */
  readonly allowNone: boolean;
  /** What the model wrote of the video without being asked for this; absent where it never was asked what happens. */
  readonly description?: Description | undefined;
}

export interface Description {
  /** Events told in the words of the question. */
  readonly events: readonly TimeRange[];
  /** Windows that were described. */
  readonly windows: readonly TimeRange[];
}

/** Share of the time of both that a described event and a named range have in common when they are the same. */
const SAME_SHARE = 0.3;

export interface Selection {
  readonly answer: 'found' | 'not_in_video';
  /** Best first. */
  readonly moments: readonly SelectedMoment[];
  /** The best of those that were not believed, where none was; for evidence. */
  readonly bestRejected: SelectedMoment | null;
}

interface Joined extends TimeRange {
  readonly parts: readonly Part[];
}

interface Part {
  readonly finding: WindowFinding;
  readonly span: GroundedSpan;
}

/**
 * Spans of different windows that meet or nearly do are one moment. Its grounding is that of the surest span; its occurrence is the
 * mean of all windows that looked at all of it, whether or not they named it, so that a window which saw nothing there speaks against
 * it. What a surer moment overlaps ranks lower (soft-NMS), and is left out where that brings it below the calibration's threshold.
 *
 * When no window named a range, the best candidate is the whole window that is likeliest to hold it.
 */
export function selectMoments(findings: readonly WindowFinding[], { topK, calibration, allowNone, description }: SelectOptions): Selection {
  const inOrder = [...findings].sort((a, b) => byTime(a.window, b.window));
  const moments = joinSpans(inOrder).map((joined) => momentOf(joined, inOrder, { calibration, description }));
  const candidates = moments.length > 0 ? moments : wholeWindows(inOrder, { calibration, description });
  const ranked = rank(candidates);
  const believed = ranked.filter(({ score }) => score >= calibration.threshold).slice(0, topK);
  const [best] = ranked;
  if (believed.length > 0 && moments.length > 0) return { answer: 'found', moments: believed.map(({ moment }) => moment), bestRejected: null };
  if (best && !allowNone) return { answer: 'found', moments: [best.moment], bestRejected: null };
  return { answer: 'not_in_video', moments: [], bestRejected: best?.moment ?? null };
}

function joinSpans(findings: readonly WindowFinding[]): Joined[] {
  const moments: Joined[] = [];
  for (const finding of findings) {
    for (const span of [...finding.spans].sort(byTime)) {
      const part = { finding, span };
      const k = moments.findIndex((moment) => !moment.parts.some((other) => other.finding === finding) && gapSeconds(moment, span) <= JOIN_GAP_SECONDS);
      const met = moments[k];
      if (met) moments[k] = { ...union(met, span), parts: [...met.parts, part] };
      else moments.push({ startSeconds: span.startSeconds, endSeconds: span.endSeconds, parts: [part] });
    }
  }
  return moments;
}

type Judging = Pick<SelectOptions, 'calibration' | 'description'>;

function isDescribed(range: TimeRange, description: Description | undefined): boolean | null {
  if (description?.events.some((event) => overlapShare(range, event) >= SAME_SHARE)) return true;
  return description?.windows.some((window) => contains(window, range)) ? false : null;
}

function momentOf(
  { startSeconds, endSeconds, parts }: Joined,
  findings: readonly WindowFinding[],
  { calibration, description }: Judging,
): SelectedMoment {
  const range = { startSeconds, endSeconds };
  const named = parts.map(({ finding }) => finding);
  const watched = findings.filter((finding) => named.includes(finding) || contains(finding.window, range));
  const said = watched.flatMap(({ occurrence }) => occurrence ?? []);
  const scores = {
    // Without an answer the odds are even.
    occurrence: said.length === 0 ? 0 : said.reduce((sum, value) => sum + value, 0) / said.length,
    grounding: Math.max(...parts.map(({ span }) => span.confidence)),
    described: isDescribed(range, description),
    searched: findings.length,
    retrieval: Math.max(...named.map(({ retrieval }) => retrieval ?? 0)),
  };
  return { ...range, confidence: confidenceOf(scores, calibration), scores, windows: named.map(({ window }) => window.ordinal) };
}

/** Nobody named a time in it: the grounding is 0. */
function wholeWindows(findings: readonly WindowFinding[], { calibration, description }: Judging): SelectedMoment[] {
  return findings.flatMap(({ window: { ordinal, startSeconds, endSeconds }, occurrence, retrieval = 0 }) => {
    if (occurrence === null) return [];
    const scores = { occurrence, grounding: 0, described: isDescribed({ startSeconds, endSeconds }, description), searched: findings.length, retrieval };
    return [{ startSeconds, endSeconds, confidence: confidenceOf(scores, calibration), scores, windows: [ordinal] }];
  });
}

interface Ranked extends TimeRange {
  readonly moment: SelectedMoment;
  readonly score: number;
}

function rank(moments: readonly SelectedMoment[]): Ranked[] {
  const scored = moments.map((moment) => ({ startSeconds: moment.startSeconds, endSeconds: moment.endSeconds, score: moment.confidence, moment }));
  return softNms(scored).sort((a, b) => b.score - a.score || b.moment.scores.retrieval - a.moment.scores.retrieval || byTime(a, b));
}

// Plans the windows of a section: where each begins and ends, and how densely and how largely the model looks at it.
import { effectiveRate } from './frame-grid.js';
import { type PlannedWindow, type PlanOptions, type SectionFacts, type VideoShape } from './planned-window.js';
import { type Activity, activityOf } from './section-activity.js';
import { planSections, type Section } from './sections.js';
import { frameCost, framesOf, LEAST_FRAMES, windowBudget, type WindowBudget } from './window-budget.js';
import { type Pace, type Paces, planPaces } from './window-pace.js';

export * from './planned-window.js';

/** What one section's windows are planned with. */
interface Plan {
  readonly facts: SectionFacts;
  readonly options: PlanOptions;
  readonly budget: WindowBudget;
  readonly paces: Paces;
  readonly activity: Activity;
}

/** Where a window begins, and from where on its content counts: behind a change of shot, the shot before does not. */
interface Beginning {
  readonly startSeconds: number;
  readonly contentSeconds: number;
}

interface Ending {
  readonly endSeconds: number;
  readonly edge: 'shot' | 'grid';
  readonly next: Beginning;
}

/** A section that decodes to less than this before its end is whole: the last picture may be shown a little shorter. */
const CUT_SECONDS = 0.5;

/** A window that a change of shot ends early is no shorter than this part of its greatest length, the overlap not counted. */
const LEAST_STEP = 0.25;

/**
 * Windows in order of time that cover the section, as far as it decodes, and reach the overlap beyond its end, so that the next
 * section's first window meets the last of this one as windows inside a section meet. An edge moves back to a change of shot that is
 * nearer than the overlap; then two temporal groups of the slower window are shared, half of them on either side of the change.
 * Depends on nothing but its arguments. Throws `resize.*` for a picture that no budget has room for.
 *
 * @example
 * const options = { windowSeconds: 30, overlapSeconds: 6, fps: 2 };
 * planSection({ ordinal: 1, startSeconds: 30, endSeconds: 90 }, { video: { durationSeconds: 3600, ... } }, options)
 * // 30-60, 54-84, 78-96, all at 2 fps
 */
export function planSection(section: Section, facts: SectionFacts, options: PlanOptions): PlannedWindow[] {
  const budget = windowBudget(facts.video, options);
  const paces = planPaces(facts.video, options, budget);
  const plan = { facts, options, budget, paces, activity: activityOf(section, facts.findings) };
  const until = reachOf(section, plan);
  const windows: PlannedWindow[] = [];
  if (until <= section.startSeconds) return windows;
  for (let begin: Beginning = { startSeconds: section.startSeconds, contentSeconds: section.startSeconds }; ; ) {
    const { startSeconds } = begin;
    const pace = paceAt(begin.contentSeconds, plan);
    if (startSeconds + pace.longestSeconds >= until) return [...windows, describe({ startSeconds, endSeconds: until, pace, edge: 'section' }, plan)];
    const { endSeconds, edge, next } = endingOf(startSeconds, pace, plan);
    windows.push(describe({ startSeconds, endSeconds, pace, edge }, plan));
    begin = next;
  }
}

/** The plan of a whole video of which nothing has been found yet. */
export function defaultPlan(video: VideoShape, options: PlanOptions): PlannedWindow[] {
  return planSections(video.durationSeconds).flatMap((section) => planSection(section, { video }, options));
}

function reachOf({ endSeconds }: Section, { facts, paces }: Plan): number {
  const decodedUntil = facts.findings?.decodedUntil ?? Infinity;
  if (decodedUntil < endSeconds - CUT_SECONDS) return decodedUntil;
  return Math.min(endSeconds + paces.overlapSeconds, facts.video.durationSeconds);
}

function paceAt(seconds: number, { paces: { ordinary, still, busy }, activity }: Plan): Pace {
  if (busy.fps > ordinary.fps && activity.isBusy(seconds, seconds + busy.longestSeconds)) return busy;
  if (still.fps < ordinary.fps && activity.isStill(seconds, seconds + still.longestSeconds)) return still;
  return ordinary;
}

function endingOf(startSeconds: number, pace: Pace, plan: Plan): Ending {
  const { overlapSeconds } = plan.paces;
  const latest = startSeconds + pace.longestSeconds;
  for (const shot of plan.activity.shotStarts.filter((at) => at > latest - overlapSeconds && at < latest).reverse()) {
    const shared = Math.min(overlapSeconds, LEAST_FRAMES / Math.min(pace.fps, paceAt(shot, plan).fps));
    const [from, to] = [micro(shot - shared / 2), micro(shot + shared / 2)];
    if (to <= latest && from - startSeconds >= pace.longestSeconds * LEAST_STEP) {
      return { endSeconds: to, edge: 'shot', next: { startSeconds: from, contentSeconds: shot } };
    }
  }
  const next = micro(latest - overlapSeconds);
  return { endSeconds: latest, edge: 'grid', next: { startSeconds: next, contentSeconds: next } };
}

interface Stretch {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly pace: Pace;
  readonly edge: PlannedWindow['why']['edge'];
}

function describe({ startSeconds, endSeconds, pace, edge }: Stretch, { facts: { video }, options, budget, activity }: Plan): PlannedWindow {
  const range = { startSeconds, endSeconds };
  const { maxFrames, minPixels, totalPixels } = budget;
  // A stretch too short for two temporal groups at its pace gets them where the source has them.
  const available = video.frameRate > 0 ? Math.floor((endSeconds - startSeconds) * video.frameRate) : Infinity;
  const fps = effectiveRate(range, { fps: pace.fps, maxFrames, rates: options.rates }, available);
  const frames = framesOf(range, fps);
  const { width, height, tokens, maxPixels } = frameCost(video, budget, options, frames);
  const why = { kind: pace.kind, motion: activity.motion(startSeconds, endSeconds), frames, width, height, tokens, edge };
  return { ...range, sampling: { fps, maxFrames, minPixels, maxPixels, totalPixels }, why };
}

/** Times that arithmetic made are told to the microsecond. */
const micro = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

// From what the windows said to the answer of a question, with the evidence of what was believed and of what was not.
import { type ModelCard } from '../../src/inference/inference.js';
import { type Calibration, DEFAULT_CALIBRATION } from '../../src/model/grounding/calibration.js';
import { saliencyCurve } from '../../src/model/grounding/saliency.js';
import { type Description, type SelectedMoment, selectMoments, type WindowFinding } from '../../src/model/grounding/select-moments.js';
import { type GroundedSpan } from '../../src/model/grounding/window-events.js';
import { type MomentOutcome, type MomentRequest, type NewMoment, type SearchedWindow } from '../../src/moments/index.js';
import { type CheckedWindow, type GroundedWindow } from './window-checks.js';

export interface Asked {
  readonly request: MomentRequest;
  /** Seconds of the video that could be looked at. */
  readonly endSeconds: number;
  readonly model: ModelCard;
  readonly checked: readonly CheckedWindow[];
  /** By the ordinal of the window that was checked: it, or its parts, looked at closer. */
  readonly grounded: ReadonlyMap<number, readonly GroundedWindow[]>;
  /** Fused rank of each window, by ordinal. */
  readonly retrieval: ReadonlyMap<number, number>;
  /** What the analysis wrote, if there is one. */
  readonly description: Description | undefined;
}

/** A window as it was looked at last: closer, or as it was checked. */
interface Looked extends CheckedWindow {
  readonly ordinal: number;
  readonly answer: string | null;
  readonly spans: readonly GroundedSpan[];
  readonly unparsed: number;
  readonly retrieval: number;
}

/** Everything of the outcome that follows from the windows. */
export function momentOutcome(asked: Asked): Pick<MomentOutcome, 'moments' | 'rejected' | 'curve'> & { searched: Searched } {
  const { request, model, checked, endSeconds } = asked;
  const calibration = model.calibration ?? DEFAULT_CALIBRATION;
  const looked = lookedAt(asked);
  const findings = looked.map(findingOf);
  const { moments, bestRejected } = selectMoments(findings, { topK: request.topK, calibration, allowNone: request.allowNone, description: asked.description });
  const range = { startSeconds: request.startTime, endSeconds };
  return {
    moments: moments.map((moment) => newMoment(moment, looked, model)),
    rejected: bestRejected && rejectedMoment(newMoment(bestRejected, looked, model)),
    curve: request.curve ? curveOf(checked, range) : null,
    searched: searchedOf(looked, model, calibration),
  };
}

type Searched = Omit<MomentOutcome['searched'], 'task_id' | 'windows_left_out'>;

/** Parts of windows that were looked at closer take the place of the whole. */
function lookedAt({ request, endSeconds, checked, grounded, retrieval }: Asked): Looked[] {
  const looked = checked.flatMap((check): readonly Omit<Looked, 'ordinal'>[] => {
    const score = retrieval.get(check.window.ordinal) ?? 0;
    const parts = grounded.get(check.window.ordinal) ?? [];
    if (parts.length === 0) return [{ ...check, answer: null, spans: [], unparsed: 0, retrieval: score }];
    return parts.map((part) => ({ ...part, spans: within(part.spans, request.startTime, endSeconds), retrieval: score }));
  });
  return looked.map((window, ordinal) => ({ ...window, ordinal }));
}

const within = (spans: readonly GroundedSpan[], start: number, end: number): GroundedSpan[] =>
  spans
    .map((span) => ({ ...span, startSeconds: Math.max(span.startSeconds, start), endSeconds: Math.min(span.endSeconds, end) }))
    .filter(({ startSeconds, endSeconds }) => endSeconds > startSeconds);

const findingOf = ({ ordinal, window: { startSeconds, endSeconds }, spans, occurrence, retrieval }: Looked): WindowFinding => ({
  ...{ window: { ordinal, startSeconds, endSeconds }, spans, occurrence, retrieval },
});

function newMoment(moment: SelectedMoment, looked: readonly Looked[], { name, hash }: ModelCard): NewMoment {
  const windows = moment.windows.flatMap((ordinal) => looked[ordinal] ?? []);
  return {
    startTime: moment.startSeconds,
    endTime: moment.endSeconds,
    confidence: moment.confidence,
    scores: { ...moment.scores },
    evidence: {
      model: { name, hash },
      windows: windows.map(({ ordinal, evidence }) => ({ ...evidence, ordinal, frame_times: evidence.frame_times.filter((at) => at >= moment.startSeconds && at <= moment.endSeconds) })),
      verification: windows.length === 0 ? null : probability(windows.reduce((sum, { occurrence }) => sum + occurrence, 0) / windows.length),
    },
  };
}

const rejectedMoment = ({ startTime: start_time, endTime: end_time, ...rest }: NewMoment): NonNullable<MomentOutcome['rejected']> => ({
  ...{ start_time, end_time },
  ...rest,
});

function searchedOf(looked: readonly Looked[], { name, hash }: ModelCard, { threshold }: Calibration): Searched {
  const windows = looked.map(({ ordinal, evidence: { frame_times: _all, ...evidence }, occurrence, answer }): SearchedWindow => ({
    ...evidence,
    ...{ ordinal, occurrence, verification: probability(occurrence), answer },
  }));
  return { windows, model: { name, hash }, unparsed: looked.reduce((sum, { unparsed }) => sum + unparsed, 0), threshold };
}

function curveOf(checked: readonly CheckedWindow[], range: { startSeconds: number; endSeconds: number }): NonNullable<MomentOutcome['curve']> {
  const asked = checked.map(({ window, occurrence }) => ({ startSeconds: window.startSeconds, endSeconds: window.endSeconds, occurrence }));
  const { startSeconds, stepSeconds, values } = saliencyCurve(asked, range);
  return { start_time: startSeconds, step_seconds: stepSeconds, values };
}

const probability = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

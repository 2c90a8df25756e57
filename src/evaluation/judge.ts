// Holds an answer against the truth, once, so that figures and their intervals are sums over what is found here.
import { type TimeRange } from '../model/grounding/time-range.js';
import { type DescribedEvent, describedMatches, type Detection, detection, type Matches, sodaF1 } from '../model/metrics/dense-events.js';
import { HIGHLIGHT_LEVELS, highlightPrecision, isHit } from '../model/metrics/highlights.js';
import { boundaryError, type BoundaryError, isRecalled, topIou } from '../model/metrics/localisation.js';
import { averagePrecisions, LENGTH_RANGES, meanAveragePrecision, truthsOfLength } from '../model/metrics/moment-precision.js';
import { isPresent, type Question } from './dataset.js';
import { type PredictedEvents, type Prediction, type Predictions } from './predictions.js';

/** An answer with an overlap of at least this much is right. */
export const RIGHT_IOU = 0.5;

export interface JudgedQuestion {
  readonly question: Question;
  /** Undefined: nobody answered. */
  readonly prediction: Prediction | undefined;
  readonly isPresent: boolean;
  /** Nothing was named: "not in this video". */
  readonly isRejected: boolean;
  /** Of the first moment; 0 without one, also where the question was rejected. */
  readonly iou: number;
  readonly knowableIou: number | undefined;
  /** One of the first five overlaps by a half. */
  readonly isAmongFive: boolean;
  /** Of an answer to a question about something that is there. */
  readonly boundaryError: BoundaryError | undefined;
  /** At overlaps 0.5, 0.55 ... 0.95; empty for what is absent. */
  readonly precisions: readonly number[];
  /** Mean over overlaps, for true moments of each length; undefined where none has it. */
  readonly precisionByLength: readonly (number | undefined)[];
  /** For each level of a highlight; empty where nobody rated. */
  readonly highlights: readonly { readonly hit: boolean; readonly precision: number }[];
  /** How sure of the best candidate, and whether it is right; undefined where nobody says. */
  readonly confidence: { readonly confidence: number; readonly correct: boolean } | undefined;
}

export interface JudgedVideo {
  readonly questions: readonly JudgedQuestion[];
  readonly predicted: PredictedEvents | undefined;
  /** Undefined where what happens is not known as a whole. */
  readonly dense: { readonly matches: Matches; readonly detection: Detection; readonly soda: number } | undefined;
}

export interface AskedVideo {
  readonly name: string;
  readonly questions: readonly Question[];
  readonly events?: readonly DescribedEvent[] | undefined;
}

/** `wholeSeconds` rounds what is predicted, as some benchmarks do. */
export function judgeVideo({ name, questions, events }: AskedVideo, { answers, events: found }: Predictions, wholeSeconds = false): JudgedVideo {
  const predicted = found.get(name);
  // Who lists events of some videos has found none in those left out.
  const said = predicted?.events ?? [];
  return {
    questions: questions.map((question) => judgeQuestion(question, answers.get(question.qid), wholeSeconds)),
    predicted,
    dense: events && found.size > 0 ? { matches: describedMatches(said, events), detection: detection(said, events), soda: sodaF1(said, events) } : undefined,
  };
}

export function judgeQuestion(question: Question, prediction: Prediction | undefined, wholeSeconds = false): JudgedQuestion {
  const read = (range: TimeRange): TimeRange => inside(wholeSeconds ? rounded(range) : range, question.duration);
  const moments = (prediction?.moments ?? []).map((moment) => ({ ...read(moment), score: moment.score }));
  const { windows, ratings, knowable } = question;
  const present = isPresent(question);
  const candidate = prediction?.candidate && read(prediction.candidate);
  const confidence = prediction?.confidence ?? undefined;
  return {
    ...{ question, prediction, isPresent: present },
    isRejected: prediction !== undefined && prediction.error === undefined && moments.length === 0,
    iou: topIou(moments, windows),
    knowableIou: present && knowable ? topIou(moments, knowable) : undefined,
    isAmongFive: isRecalled(moments, windows, RIGHT_IOU, 5),
    boundaryError: boundaryError(moments, windows),
    precisions: present ? averagePrecisions(moments, windows) : [],
    precisionByLength: LENGTH_RANGES.map((range) => {
      const truths = truthsOfLength(windows, range);
      return truths.length > 0 ? meanAveragePrecision(moments, truths) : undefined;
    }),
    highlights: ratings
      ? HIGHLIGHT_LEVELS.map(({ least }) => ({
          hit: isHit(prediction?.saliency ?? [], ratings, least),
          precision: highlightPrecision(prediction?.saliency ?? [], ratings, least),
        }))
      : [],
    confidence: confidence === undefined ? undefined : { confidence, correct: candidate !== undefined && topIou([candidate], windows) >= RIGHT_IOU },
  };
}

/** Cut to the video: nothing happens outside of it. */
function inside({ startSeconds, endSeconds }: TimeRange, duration = Infinity): TimeRange {
  const cut = (seconds: number): number => Math.min(Math.max(seconds, 0), duration);
  return { startSeconds: cut(startSeconds), endSeconds: cut(endSeconds) };
}

const rounded = ({ startSeconds, endSeconds }: TimeRange): TimeRange => ({ startSeconds: Math.round(startSeconds), endSeconds: Math.round(endSeconds) });

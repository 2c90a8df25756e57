// Turns how sure the model sounds into how often it is right, by a curve fitted on questions with known truth.
import { AppError } from '../../app-error.js';
import { fitLogistic } from './logistic-fit.js';

/** What is known of a grounded moment before it is believed. */
export interface MomentScores {
  /** log P(yes) - log P(no) to whether the content occurs in the window. */
  readonly occurrence: number;
  /** Geometric mean of the probabilities of the answer's time tokens, 0 to 1. */
  readonly grounding: number;
  /** Whether the model, asked what happens there and not whether this does, wrote the same of the same seconds; null where it never was. */
  readonly described: boolean | null;
  /** Windows that were searched, at least 1: the best of many is likelier to be there by chance. */
  readonly searched: number;
}

/**
 * Platt scaling: confidence = sigmoid(bias + occurrence * x + grounding * logit(g) + described, or - undescribed, or neither where nobody
 * knows, - searched * ln(windows)).
 */
export interface Calibration {
  readonly bias: number;
  readonly occurrence: number;
  readonly grounding: number;
  readonly described: number;
  readonly undescribed: number;
  readonly searched: number;
  /** Confidence below which the answer is "not in this video". */
  readonly threshold: number;
}

/** An answer whose truth is known. */
export interface JudgedScores {
  readonly scores: MomentScores;
  readonly correct: boolean;
}

export interface JudgedConfidence {
  readonly confidence: number; // 0 to 1
  readonly correct: boolean;
}

/**
 * For a checkpoint that brings no calibration of its own: the log-odds of both answers, the yes/no answer counting for more because
 * only it was asked whether the content is there at all. A likely range (0.8) and an even "yes or no" give 0.6; a "no" of 0.95 against
 * the same range gives 0.16 and is below the threshold; an even chance in both is kept. A description adds as much as a likely "yes"; one that
 * is missing takes nothing away, as descriptions leave most things out.
 */
export const DEFAULT_CALIBRATION: Calibration = { bias: 0, occurrence: 0.7, grounding: 0.3, described: 1.5, undescribed: 0, searched: 0, threshold: 0.3 };

/** Certainty beyond this is that of arithmetic: a probability of 1 has no log-odds. */
const MOST_LOG_ODDS = 12;

/** Keeps coefficients finite where one score separates right from wrong. */
const RIDGE = 1e-3;

const BINS = 15;

/** How often an answer with these scores is right, 0 to 1; never falls as a score rises, for coefficients that are not negative. */
export function confidenceOf(scores: MomentScores, { bias, occurrence, grounding, described, undescribed, searched }: Calibration): number {
  const [x, y, told, untold, chance] = featuresOf(scores);
  return 1 / (1 + Math.exp(-(bias + occurrence * x + grounding * y + described * told + undescribed * untold + searched * chance)));
}

/**
 * Logistic regression of being right on the scores; a score that would count against an answer the higher it is, is left out. The
 * threshold loses at most 4 % of the right answers. Throws `calibration.one_sided` where all samples are right or all are wrong.
 */
export function fitCalibration(samples: readonly JudgedScores[]): Calibration {
  const right = samples.filter(({ correct }) => correct).length;
  if (right === 0 || right === samples.length) {
    throw new AppError('calibration.one_sided', `Of ${samples.length} samples ${right} are right; there must be some of both kinds.`);
  }
  const curve = fitRising(samples);
  const judged = samples.map(({ scores, correct }) => ({ correct, confidence: confidenceOf(scores, { ...curve, threshold: 0 }) }));
  return { ...curve, threshold: chooseThreshold(judged) };
}

/** Scores whose coefficient is negative are left out one by one, the most negative first. */
function fitRising(samples: readonly JudgedScores[]): Omit<Calibration, 'threshold'> {
  let used = [0, 1, 2, 3, 4];
  for (;;) {
    const rows = samples.map(({ scores, correct }) => ({ features: used.map((k) => featuresOf(scores)[k] ?? 0), correct }));
    const [bias = 0, ...slopes] = fitLogistic(rows, RIDGE);
    const least = slopes.reduce((lowest, slope, k) => (slope < (slopes[lowest] ?? 0) ? k : lowest), 0);
    if (!((slopes[least] ?? 0) < 0)) {
      const [occurrence = 0, grounding = 0, described = 0, undescribed = 0, searched = 0] = [0, 1, 2, 3, 4].map((k) => slopes[used.indexOf(k)] ?? 0);
      return { bias, occurrence, grounding, described, undescribed, searched };
    }
    used = used.filter((_, k) => k !== least);
  }
}

/**
 * The highest threshold below which no more than `lostAtMost` of the right answers lie; 0 where none is right.
 *
 * @example 100 right answers, lostAtMost 0.04: the fifth smallest confidence among them.
 */
export function chooseThreshold(samples: readonly JudgedConfidence[], lostAtMost = 0.04): number {
  const right = samples.filter(({ correct }) => correct).map(({ confidence }) => confidence).sort((a, b) => a - b);
  return right[Math.min(right.length - 1, Math.floor(right.length * lostAtMost + 1e-9))] ?? 0;
}

/** Mean distance between confidence and share of right answers, over 15 bins of equal width, each weighed by its samples. */
export function expectedCalibrationError(samples: readonly JudgedConfidence[]): number {
  const gaps = new Float64Array(BINS); // of each bin, confidences less right answers
  for (const { confidence, correct } of samples) {
    gaps[Math.min(BINS - 1, Math.floor(confidence * BINS))]! += confidence - (correct ? 1 : 0);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / Math.max(1, samples.length);
}

function featuresOf({ occurrence, grounding, described, searched }: MomentScores): [number, number, number, number, number] {
  const bounded = (value: number): number => Math.max(-MOST_LOG_ODDS, Math.min(MOST_LOG_ODDS, value));
  const sureness = bounded(Math.log(grounding) - Math.log(1 - grounding));
  return [bounded(occurrence), sureness, described === true ? 1 : 0, described === false ? -1 : 0, -Math.log(searched)];
}

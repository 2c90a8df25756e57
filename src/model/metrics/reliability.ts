// Whether a confidence means what it says: reliability by bins, Brier score, and what is gained by trusting only the surest.
import { type JudgedConfidence } from '../grounding/calibration.js';
import { mean } from './statistics.js';

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means of the bin; NaN where it is empty. */
  readonly confidence: number;
  readonly right: number;
}

/** Bins of equal width; the last takes a confidence of 1 too. */
export function reliabilityBins(judged: readonly JudgedConfidence[], bins = 15): ReliabilityBin[] {
  return Array.from({ length: bins }, (_, k) => {
    const inside = judged.filter(({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)) === k);
    return {
      ...{ from: k / bins, to: (k + 1) / bins, count: inside.length },
      confidence: mean(inside.map(({ confidence }) => confidence)),
      right: mean(inside.map(({ correct }) => (correct ? 1 : 0))),
    };
  });
}

/** Mean squared distance between confidence and being right, 0 to 1, less is better. */
export const brierScore = (judged: readonly JudgedConfidence[]): number => mean(judged.map(({ confidence, correct }) => (confidence - (correct ? 1 : 0)) ** 2));

export interface RiskPoint {
  /** Share of the answers that are kept, the surest first. */
  readonly coverage: number;
  /** Share of those that are wrong. */
  readonly risk: number;
}

/** One point for each distinct confidence, from the highest. */
export function riskCoverage(judged: readonly JudgedConfidence[]): RiskPoint[] {
  const sorted = [...judged].sort((a, b) => b.confidence - a.confidence);
  let wrong = 0;
  return sorted.flatMap(({ confidence, correct }, k) => {
    if (!correct) wrong += 1;
    const isLast = sorted[k + 1]?.confidence !== confidence;
    return isLast ? [{ coverage: (k + 1) / sorted.length, risk: wrong / (k + 1) }] : [];
  });
}

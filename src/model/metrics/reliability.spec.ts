// Whether confidence means what it says, and the area under the ROC curve.
import { describe, expect, it } from 'vitest';
import { areaUnderRoc, rejectionF1 } from './rejection.js';
import { brierScore, reliabilityBins, riskCoverage } from './reliability.js';

const judged = (...pairs: readonly (readonly [number, boolean])[]) => pairs.map(([confidence, correct]) => ({ confidence, correct }));

describe('figures that the documentation of scikit-learn prints for its examples', () => {
  it('brier_score_loss([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]) is 0.0375', () => {
    expect(brierScore(judged([0.1, false], [0.9, true], [0.8, true], [0.3, false]))).toBeCloseTo(0.0375, 12);
  });

  it('roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) is 0.75', () => {
    expect(areaUnderRoc([0.35, 0.8], [0.1, 0.4])).toBeCloseTo(0.75, 12);
  });
});

describe('areaUnderRoc', () => {
  it('counts equal scores for a half', () => {
    expect(areaUnderRoc([0.5, 0.5], [0.5, 0.1])).toBeCloseTo(0.75, 12);
    expect(areaUnderRoc([1], [])).toBeNaN();
  });
});

describe('reliabilityBins', () => {
  it('takes both ends, and says what each bin holds', () => {
    const bins = reliabilityBins(judged([0, false], [0.49, true], [0.4, false], [1, true]), 2);
    expect(bins.map(({ count }) => count)).toEqual([3, 1]);
    expect(bins[0]?.confidence).toBeCloseTo(0.89 / 3, 12);
    expect(bins[0]?.right).toBeCloseTo(1 / 3, 12);
    expect(bins[1]).toMatchObject({ from: 0.5, to: 1, confidence: 1, right: 1 });
  });
});

describe('riskCoverage', () => {
  it('takes answers of one confidence together', () => {
    expect(riskCoverage(judged([0.2, false], [0.9, true], [0.9, false], [0.5, true]))).toEqual([
      { coverage: 0.5, risk: 0.5 },
      { coverage: 0.75, risk: 1 / 3 },
      { coverage: 1, risk: 0.5 },
    ]);
  });
});

it('scores rejection as finding the absent ones', () => {
  expect(rejectionF1(8, 10, 2)).toBeCloseTo(0.8, 12); // precision 8 / 10, recall 8 / 10
});

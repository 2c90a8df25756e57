// From scores to confidence: the curve, how it is fitted, and its threshold.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../qwen2-5-vl/seeded-random.js';
import {
  type Calibration,
  chooseThreshold,
  confidenceOf,
  DEFAULT_CALIBRATION,
  expectedCalibrationError,
  fitCalibration,
  type JudgedScores,
} from './calibration.js';

/** Answers that are right as often as `truth` says. */
function drawSamples(truth: Calibration, count: number, seed = 7): JudgedScores[] {
  const next = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const scores = { occurrence: next() * 12 - 6, grounding: 0.02 + next() * 0.97, described: next() < 0.3 ? null : next() < 0.4, searched: 1 + Math.floor(next() * 150) };
    return { scores, correct: next() < confidenceOf(scores, truth) };
  });
}

const judge = (samples: readonly JudgedScores[], calibration: Calibration) =>
  samples.map(({ scores, correct }) => ({ correct, confidence: confidenceOf(scores, calibration) }));

describe('confidenceOf', () => {
  it('is the sigmoid of the weighed log-odds', () => {
    const even: Calibration = { bias: -2, occurrence: 0.5, grounding: 3, described: 1, undescribed: 0.5, searched: 0.4, threshold: 0 };
    expect(confidenceOf({ occurrence: 2, grounding: 0.5, described: true, searched: 1 }, even)).toBeCloseTo(0.5, 12);
    expect(confidenceOf({ occurrence: 2, grounding: 0.5, described: true, searched: 32 }, even)).toBeCloseTo(0.2, 12); // odds 1 : 32 ** 0.4
    expect(confidenceOf({ occurrence: 0, grounding: 0.8, described: null, searched: 150 }, DEFAULT_CALIBRATION)).toBeCloseTo(0.602, 3);
    const denied = { occurrence: Math.log(0.05 / 0.95), grounding: 0.8, described: false, searched: 1 };
    expect(confidenceOf(denied, DEFAULT_CALIBRATION)).toBeLessThan(DEFAULT_CALIBRATION.threshold);
  });

  it('stays between 0 and 1 and never falls as a score rises, to the very ends', () => {
    const occurrence = fc.double({ noNaN: true });
    const grounding = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(occurrence, grounding, occurrence, grounding, (a, b, c, d) => {
        const low = confidenceOf({ occurrence: Math.min(a, c), grounding: Math.min(b, d), described: false, searched: 9 }, DEFAULT_CALIBRATION);
        const high = confidenceOf({ occurrence: Math.max(a, c), grounding: Math.max(b, d), described: true, searched: 9 }, DEFAULT_CALIBRATION);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThanOrEqual(low);
      }),
    );
  });
});

describe('fitCalibration', () => {
  it('finds the curve that the samples were drawn from', () => {
    const truth = { bias: -0.8, occurrence: 0.9, grounding: 0.5, described: 1.2, undescribed: 0.5, searched: 0.4, threshold: 0 };
    const fitted = fitCalibration(drawSamples(truth, 20_000));
    expect(Math.abs(fitted.bias - truth.bias)).toBeLessThan(0.1);
    expect(Math.abs(fitted.occurrence - truth.occurrence)).toBeLessThan(0.05);
    expect(Math.abs(fitted.grounding - truth.grounding)).toBeLessThan(0.05);
    expect(Math.abs(fitted.described - truth.described)).toBeLessThan(0.15);
    expect(Math.abs(fitted.searched - truth.searched)).toBeLessThan(0.1);
    const others = judge(drawSamples(truth, 20_000, 11), fitted);
    expect(expectedCalibrationError(others)).toBeLessThan(0.015);
    expect(expectedCalibrationError(judge(drawSamples(truth, 20_000, 11), DEFAULT_CALIBRATION))).toBeGreaterThan(0.05);
  });

  it('gives the same for the same samples, and finite numbers where one score separates right from wrong', () => {
    const samples = Array.from({ length: 40 }, (_, k) => ({ scores: { occurrence: k - 19.5, grounding: 0.9, described: false, searched: 1 }, correct: k >= 20 }));
    const fitted = fitCalibration(samples);
    expect(fitCalibration(samples)).toEqual(fitted);
    expect(Object.values(fitted).every(Number.isFinite)).toBe(true);
    expect(judge(samples, fitted).every(({ confidence, correct }) => confidence > 0.5 === correct)).toBe(true);
  });

  it('leaves out a score that speaks against what is right', () => {
    const fitted = fitCalibration(drawSamples({ bias: 0.3, occurrence: 1, grounding: -0.6, described: 1, undescribed: 0.5, searched: 0.4, threshold: 0 }, 4000));
    expect(fitted.grounding).toBe(0);
    expect(fitted.occurrence).toBeGreaterThan(0.5);
    const useless = fitCalibration(drawSamples({ bias: 1, occurrence: -1, grounding: -1, described: -1, undescribed: 0.5, searched: -1, threshold: 0 }, 4000));
    expect(useless).toMatchObject({ occurrence: 0, grounding: 0, described: 0, searched: 0 });
  });

  it('refuses samples that are all right or all wrong', () => {
    const scores = { occurrence: 1, grounding: 0.5, described: false, searched: 1 };
    expect(() => fitCalibration([{ scores, correct: true }])).toThrow(expect.objectContaining({ code: 'calibration.one_sided' }));
    expect(() => fitCalibration([])).toThrow(expect.objectContaining({ code: 'calibration.one_sided' }));
  });
});

describe('chooseThreshold', () => {
  it('loses as many right answers as allowed and no more', () => {
    const right = Array.from({ length: 100 }, (_, k) => ({ confidence: (k + 1) / 100, correct: true }));
    expect(chooseThreshold(right)).toBe(0.05);
    expect(chooseThreshold(right, 0)).toBe(0.01);
    expect(chooseThreshold([...right, { confidence: 0.001, correct: false }])).toBe(0.05);
    expect(chooseThreshold([])).toBe(0);
  });

  it('holds for any samples and share', () => {
    const sample = fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), correct: fc.boolean() });
    fc.assert(
      fc.property(fc.array(sample), fc.double({ min: 0, max: 1, noNaN: true }), (samples, share) => {
        const threshold = chooseThreshold(samples, share);
        const right = samples.filter(({ correct }) => correct);
        expect(right.filter(({ confidence }) => confidence < threshold).length).toBeLessThanOrEqual(right.length * share + 1e-6);
      }),
    );
  });
});

describe('expectedCalibrationError', () => {
  it('is the distance between what was said and what was right', () => {
    const at = (confidence: number, right: number, wrong: number) =>
      [...Array<boolean>(right).fill(true), ...Array<boolean>(wrong).fill(false)].map((correct) => ({ confidence, correct }));
    expect(expectedCalibrationError(at(0.8, 8, 2))).toBeCloseTo(0, 12);
    expect(expectedCalibrationError([...at(0.9, 5, 5), ...at(0.1, 1, 9)])).toBeCloseTo(0.2, 12);
    expect(expectedCalibrationError([])).toBe(0);
  });
});

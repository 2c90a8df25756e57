// From what windows answered to the moments that are believed, or none.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidenceOf, DEFAULT_CALIBRATION } from './calibration.js';
import { selectMoments, type SelectOptions, type WindowFinding } from './select-moments.js';

const span = (startSeconds: number, endSeconds: number, confidence = 0.8) => ({ startSeconds, endSeconds, confidence });
const finding = (ordinal: number, spans: WindowFinding['spans'], occurrence: number | null = 2, more: Partial<WindowFinding> = {}): WindowFinding => ({
  window: { ordinal, startSeconds: ordinal * 24, endSeconds: ordinal * 24 + 30 },
  ...{ spans, occurrence, ...more },
});
const options: SelectOptions = { topK: 5, calibration: DEFAULT_CALIBRATION, allowNone: true };
const select = (findings: readonly WindowFinding[], more: Partial<SelectOptions> = {}) => selectMoments(findings, { ...options, ...more });

describe('selectMoments', () => {
  it('joins what two windows saw of one moment, with the surest grounding', () => {
    const { answer, moments } = select([finding(0, [span(20, 30, 0.6)]), finding(1, [span(24, 36, 0.9)], 3)]);
    expect(answer).toBe('found');
    const scores = { occurrence: 2.5, grounding: 0.9, described: null, searched: 2, retrieval: 0 };
    expect(moments).toEqual([{ startSeconds: 20, endSeconds: 36, confidence: confidenceOf(scores, DEFAULT_CALIBRATION), scores, windows: [0, 1] }]);
  });

  it('keeps two moments apart that one window names', () => {
    expect(select([finding(0, [span(2, 5), span(5, 9)])]).moments).toHaveLength(2);
  });

  it('puts the surest first and returns no more than asked', () => {
    const findings = [finding(0, [span(1, 2)], 0.5), finding(2, [span(60, 70)], 4), finding(4, [span(99, 100)], 1)];
    expect(select(findings, { topK: 2 }).moments.map((m) => m.startSeconds)).toEqual([60, 99]);
  });

  it('lets a window that looked at all of it and says no speak against a moment', () => {
    const seen = select([finding(0, [span(25, 29)], 3)]).moments[0]!;
    const doubted = select([finding(0, [span(25, 29)], 3), finding(1, [], -3)]).moments[0]!;
    expect(doubted.confidence).toBeLessThan(seen.confidence);
    expect(doubted).toMatchObject({ scores: { occurrence: 0 }, windows: [0] });
    expect(select([finding(0, [span(20, 29)], 3), finding(1, [], -3)]).moments[0]!.scores.occurrence).toBe(3);
  });

  it('answers that it is not in the video when nothing is believed, and shows the best of the rejected', () => {
    const findings = [finding(0, [span(1, 2, 0.4)], -4), finding(2, [span(60, 70, 0.5)], -3)];
    expect(select(findings)).toMatchObject({ answer: 'not_in_video', moments: [], bestRejected: { startSeconds: 60 } });
    expect(select(findings, { allowNone: false })).toMatchObject({ answer: 'found', moments: [{ startSeconds: 60 }], bestRejected: null });
    expect(select([])).toEqual({ answer: 'not_in_video', moments: [], bestRejected: null });
  });

  it('falls back to the likeliest window where no time was named', () => {
    const findings = [finding(0, [], -4), finding(1, [], -1), finding(2, [], null)];
    expect(select(findings)).toMatchObject({ answer: 'not_in_video', bestRejected: { startSeconds: 24, endSeconds: 54, scores: { grounding: 0 } } });
    expect(select(findings, { allowNone: false }).moments).toMatchObject([{ startSeconds: 24, endSeconds: 54, windows: [1] }]);
    expect(select([finding(0, [], 9)]).answer).toBe('not_in_video'); // never a moment without a time, unless one must be named
  });

  it('takes an unreadable "yes or no" for even odds', () => {
    expect(select([finding(0, [span(1, 4)], null)]).moments[0]!.scores.occurrence).toBe(0);
  });

  it('leaves out what is nearly the same as a surer moment', () => {
    const { moments } = select([finding(0, [span(2, 12, 0.9), span(2.5, 12, 0.6), span(14, 20, 0.6)])]);
    expect(moments.map((m) => m.startSeconds)).toEqual([2, 14]);
  });

  it('prefers, of two equally sure, the one that was found better', () => {
    const { moments } = select([finding(0, [span(1, 4)], 2, { retrieval: 0.01 }), finding(3, [span(80, 84)], 2, { retrieval: 0.03 })]);
    expect(moments.map((m) => m.startSeconds)).toEqual([80, 1]);
  });

  it('says the same, whatever the order in which windows answered, and only what is believed', () => {
    const drawn = fc.array(
      fc.record({
        spans: fc.array(fc.tuple(fc.nat(28), fc.integer({ min: 1, max: 12 }), fc.double({ min: 0.05, max: 1, noNaN: true })), { maxLength: 3 }),
        occurrence: fc.option(fc.double({ min: -8, max: 8, noNaN: true })),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 6 }), (windows, topK) => {
        const findings = windows.map(({ spans, occurrence }, k) =>
          finding(k, spans.map(([at, length, confidence]) => span(k * 24 + at, Math.min(k * 24 + at + length, k * 24 + 30), confidence)), occurrence),
        );
        const selection = select(findings, { topK });
        expect(select([...findings].reverse(), { topK })).toEqual(selection);
        expect(selection.moments.length).toBeLessThanOrEqual(topK);
        expect(selection.answer === 'found').toBe(selection.moments.length > 0);
        for (const { confidence } of selection.moments) expect(confidence).toBeGreaterThanOrEqual(DEFAULT_CALIBRATION.threshold);
        for (const { confidence } of selection.bestRejected ? [selection.bestRejected] : []) {
          if (findings.some(({ spans }) => spans.length > 0)) expect(confidence).toBeLessThan(DEFAULT_CALIBRATION.threshold);
        }
      }),
    );
  });
});

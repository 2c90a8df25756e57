import { describe, expect, it } from 'vitest';
import { type Candidate, selectMoments } from './select-moments.js';

const candidate = (window: number, startSeconds: number, endSeconds: number, more: Partial<Candidate> = {}): Candidate => ({
  window,
  startSeconds,
  endSeconds,
  confidence: 0.8,
  verification: 0.9,
  ...more,
});

describe('selectMoments', () => {
  it('joins what two windows saw of one moment and keeps the surest confidence', () => {
    const moments = selectMoments([candidate(0, 24, 30), candidate(1, 24, 36, { confidence: 0.9 })], 5);
    expect(moments).toEqual([{ startSeconds: 24, endSeconds: 36, confidence: 0.9, verification: 0.9, windows: [0, 1] }]);
  });

  it('keeps two moments apart that one window names', () => {
    expect(selectMoments([candidate(0, 2, 5), candidate(0, 5, 9)], 5)).toHaveLength(2);
  });

  it('puts the surest first, doubt of the check counting against it, and returns no more than asked', () => {
    const moments = selectMoments([candidate(0, 1, 2, { verification: 0.3 }), candidate(2, 60, 70, { confidence: 0.6 }), candidate(4, 99, 100)], 2);
    expect(moments.map((m) => m.startSeconds)).toEqual([99, 60]);
  });

  it('rejects what the check is certain is not there, and keeps what it could not answer', () => {
    expect(selectMoments([candidate(0, 1, 2, { verification: 0.05 })], 5)).toEqual([]);
    expect(selectMoments([candidate(0, 1, 2, { verification: null })], 5)).toHaveLength(1);
  });
});

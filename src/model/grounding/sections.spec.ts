// Sections: short ones first, no gap, no overlap, and the same for a longer video.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSections } from './sections.js';

const times = (duration: number): [number, number][] => planSections(duration).map((s) => [s.startSeconds, s.endSeconds]);

describe('planSections', () => {
  it('begins with short sections and goes on with long ones', () => {
    expect(times(900)).toEqual([[0, 24], [24, 72], [72, 168], [168, 408], [408, 648], [648, 888], [888, 900]]);
  });

  it('gives a rest of a few seconds to the section before it', () => {
    expect(times(80)).toEqual([[0, 24], [24, 80]]);
    expect(times(82)).toEqual([[0, 24], [24, 72], [72, 82]]);
    expect(times(7.5)).toEqual([[0, 7.5]]);
    expect(times(0)).toEqual([]);
  });

  it('covers any video without gap or overlap, and a longer one begins the same', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.04, max: 40_000, noNaN: true }), fc.double({ min: 10, max: 1000, noNaN: true }), (duration, more) => {
        const sections = planSections(duration);
        expect(sections.map((s) => s.ordinal)).toEqual(sections.map((_, k) => k));
        expect(sections.map((s) => s.startSeconds)).toEqual([0, ...sections.slice(0, -1).map((s) => s.endSeconds)]);
        expect(sections.at(-1)!.endSeconds).toBe(duration);
        expect(planSections(duration + more).slice(0, sections.length - 1)).toEqual(sections.slice(0, -1));
      }),
    );
  });
});

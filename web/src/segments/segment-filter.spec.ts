// The list of segments.
import { describe, expect, it } from 'vitest';
import type { Segment } from '../api/resources';
import { currentIndex, filterSegments } from './segment-filter';

const segment = (start: number, type: string, text: string, confidence: number | null): Segment => ({ start_time: start, end_time: start + 2, type, text, confidence }) as Segment;
const segments = [segment(0, 'shot', '', null), segment(1, 'event', 'The red circle moves left.', 0.9), segment(4, 'event', 'The blue square grows.', 0.2)];

describe('segments', () => {
  it('are filtered by type, words and confidence', () => {
    const texts = (filter: object) => filterSegments(segments, { type: '', text: '', least: 0, ...filter }).map(({ start_time }) => start_time);
    expect(texts({ type: 'event' })).toEqual([1, 4]);
    expect(texts({ text: 'LEFT red' })).toEqual([1]);
    expect(texts({ least: 0.5 })).toEqual([0, 1]);
  });

  it('follow what is played', () => expect([-1, 0, 3.9, 4, 99].map((second) => currentIndex(segments, second))).toEqual([-1, 0, 1, 2, 2]));
});

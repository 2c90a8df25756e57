// Lanes of the timeline.
import { describe, expect, it } from 'vitest';
import { inSight, laneOf, type Span, spanAt } from './lane';

const head = { id: 'l', name: 'Lane', color: '--sky' };
const span = (start: number, end: number): Span => ({ start, end, label: `${start}`, color: '--sky' });

describe('a lane', () => {
  it('lays what overlaps in rows of its own, at most three', () => {
    expect(laneOf(head, [span(0, 10), span(5, 12), span(10, 20)]).rows).toEqual([0, 1, 0]);
    expect(laneOf(head, Array.from({ length: 6 }, () => span(0, 9))).rowCount).toBe(3);
  });

  it('finds what is in sight without looking at the rest', () => {
    const lane = laneOf(head, Array.from({ length: 10_000 }, (_, k) => span(k, k + 1.5)));
    expect(inSight(lane, { start: 5000, end: 5010 })).toEqual({ first: 4999, end: 5010 });
  });

  it('finds the shortest span at a second', () => {
    const lane = laneOf(head, [span(0, 100), span(40, 50), span(45, 46)]);
    expect(spanAt(lane, 45.5)?.label).toBe('45');
    expect(spanAt(lane, 60)?.label).toBe('0');
    expect(spanAt(lane, 101)).toBeUndefined();
    expect(spanAt(lane, 45.5, 0)?.label).toBe('0');
  });
});

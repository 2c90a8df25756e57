// The lanes of a video.
import { describe, expect, it } from 'vitest';
import type { Moments, SegmentMark } from '../api/resources';
import { lanesOf } from './lanes-of';

const mark = (type: string, start: number, source: SegmentMark['source'] = 'model', count = 1): SegmentMark => ({ id: count === 1 ? `${type}${start}` : null, type, source, start_time: start, end_time: start + 2, text: type, count });

const nothing = { marks: [], windows: [], moments: undefined, hits: [], analysedUntil: 0 };

describe('the lanes', () => {
  it('are one for each type of event, with all cues in one', () => {
    const marks = [mark('goal', 1), mark('event', 2), mark('fade', 3, 'signal'), mark('camera', 4, 'signal'), mark('shot', 0, 'signal')];
    const lanes = lanesOf({ ...nothing, marks });
    expect(lanes.map(({ id, spans }) => [id, spans.length])).toEqual([['shot', 1], ['cues', 2], ['event', 1], ['goal', 1], ['looked', 0]]);
  });

  it('have their number, whatever part of them is in sight and however many share a mark', () => {
    const counts = new Map([['goal', 70_000], ['fade', 3], ['black', 2]]);
    const lanes = lanesOf({ ...nothing, marks: [mark('goal', 1, 'model', 12)], counts });
    expect(lanes.map(({ id, spans, count }) => [id, spans.length, count])).toEqual([['shot', 0, 0], ['cues', 0, 5], ['goal', 1, 70_000], ['looked', 0, undefined]]);
    expect(lanes.find(({ id }) => id === 'goal')?.spans[0]).toMatchObject({ label: '12 × goal' });
  });

  it('say what is not known yet', () => {
    const known = lanesOf({ ...nothing, analysedUntil: 12 }).filter(({ knownUntil }) => knownUntil === 12);
    expect(known.map(({ id }) => id)).toEqual(['event', 'looked']);
  });

  it('show the closest of what was rejected as such, and relevance as a probability', () => {
    const moments = { data: [], start_time: 0, end_time: 9, best_rejected: { start_time: 3, end_time: 4, confidence: 0.2 }, curve: { start_time: 0, step_seconds: 2, values: [0, null, -30] } } as unknown as Moments;
    const lanes = lanesOf({ ...nothing, moments });
    expect(lanes.find(({ id }) => id === 'answers')).toMatchObject({ count: 0, spans: [{ start: 3, hollow: true }] });
    const values = lanes.find(({ id }) => id === 'relevance')?.curve?.values;
    expect(values?.slice(0, 2)).toEqual([0.5, null]);
    expect(values?.[2]).toBeCloseTo(0, 9);
  });

  it.each([[{ start_time: 3, end_time: 4, confidence: 0.04 }], [{ start_time: 0, end_time: 9, confidence: 0.3 }]])('show no closest where nothing came near: %o', (rejected) => {
    const moments = { data: [], start_time: 0, end_time: 9, best_rejected: rejected, curve: null } as unknown as Moments;
    expect(lanesOf({ ...nothing, moments }).find(({ id }) => id === 'answers')?.spans).toEqual([]);
  });
});

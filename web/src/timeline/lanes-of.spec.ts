// The lanes of a video.
import { describe, expect, it } from 'vitest';
import type { Moments, Segment } from '../api/resources';
import { lanesOf } from './lanes-of';

const segment = (type: string, start: number, source: Segment['source'] = 'model'): Segment =>
  ({ id: `${type}${start}`, type, source, start_time: start, end_time: start + 2, text: type }) as Segment;

const nothing = { segments: [], windows: [], moments: undefined, hits: [], analysedUntil: 0 };

describe('the lanes', () => {
  it('are one for each type of event, with all cues in one', () => {
    const segments = [segment('goal', 1), segment('event', 2), segment('fade', 3, 'signal'), segment('camera', 4, 'signal'), segment('shot', 0, 'signal')];
    const lanes = lanesOf({ ...nothing, segments });
    expect(lanes.map(({ id, spans }) => [id, spans.length])).toEqual([['shot', 1], ['cues', 2], ['event', 1], ['goal', 1], ['looked', 0]]);
  });

  it('say what is not known yet', () => {
    const known = lanesOf({ ...nothing, analysedUntil: 12 }).filter(({ knownUntil }) => knownUntil === 12);
    expect(known.map(({ id }) => id)).toEqual(['event', 'looked']);
  });

  it('show the closest of what was rejected as such, and relevance as a probability', () => {
    const moments = { data: [], best_rejected: { start_time: 3, end_time: 4 }, curve: { start_time: 0, step_seconds: 2, values: [0, null, -30] } } as unknown as Moments;
    const lanes = lanesOf({ ...nothing, moments });
    expect(lanes.find(({ id }) => id === 'answers')?.spans).toMatchObject([{ start: 3, hollow: true }]);
    const values = lanes.find(({ id }) => id === 'relevance')?.curve?.values;
    expect(values?.slice(0, 2)).toEqual([0.5, null]);
    expect(values?.[2]).toBeCloseTo(0, 9);
  });
});

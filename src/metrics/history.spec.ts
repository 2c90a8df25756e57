// How samples become the lines of a chart: the highest level of a step, the mean rate over it, nothing where nobody measured.
import { describe, expect, it } from 'vitest';
import { chartsOf, type Sample } from './history.js';

const steps = { startSeconds: 1000, stepSeconds: 30, count: 4 };

/** The values of one line; samples are [seconds after the start, value]. */
function line(chartId: string, lineId: string, samples: readonly (readonly [number, number])[]): readonly (number | null)[] | undefined {
  const given = samples.map(([at, value]): Sample => ({ atSeconds: 1000 + at, values: { [`${chartId}.${lineId}`]: value } }));
  return chartsOf(given, steps).find(({ chart }) => chart.id === chartId)?.lines.find(({ id }) => id === lineId)?.values;
}

describe('a level', () => {
  it('is the highest of each step, and nothing where nobody measured', () => {
    expect(line('waiting', 'windows', [[-15, 99], [0, 4], [15, 9], [60, 2]])).toEqual([9, null, 2, null]);
  });
});

describe('a rate', () => {
  it('is the growth since the sample before the step, per minute or per second', () => {
    expect(line('windows', 'ready', [[-15, 10], [0, 10], [15, 14], [30, 14], [45, 14], [60, 15]])).toEqual([8, 0, 4, null]);
    expect(line('tokens', 'encoded', [[-15, 0], [15, 3000]])).toEqual([100, null, null, null]);
  });

  it('is not known before the first sample, after a long silence, nor when the total fell', () => {
    expect(line('windows', 'ready', [[0, 5], [30, 6]])).toEqual([null, 2, null, null]);
    expect(line('windows', 'ready', [[-200, 5], [0, 50]])).toEqual([null, null, null, null]);
    expect(line('windows', 'ready', [[-15, 500], [15, 6], [45, 7]])).toEqual([null, 2, null, null]);
  });
});

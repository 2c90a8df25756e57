// Samples of the last hours as series with even steps: a step in which nobody sampled has no value.
import { type Chart, type ChartLine, CHARTS, keyOf } from './charts.js';

export interface Sample {
  readonly atSeconds: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface Steps {
  /** The first step begins here, seconds since 1970. */
  readonly startSeconds: number;
  readonly stepSeconds: number;
  readonly count: number;
}

export interface Series {
  readonly id: string;
  /** One for each step: the highest level, or the mean rate; null where it is not known. */
  readonly values: readonly (number | null)[];
}

const SECONDS_OF: Readonly<Record<Chart['unit'], number>> = { pieces: 1, seconds: 1, 'per second': 1, 'per minute': 60 };

/** `samples` in order of time, those shortly before the first step too: a rate counts from the sample before. */
export function chartsOf(samples: readonly Sample[], steps: Steps): { readonly chart: Chart; readonly lines: readonly Series[] }[] {
  const byStep = Array.from({ length: steps.count }, (): number[] => []);
  for (const [index, { atSeconds }] of samples.entries()) byStep[Math.floor((atSeconds - steps.startSeconds) / steps.stepSeconds)]?.push(index);
  const valueOf = (chart: Chart, line: ChartLine) => (chart.kind === 'level' ? levelOf(samples, keyOf(chart, line)) : rateOf(samples, keyOf(chart, line), steps, SECONDS_OF[chart.unit]));
  return CHARTS.map((chart) => ({ chart, lines: chart.lines.map((line) => ({ id: line.id, values: byStep.map(valueOf(chart, line)) })) }));
}

type OfStep = (indices: readonly number[]) => number | null;

const levelOf = (samples: readonly Sample[], key: string): OfStep => (indices) => {
  const known = indices.flatMap((index) => samples[index]?.values[key] ?? []);
  return known.length === 0 ? null : Math.max(...known);
};

/** Growth from the last sample before the step to the last one in it. A total that fell was restored from a copy: nobody knows what was done. */
const rateOf = (samples: readonly Sample[], key: string, { stepSeconds }: Steps, unitSeconds: number): OfStep => (indices) => {
  const [first, last] = [indices[0] ?? 0, samples[indices.at(-1) ?? -1]];
  const before = samples[first - 1];
  const [from, to] = [before?.values[key], last?.values[key]];
  if (!before || !last || from === undefined || to === undefined) return null;
  const seconds = last.atSeconds - before.atSeconds;
  const isKnown = seconds > 0 && seconds <= 3 * stepSeconds && to >= from;
  return isKnown ? ((to - from) / seconds) * unitSeconds : null;
};

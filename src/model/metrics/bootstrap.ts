// How far a figure may be off because only so many questions were asked: percentile bootstrap, the same for the same seed.
import { seededRandom } from '../qwen2-5-vl/seeded-random.js';
import { quantile } from './statistics.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly seed: number;
  /** Default 1000. */
  readonly resamples?: number;
  /** Share of the resampled figures inside the interval, default 0.95. */
  readonly level?: number;
}

/** Fewer groups than this say little about groups: then each item is drawn for itself. */
const LEAST_GROUPS = 20;

/**
 * `groups` hold what belongs together, the questions of one video for instance, and are drawn whole. Resamples in which the figure is no
 * number, as nothing it is made of was drawn, are left out; without any other the interval is NaN.
 */
export function bootstrapInterval<T>(groups: readonly (readonly T[])[], figure: (sample: readonly T[]) => number, options: BootstrapOptions): Interval {
  const { seed, resamples = 1000, level = 0.95 } = options;
  const drawn = groups.length >= LEAST_GROUPS ? groups : groups.flat().map((item) => [item]);
  const random = seededRandom(seed);
  const figures: number[] = [];
  for (let k = 0; k < resamples; k++) {
    const sample: T[] = [];
    for (let n = 0; n < drawn.length; n++) sample.push(...(drawn[Math.floor(random() * drawn.length)] ?? []));
    const value = figure(sample);
    if (Number.isFinite(value)) figures.push(value);
  }
  return { low: quantile(figures, (1 - level) / 2), high: quantile(figures, (1 + level) / 2) };
}

// The few numbers that sum up a list of measurements.

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Linear between the two nearest ranks; NaN for nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? NaN, sorted[Math.ceil(at)] ?? NaN];
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Share of the values that pass. */
export const share = <T>(values: readonly T[], passes: (value: T) => boolean): number => values.filter(passes).length / values.length;

export const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

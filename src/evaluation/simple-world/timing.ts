// When the pictures of a made video are presented: a pattern of steps that repeats, so that an hour of uneven times is one short list.

export interface Timing {
  /** Ticks a second. */
  readonly timescale: number;
  /** Ticks from each picture to the next; begins again after the last. */
  readonly steps: readonly number[];
  /** Presentation time of the first picture, ticks. */
  readonly startTicks: number;
}

export const constantRate = (framesPerSecond: number): Timing => ({ timescale: framesPerSecond, steps: [1], startTicks: 0 });

/** Seconds from the first picture to picture `index`. */
export function secondsOf({ timescale, steps }: Timing, index: number): number {
  return (Math.floor(index / steps.length) * sum(steps) + sum(steps.slice(0, index % steps.length))) / timescale;
}

/** How many pictures begin before `seconds`. */
export function pictureCount(timing: Timing, seconds: number): number {
  const { timescale, steps } = timing;
  let count = Math.floor((seconds * timescale) / sum(steps)) * steps.length;
  while (secondsOf(timing, count) < seconds - 1e-9) count++;
  return count;
}

/** The same times as an expression of ffmpeg's setpts over N, in ticks. */
export function timingExpression({ steps, startTicks }: Timing): string {
  if (steps.length === 1) return `${startTicks}+N*${steps[0]}`;
  const offsets = steps.map((_, k) => sum(steps.slice(0, k)));
  return `${startTicks}+floor(N/${steps.length})*${sum(steps)}+${choice(offsets, `mod(N,${steps.length})`)}`;
}

/** Halving keeps the depth of the expression small. */
function choice(values: readonly number[], index: string, from = 0): string {
  if (values.length === 1) return String(values[0]);
  const middle = values.length >> 1;
  return `if(lt(${index},${from + middle}),${choice(values.slice(0, middle), index, from)},${choice(values.slice(middle), index, from + middle)})`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

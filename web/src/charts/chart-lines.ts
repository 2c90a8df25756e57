// The arithmetic of small charts: where lines run, what the axes say, where nothing is known.

interface Values {
  readonly values: readonly (number | null)[];
}

/** The top of the axis: 1, 2 or 5 times a power of ten, and never 0. */
export function niceTop(lines: readonly Values[]): number {
  const most = lines.reduce((highest, { values }) => values.reduce<number>((high, value) => Math.max(high, value ?? 0), highest), 0);
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5].find((step) => step * power >= most) ?? 10) * power;
}

/** A path for each stretch of which something is known; a single value is a short dash. */
export function linePaths(values: readonly (number | null)[], xOf: (step: number) => number, yOf: (value: number) => number): string[] {
  const paths: string[] = [];
  let points: string[] = [];
  const end = (): void => {
    if (points.length > 0) paths.push(`M${points.join('L')}${points.length === 1 ? 'h1.5' : ''}`);
    points = [];
  };
  for (const [step, value] of values.entries()) {
    if (value === null) end();
    else points.push(`${xOf(step).toFixed(1)} ${yOf(value).toFixed(1)}`);
  }
  end();
  return paths;
}

/** Stretches of steps, first and one past the last, in which no line has a value. */
export function gapsOf(lines: readonly Values[]): [from: number, to: number][] {
  const gaps: [number, number][] = [];
  const count = lines[0]?.values.length ?? 0;
  for (let step = 0; step < count; step++) {
    if (lines.some(({ values }) => values[step] !== null)) continue;
    const last = gaps.at(-1);
    if (last && last[1] === step) last[1] = step + 1;
    else gaps.push([step, step + 1]);
  }
  return gaps;
}

const MINUTE_MS = 60_000;
const TICK_MINUTES = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880];
const MOST_TICKS = 5;

/** Round instants of the reader's clock, and where they are along the axis, 0 to 1. */
export function timeTicks(startMs: number, spanMs: number): { readonly ms: number; readonly share: number }[] {
  const step = (TICK_MINUTES.find((minutes) => spanMs / (minutes * MINUTE_MS) <= MOST_TICKS) ?? 2880) * MINUTE_MS;
  const zone = new Date(startMs).getTimezoneOffset() * MINUTE_MS;
  const ticks = [];
  for (let ms = Math.ceil((startMs - zone) / step) * step + zone; ms < startMs + spanMs; ms += step) {
    const share = (ms - startMs) / spanMs;
    if (share > 0.02 && share < 0.96) ticks.push({ ms, share });
  }
  return ticks;
}

// Numbers that look random and follow from a seed alone, the same in TypeScript and Python.

/** Scrambles 32 bits (docs/world.md, "Numbers from a seed"). */
export function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The number at `index` of a stream, 0 to 2^32 - 1; streams of one seed do not know of each other. */
export const hash = (seed: number, stream: number, index: number): number =>
  mix(mix(seed ^ Math.imul(stream, 0x9e3779b1)) ^ Math.imul(index + 1, 0x85ebca6b));

/** Streams of a seed; the ground of shot k is drawn from `SHOT + k`. */
export const STREAM = { plan: 1, cuts: 2, camera: 3, questions: 4, page: 5, noise: 6, clouds: 100, shot: 1000 } as const;

/** Thousandths: what a scene holds is written with three decimals. */
export const rounded = (value: number): number => Math.floor(value * 1000 + 0.5) / 1000;

/** Reads a stream from its beginning. */
export class Dice {
  private index = 0;

  constructor(
    private readonly seed: number,
    private readonly stream: number,
  ) {}

  /** 0 up to and without 1. */
  unit(): number {
    return hash(this.seed, this.stream, this.index++) / 4294967296;
  }

  /** 0 to count - 1. */
  below(count: number): number {
    return Math.floor(this.unit() * count);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  between(least: number, most: number): number {
    return rounded(least + (most - least) * this.unit());
  }
}

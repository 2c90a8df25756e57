// Rates at which the seconds between temporal groups are exact in half precision: a server that rounds them tells the same times.

/**
 * A server computes 2 / fps, rounds that to the type of its weights and only then multiplies by the group; a rate of 2.4 is a second off
 * from the fourth group on. What is 2^k or 1.25 * 2^k seconds survives: 8, 6.4, 4, 3.2, 2, 1.6, 1, 0.8 frames a second and so on. Ascending.
 */
export const EXACT_RATES: readonly number[] = Array.from({ length: 15 }, (_, k) => 2 ** (k - 10)).flatMap((rate) => [rate, rate * 1.6]);

/** The largest that is not above `fps`; the smallest where all are. */
export const rateAtMost = (fps: number, rates: readonly number[]): number => rates.findLast((rate) => rate <= fps) ?? rates[0] ?? fps;

/** The smallest that is not below `fps`; the largest where all are. */
export const rateAtLeast = (fps: number, rates: readonly number[]): number => rates.find((rate) => rate >= fps) ?? rates.at(-1) ?? fps;

/** The one that `fps` is the least times away from. */
export function nearestRate(fps: number, rates: readonly number[]): number {
  const [below, above] = [rateAtMost(fps, rates), rateAtLeast(fps, rates)];
  return above / fps < fps / below ? above : below;
}

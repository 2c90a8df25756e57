// Pictures at uneven times, as phones make them.
import { type Timing } from '../../src/evaluation/simple-world/timing.js';

/** Milliseconds: two seconds at 25 a second, two of a phone that hesitates, three at 10 a second. The file begins at 1.4 s. */
export const UNEVEN: Timing = {
  timescale: 1000,
  steps: [
    ...Array<number>(50).fill(40),
    ...Array.from({ length: 50 }, (_, k) => [33, 34, 66, 33, 17, 50, 33, 83, 25, 26][k % 10]!),
    ...Array<number>(30).fill(100),
  ],
  startTicks: 1400,
};

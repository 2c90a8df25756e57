// Waits until a product has nothing left to do, so that what is measured next is only what is asked next.
import { setTimeout as pause } from 'node:timers/promises';
import { costBetween, costNow, workOf } from '../../src/platform/embedded/process-cost.js';

const LOOK_SECONDS = 2;
/** Heartbeats and sweeps take less, a scan or a window takes more. */
const IDLE_SHARE = 0.1; // of one core

/** Rejects when it is still busy after `limitSeconds`. */
export async function untilIdle(limitSeconds = 3600): Promise<void> {
  for (let waited = 0; waited < limitSeconds; waited += LOOK_SECONDS) {
    const before = costNow();
    await pause(LOOK_SECONDS * 1000);
    if (workOf(costBetween(before, costNow())) < IDLE_SHARE * LOOK_SECONDS) return;
  }
  throw new Error(`The product is still busy after ${limitSeconds} s.`);
}

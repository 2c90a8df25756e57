// SIGKILL at random moments: nothing accepted is lost, nothing is doubled, and the result is that of a quiet run (R1, R2).
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoClip } from '../e2e/running-product.js';
import { BreakableProduct } from './breakable-product.js';
import { type EndedRun, repeatsOf, wholeRun } from './runs.js';
import { LONG, type Random, ROUNDS, SEED, seededRandom, shuffled } from './seeded-random.js';

const VICTIMS = ['worker', 'inference', 'api'] as const;
type Victim = (typeof VICTIMS)[number];
type Kills = Record<Victim, number>;

/** One that is in the video, and one that is not. */
const QUESTIONS = [{ query: 'the red circle moves left', curve: true }, { query: 'a man opens a door' }];

/** In a round: each process once, and some more. */
const KILLS = LONG ? 10 : 5;

describe.skipIf(process.platform !== 'linux')(`killed at random, FAULTS_SEED=${SEED} (Linux: reads /proc)`, () => {
  let product: BreakableProduct;
  let quiet: EndedRun;
  let quietSeconds: number;

  beforeAll(async () => {
    product = await BreakableProduct.start();
    const started = Date.now();
    quiet = await wholeRun(product, demoClip('long_4min'), QUESTIONS);
    quietSeconds = (Date.now() - started) / 1000;
    await product.client.delete(quiet.videoId);
  });
  afterAll(() => product?.stop());

  it.each(Array.from({ length: ROUNDS }, (_, k) => SEED + k))(
    'ends as a quiet run does, with at most one window and one chunk repeated a kill (seed %i)',
    { timeout: 300_000 },
    async (seed) => {
      const over = new AbortController();
      rmSync(join(product.directory, 'features'), { recursive: true, force: true }); // what the quiet run saw: the windows are to be looked at anew
      const killing = killAtRandom(product, seededRandom(seed), quietSeconds, over.signal);
      const disturbed = await wholeRun(product, demoClip('long_4min'), QUESTIONS).finally(() => over.abort());
      const kills = await killing;
      expect(kills.worker + kills.inference + kills.api).toBeGreaterThan(0);
      expect(disturbed.results, JSON.stringify(kills)).toBe(quiet.results);
      const repeated = await repeatsOf(product, disturbed);
      if (LONG) process.stderr.write(`seed ${seed}: killed ${JSON.stringify(kills)}, repeated ${JSON.stringify(repeated)}\n`);
      expect(repeated.windows).toBeLessThanOrEqual(kills.worker + kills.inference);
      expect(repeated.chunks).toBeLessThanOrEqual(kills.worker);
      await product.patiently((client) => client.delete(disturbed.videoId));
    },
  );
});

/** Each process at least once, at moments spread over the length of a quiet run, until the work is done. */
async function killAtRandom(product: BreakableProduct, random: Random, seconds: number, over: AbortSignal): Promise<Kills> {
  const moments = Array.from({ length: KILLS }, () => random.between(0, seconds)).sort((a, b) => a - b);
  const order = shuffled(VICTIMS, random);
  const kills = { worker: 0, inference: 0, api: 0 };
  const started = Date.now();
  for (const [k, moment] of moments.entries()) {
    const victim = order[k] ?? random.oneOf(VICTIMS);
    await pause(Math.max(0, moment * 1000 - (Date.now() - started)), undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) break;
    if (await kill(product, victim)) kills[victim]++;
  }
  return kills;
}

/** False when there is nobody to kill: between two lives. */
async function kill(product: BreakableProduct, victim: Victim): Promise<boolean> {
  if (victim === 'inference') {
    const pid = product.worker.inference;
    return pid !== undefined && process.kill(pid, 'SIGKILL');
  }
  const victimProcess = victim === 'api' ? product.api : product.worker;
  if (!victimProcess.isRunning) return false;
  await victimProcess.kill();
  return true;
}

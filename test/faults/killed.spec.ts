// SIGKILL at random moments: nothing accepted is lost, nothing is doubled, and the result is that of a quiet run (R1, R2).
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TaskJson } from '../../src/cli/api-client.js';
import { demoClip } from '../e2e/running-product.js';
import { BreakableProduct } from './breakable-product.js';
import { resultsOf } from './results.js';
import { LONG, type Random, ROUNDS, SEED, seededRandom, shuffled } from './seeded-random.js';

const VICTIMS = ['worker', 'inference', 'api'] as const;
type Victim = (typeof VICTIMS)[number];
type Kills = Record<Victim, number>;

/** One that is in the video, and one that is not. */
const QUESTIONS = [{ query: 'the red circle moves left', curve: true }, { query: 'a man opens a door' }];

/** One process each and two more; a long round has twice as many. */
const KILLS = LONG ? 10 : 5;

interface Outcome {
  readonly videoId: string;
  readonly task: TaskJson;
  readonly results: string;
}

describe.skipIf(process.platform !== 'linux')(`killed at random, FAULTS_SEED=${SEED} (Linux: reads /proc)`, () => {
  let product: BreakableProduct;
  let quiet: Outcome;
  let quietSeconds: number;

  beforeAll(async () => {
    product = await BreakableProduct.start();
    const started = Date.now();
    quiet = await wholeRun(product);
    quietSeconds = (Date.now() - started) / 1000;
    await product.client.delete(quiet.videoId);
  });
  afterAll(() => product?.stop());

  it.each(Array.from({ length: ROUNDS }, (_, k) => SEED + k))(
    'ends as a quiet run does, with at most one window and one chunk repeated a kill (seed %i)',
    { timeout: 300_000 },
    async (seed) => {
      const random = seededRandom(seed);
      const over = new AbortController();
      const killing = killAtRandom(product, random, quietSeconds, over.signal);
      const disturbed = await wholeRun(product);
      over.abort();
      const kills = await killing;
      expect(disturbed.results, JSON.stringify(kills)).toBe(quiet.results);
      const repeated = await repeats(product, disturbed);
      process.stderr.write(`seed ${seed}: killed ${JSON.stringify(kills)}, repeated ${JSON.stringify(repeated)}\n`);
      expect(repeated.windows).toBeLessThanOrEqual(kills.worker + kills.inference);
      expect(repeated.chunks).toBeLessThanOrEqual(kills.worker);
      await product.patiently((client) => client.delete(disturbed.videoId));
    },
  );
});

/** Upload, scan, analysis and questions, by a client that has patience with an API that restarts. */
async function wholeRun(product: BreakableProduct): Promise<Outcome> {
  const video = await product.patiently((client) => client.upload(demoClip('long_4min')));
  const task = await product.patiently((client) => client.analyze(video.id));
  const ended = await product.client.follow(task);
  await product.until(async () => (await product.rows('SELECT 1 FROM scans WHERE id = $1 AND finished_at IS NOT NULL', [video.id])).length > 0);
  const answers: unknown[] = [];
  for (const { query, ...options } of QUESTIONS) answers.push(await product.patiently((client) => client.ask(video.id, query, options)));
  return { videoId: video.id, task: ended, results: await product.patiently(() => resultsOf(product, video.id, ended, answers)) };
}

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

async function repeats(product: BreakableProduct, { videoId, task }: Outcome): Promise<{ windows: number; chunks: number }> {
  const [windows] = await product.rows<{ n: number }>('SELECT sum(attempt - 1)::int AS n FROM windows WHERE task_id = $1', [task.id]);
  const [chunks] = await product.rows<{ n: number }>('SELECT sum(attempt - 1)::int AS n FROM scan_chunks WHERE video_id = $1', [videoId]);
  return { windows: windows!.n, chunks: chunks!.n };
}

// Puts questions to a video through the API, one after the other, with the time and the CPU that each took.
import { iou, type WrittenRange } from '../../src/model/grounding/compare.js';
import { type MomentsJson } from '../../src/cli/api-client.js';
import { costBetween, costNow, workOf } from '../../src/platform/embedded/process-cost.js';
import { type Product } from '../harness/product.js';
import { type TrueEvent } from '../../src/world/first/scene.js';
import { since } from './analysis.js';

/** What the model said of a candidate; answers of older versions lack it. */
export interface CandidateScores {
  readonly occurrence: number;
  readonly grounding: number;
  readonly described: boolean | null;
  readonly searched: number;
}

interface ScoredMoment {
  readonly start_time: number;
  readonly end_time: number;
  readonly confidence: number | null;
  readonly scores?: CandidateScores;
}

/** An answer with the fields that only newer versions have. */
type Answer = Omit<MomentsJson, 'data'> & { readonly data: readonly ScoredMoment[]; readonly best_rejected?: ScoredMoment | null };

export interface Asked {
  readonly query: string;
  readonly found: boolean;
  /** Of the best moment with the truth it overlaps most; 0 where there is none, or nothing is true. */
  readonly iou: number;
  /** Of the best candidate, rejected or not; null where the answer does not say. */
  readonly confidence: number | null;
  readonly scores: CandidateScores | undefined;
  /** Of that candidate with the truth, rejected or not. */
  readonly candidateIou: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export async function askOne({ api }: Pick<Product, 'api'>, videoId: string, query: string, truths: readonly WrittenRange[] = []): Promise<Asked> {
  const [before, started] = [costNow(), performance.now()];
  const answer = (await api.ask(videoId, query, { top_k: 5 })) as Answer;
  const [seconds, cpuSeconds] = [since(started), workOf(costBetween(before, costNow()))];
  const best = answer.data[0];
  const candidate = best ?? answer.best_rejected;
  const bestIou = (moment: WrittenRange | null | undefined): number => (moment ? Math.max(0, ...truths.map((truth) => iou(moment, truth))) : 0);
  return {
    ...{ query, seconds, cpuSeconds },
    found: answer.answer === 'found',
    iou: bestIou(best),
    confidence: candidate?.confidence ?? null,
    scores: candidate?.scores,
    candidateIou: bestIou(candidate),
  };
}

export async function askPresent(product: Product, videoId: string, events: readonly TrueEvent[]): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const event of events) asked.push(await askOne(product, videoId, event.query, [event]));
  return asked;
}

export async function askAbsent(product: Product, videoId: string, queries: readonly string[]): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const query of queries) asked.push(await askOne(product, videoId, query));
  return asked;
}

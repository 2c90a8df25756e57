// Uploads a video and follows its analysis: when the first segment can be read, when it is done, what it cost.
import { type TaskJson, type VideoJson } from '../../src/cli/api-client.js';
import { type Cost, costBetween, costNow } from '../../src/platform/embedded/process-cost.js';
import { type Product } from '../harness/product.js';
import { setTimeout as pause } from 'node:timers/promises';
import { untilIdle } from '../harness/quiet.js';

export interface Analysis {
  readonly video: VideoJson;
  readonly task: TaskJson;
  /** From the end of the upload's response to the first answer of GET segments that lists one. */
  readonly firstSegmentSeconds: number;
  /** From the request for an analysis to `ready`. */
  readonly analysisSeconds: number;
  /** From the upload until nothing is left to do, the scan included. */
  readonly cost: Cost;
}

const POLL_MS = 50;

/** Rejects when the analysis does not end `ready`. */
export async function analyseUpload(product: Product, file: string): Promise<Analysis> {
  const before = costNow();
  const video = await product.api.upload(file);
  const uploaded = performance.now();
  const first = firstSegment(product, video.id).then(() => since(uploaded));
  const started = performance.now();
  const task = await product.api.follow(await product.api.analyze(video.id));
  const analysisSeconds = since(started);
  if (task.status !== 'ready') throw new Error(`The analysis ended ${task.status}: ${task.error?.message ?? ''}`);
  const firstSegmentSeconds = await first;
  await untilIdle();
  return { video, task, firstSegmentSeconds, analysisSeconds, cost: costBetween(before, costNow()) };
}

async function firstSegment({ baseUrl }: Product, videoId: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${baseUrl}/v1/videos/${videoId}/segments?limit=1`).catch(() => undefined);
    const { data = [] } = response?.ok ? ((await response.json()) as { data?: unknown[] }) : {};
    if (data.length > 0) return;
    await pause(POLL_MS);
  }
}

export const since = (start: number): number => (performance.now() - start) / 1000;

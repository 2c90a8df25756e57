// The figures that the bundled checkpoint's card states for single questions about the demo clips, reached through the product.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../../src/cli/api-client.js';
import { iou } from '../../src/model/grounding/compare.js';
import { NOTES } from '../medium/bundled-model.js';
import { startCheckedProduct } from './checked-product.js';
import { demoClip, type RunningProduct, trueEvents } from './running-product.js';

/** What a run may lose against the card, and what every checkpoint that ships reaches. */
const ALLOWANCE = 0.05;
const LEAST = 0.5;

const STEP = 24; // seconds

let product: RunningProduct;

beforeAll(async () => {
  product = await startCheckedProduct();
});
afterAll(() => product?.stop());

it.each(['short_30s', 'long_4min'] as const)('single questions about %s reach the mean IoU of the card', async (name) => {
  const card = Number(NOTES.figures.find((figure) => figure.name === `Demo clip ${name}: mean IoU`)?.value);
  const api = new ApiClient(product.baseUrl);
  const video = await api.upload(demoClip(name));
  const scores: number[] = [];
  for (const event of await trueEvents(name)) {
    const start = windowStart(event.start_time, event.end_time, video.duration);
    if (start === undefined) continue; // only events that one window holds
    const answer = await api.ask(video.id, event.query, { start_time: start, end_time: Math.min(start + NOTES.window_seconds, video.duration), top_k: 1 });
    scores.push(answer.data[0] ? iou(answer.data[0], event) : 0);
  }
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  console.log(`${name}: ${scores.length} questions, mean IoU ${mean.toFixed(3)}, card ${card}`);
  expect(card).toBeGreaterThan(LEAST);
  expect(mean).toBeGreaterThanOrEqual(card - ALLOWANCE);
});

/** The first window that holds the whole event. */
function windowStart(start: number, end: number, duration: number): number | undefined {
  for (let from = 0; from < duration; from += STEP) {
    if (start >= from && end <= from + NOTES.window_seconds) return from;
  }
  return undefined;
}

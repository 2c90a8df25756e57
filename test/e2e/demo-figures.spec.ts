// The figures that the bundled checkpoint's card states for single questions, reached through the product.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../../src/cli/api-client.js';
import { iou } from '../../src/model/grounding/compare.js';
import { startCheckedProduct } from './checked-product.js';
import { demoClip, type RunningProduct, trueEvents } from './running-product.js';

/** Mean IoU of single questions in models/shapeworld-0/README.md, and what the product may lose against it. */
const CARD = { short_30s: 0.913, long_4min: 0.8 } as const;
const ALLOWANCE = 0.05;
const WINDOW = { seconds: 30, step: 24 };

let product: RunningProduct;

beforeAll(async () => {
  product = await startCheckedProduct();
});
afterAll(() => product?.stop());

it.each(Object.keys(CARD) as (keyof typeof CARD)[])('single questions about %s reach the mean IoU of the card', async (name) => {
  const api = new ApiClient(product.baseUrl);
  const video = await api.upload(demoClip(name));
  const scores: number[] = [];
  for (const event of await trueEvents(name)) {
    const start = windowStart(event.start_time, event.end_time, video.duration);
    if (start === undefined) continue; // the card, too, asks only about events that one window holds
    const answer = await api.ask(video.id, event.query, { start_time: start, end_time: Math.min(start + WINDOW.seconds, video.duration), top_k: 1 });
    scores.push(answer.data[0] ? iou(answer.data[0], event) : 0);
  }
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  console.log(`${name}: ${scores.length} questions, mean IoU ${mean.toFixed(3)}, card ${CARD[name]}`);
  expect(mean).toBeGreaterThanOrEqual(CARD[name] - ALLOWANCE);
});

/** The first window that holds the whole event. */
function windowStart(start: number, end: number, duration: number): number | undefined {
  for (let from = 0; from < duration; from += WINDOW.step) {
    if (start >= from && end <= from + WINDOW.seconds) return from;
  }
  return undefined;
}

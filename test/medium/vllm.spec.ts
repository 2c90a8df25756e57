// A model on other machines: the bundled checkpoint behind vLLM's protocol answers as it does here, and servers that would tell wrong seconds are refused.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createInferenceChild } from '../../src/inference/index.js';
import { type Inference, type WindowPrompt, type WindowRequest, type WindowResult } from '../../src/inference/inference.js';
import { createVllmInference } from '../../src/inference/vllm/index.js';
import { createClock } from '../../src/model/grounding/clock.js';
import { DENSE_EVENTS_PROMPT, groundingPrompt, occurrencePrompt } from '../../src/model/grounding/prompts.js';
import { readEvents } from '../../src/model/grounding/window-events.js';
import { openClip } from './media.js';
import { type Nature, ReplayedVllm } from './replayed-vllm.js';

const MODEL = resolve('models/shapeworld-0');
const YES_NO = { kind: 'choice', options: ['Yes', 'No'] } as const;
const EVENTS: WindowPrompt = { text: DENSE_EVENTS_PROMPT, maxNewTokens: 512, form: { kind: 'events', maxEvents: 12, endSeconds: 30 } };
const GROUNDING: WindowPrompt = { text: groundingPrompt('red triangle grows'), maxNewTokens: 64 };
const YES: WindowPrompt = { text: occurrencePrompt('red triangle grows'), maxNewTokens: 1, form: YES_NO };
const NO: WindowPrompt = { text: occurrencePrompt('red circle moves down'), maxNewTokens: 1, form: YES_NO };

let scratch: string;
let request: WindowRequest;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'vllm-'));
  const clip = await openClip(join(MODEL, 'demo', 'short_30s.mp4'));
  request = { ...clip, contentHash: 'a'.repeat(64), startSeconds: 0, endSeconds: 30, sampling: {}, prompts: [GROUNDING] };
});
afterAll(() => rm(scratch, { recursive: true }));

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function serve(nature: Partial<Nature> = {}): Promise<ReplayedVllm> {
  const server = await ReplayedVllm.start(nature);
  opened.push({ close: () => server.stop() });
  return server;
}

type Config = Parameters<typeof createVllmInference>[0];
function connect(servers: readonly ReplayedVllm[], config: Partial<Config> = {}, patience = { asideMs: 0, retryMs: [1, 1, 1] }): Inference {
  const usual = { VLLM_URLS: servers.map(({ url }) => url), VLLM_CARD_DIR: MODEL, FEATURE_CACHE_BYTES: 10 ** 8, MEDIA_TIMEOUT_SECONDS: 60, VLLM_TIMEOUT_SECONDS: 30 };
  const inference = createVllmInference({ ...usual, ...config }, join(scratch, String(opened.length)), patience);
  opened.push(inference);
  return inference;
}

const eventsOf = ({ answers: [answer], plan }: WindowResult) => readEvents(answer!, createClock(plan)).events;

describe('the bundled checkpoint behind a vLLM server', () => {
  it('tells the same events, moments and certainty as it does here', async () => {
    const child = createInferenceChild({
      ...{ DATA_DIR: scratch, MODEL_DIR: MODEL, INFERENCE_PROVIDER: 'cpu', INFERENCE_THREADS: 1, MEDIA_TIMEOUT_SECONDS: 60 },
      ...{ FEATURE_CACHE_BYTES: 0, PREFIX_CACHE_BYTES: 0 },
    });
    opened.push(child);
    const server = await serve();
    const remote = connect([server]);
    const asked = { ...request, prompts: [EVENTS, GROUNDING, YES, NO] };
    const [here, there] = [await child.run(asked), await remote.run(asked)];
    const { model, seen, answers, ...looked } = there;
    expect(looked).toEqual({ plan: here.plan, width: 56, height: 56, videoGridThw: [30, 4, 4], temporalIds: here.temporalIds });
    expect(eventsOf(there).map(({ text }) => text)).toEqual(eventsOf(here).map(({ text }) => text));
    const overlaps = eventsOf(there).map((event, k) => iou(event, eventsOf(here)[k]!));
    console.log('IoU', overlaps, answers.map(({ text }) => text), here.answers.map(({ text }) => text), answers.map((a) => a.choices), here.answers.map((a) => a.choices));
  });
});

function iou(a: { startSeconds: number; endSeconds: number }, b: { startSeconds: number; endSeconds: number }): number {
  const shared = Math.min(a.endSeconds, b.endSeconds) - Math.max(a.startSeconds, b.startSeconds);
  return Math.max(0, shared) / (Math.max(a.endSeconds, b.endSeconds) - Math.min(a.startSeconds, b.startSeconds));
}

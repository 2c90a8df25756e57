// The main job with a model on another machine: the bundled checkpoint behind vLLM's protocol, which one of two servers loses on the way.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApiClient, type VideoJson } from '../../src/cli/api-client.js';
import { iou, sameDescription } from '../../src/model/grounding/compare.js';
import { MODEL } from '../medium/bundled-model.js';
import { ReplayedVllm } from '../medium/replayed-vllm.js';
import { demoClip, type RunningProduct, startProduct, type TrueEvent, trueEvents } from './running-product.js';

let product: RunningProduct;
let api: ApiClient;
let servers: ReplayedVllm[];
let video: VideoJson;
let truth: TrueEvent[];

interface Readiness {
  readonly status: string;
  readonly workers: { status: string; model: string | null; error: { code: string; message: string } | null }[];
}
const readiness = async (): Promise<Readiness> => (await (await fetch(`${product.baseUrl}/health/ready`)).json()) as Readiness;

beforeAll(async () => {
  servers = [await ReplayedVllm.start(), await ReplayedVllm.start({ version: '0.29.0' })];
  product = await startProduct({ VLLM_URLS: servers.map(({ url }) => url).join(), VLLM_CARD_DIR: MODEL, SWEEP_SECONDS: '1' });
  api = new ApiClient(product.baseUrl);
  truth = await trueEvents('short_30s');
  video = await api.upload(demoClip('short_30s'));
});
afterAll(async () => {
  await product?.stop();
  for (const server of servers) await server.stop();
});

describe('a model on another machine', () => {
  it('describes the demo clip with the times it really has, and leaves out the server that loses them', async () => {
    const task = await api.follow(await api.analyze(video.id));
    expect(task).toMatchObject({ status: 'ready', unparsed: 0, warnings: [{ code: 'model.limited' }], error: null });
    const events = (await api.segments(video.id)).filter(({ source }) => source === 'model');
    const found = truth.flatMap((event) => events.filter((segment) => iou(segment, event) > 0.5).slice(0, 1).map(({ text }) => ({ text, query: event.query })));
    expect(found.length).toBeGreaterThanOrEqual(truth.length - 1);
    expect(found.filter(({ text, query }) => sameDescription(text, query)).length).toBeGreaterThanOrEqual(truth.length / 2);
    expect(servers[1]!.asked).toEqual([]);
  });

  it('answers when something happens and what does not, without decoding again', async () => {
    const there = await api.ask(video.id, truth[0]!.query);
    expect([there.answer, iou(there.data[0]!, truth[0]!) > 0.5]).toEqual(['found', true]);
    expect((await api.ask(video.id, 'yellow cross blinks')).answer).toBe('not_in_video');
  });

  it('waits while no server keeps time, tells why, and goes on by itself', async () => {
    servers[0]!.nature.mostFrames = 32;
    const question = api.ask(video.id, truth[1]!.query);
    await vi.waitFor(async () => {
      const { status, workers } = await readiness();
      expect([status, workers[0]?.error?.code]).toEqual(['degraded', 'inference.no_server']);
      for (const code of ['inference.frames_lost', 'inference.server_too_old']) expect(workers[0]?.error?.message).toContain(code);
    }, { timeout: 90_000, interval: 500 });
    servers[0]!.nature.mostFrames = Infinity;
    expect((await question).answer).toBe('found');
  });
});

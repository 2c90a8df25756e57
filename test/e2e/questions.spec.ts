// Questions and searches over the running product, with the bundled model and a clip whose events are known.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type VideoJson } from '../../src/cli/api-client.js';
import { iou } from '../../src/model/grounding/compare.js';
import { type MomentsResource } from '../../src/moments/moment.schema.js';
import { type Hit, type SearchResource } from '../../src/search/search.schema.js';
import { startCheckedProduct } from './checked-product.js';
import { demoClip, type RunningProduct, type TrueEvent, trueEvents } from './running-product.js';

let product: RunningProduct;
let api: ApiClient;
let video: VideoJson;
let truth: TrueEvent[];

beforeAll(async () => {
  product = await startCheckedProduct();
  api = new ApiClient(product.baseUrl);
  truth = await trueEvents('long_4min');
  video = await api.upload(demoClip('long_4min'));
  await api.follow(await api.analyze(video.id));
});
afterAll(() => product?.stop());

async function post<T>(path: string, body: unknown): Promise<T> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await (await fetch(product.baseUrl + path, init)).json()) as T;
}
const ask = (query: string): Promise<MomentsResource> => post(`/v1/videos/${video.id}/moments`, { query });

describe('an analysed video', () => {
  it('answers about what happens in it, to the second, and decodes nothing for it', async () => {
    let sum = 0;
    for (const event of truth) {
      const { answer, data, searched } = await ask(event.query);
      sum += answer === 'found' ? iou(data[0]!, event) : 0;
      expect(new Set(searched!.windows.map(({ seen }) => seen))).not.toContain('now');
    }
    console.log(`${truth.length} questions, mean IoU ${(sum / truth.length).toFixed(3)}`);
    expect(sum / truth.length).toBeGreaterThan(0.5);
  });

  it('rejects most of what does not happen, with what it rejected', async () => {
    const words = [['red', 'green', 'blue', 'yellow', 'white', 'purple'], ['circle', 'square', 'triangle', 'cross', 'ring'], ['moves left', 'grows', 'blinks']] as const;
    const all = words[0].flatMap((color) => words[1].flatMap((shape) => words[2].map((action) => `${color} ${shape} ${action}`)));
    const absent = all.filter((query) => !truth.some((event) => event.query === query)).filter((_, k) => k % 3 === 0);
    const answers = await Promise.all(absent.map(ask));
    const rejected = answers.filter(({ answer }) => answer === 'not_in_video');
    console.log(`${rejected.length} of ${absent.length} rejected`);
    expect(rejected.length / absent.length).toBeGreaterThan(0.6);
    for (const { best_rejected: best, searched } of rejected) expect(best!.confidence).toBeLessThan(searched!.threshold!);
  });

  it('answers the same question without work', async () => {
    expect((await ask(truth[0]!.query)).cached).toBe(true);
  });

  it('is found by words, and asked', async () => {
    const event = truth[0]!;
    const { data, grounded } = await post<SearchResource>('/v1/search', { query: event.query, ground: true });
    expect(iou(data[0] as Hit, event)).toBeGreaterThan(0.5);
    expect(grounded!.videos).toMatchObject([{ video_id: video.id, answer: 'found' }]);
    expect(iou(grounded!.moments[0]!, event)).toBeGreaterThan(0.5);
  });

  it('is found by one of its own pictures, at its second', async () => {
    await expect
      .poll(async () => ((await (await fetch(`${product.baseUrl}/v1/videos/${video.id}/scan`)).json()) as { status: string }).status, { timeout: 30_000 })
      .toBe('ready');
    for (const at of [30, 100, 200]) {
      const jpeg = Buffer.from(await (await fetch(`${product.baseUrl}/v1/videos/${video.id}/thumbnail?t=${at}`)).arrayBuffer());
      const { method, data } = await post<SearchResource>('/v1/search', { image: jpeg.toString('base64') });
      expect(method).toBe('fingerprint');
      expect((data as Hit[]).some(({ start_time, end_time }) => start_time <= at && end_time >= at)).toBe(true);
    }
  });

  it('is not hidden by a later look at a part of it', async () => {
    const segments = async (): Promise<unknown> => (await fetch(`${product.baseUrl}/v1/videos/${video.id}/segments?source=model`)).json();
    const before = await segments();
    const part = await post<{ id: string }>('/v1/analyze/tasks', { video_id: video.id, start_time: 100, end_time: 110 });
    await api.follow(part as Parameters<typeof api.follow>[0]);
    expect(await segments()).toEqual(before);
  });
});

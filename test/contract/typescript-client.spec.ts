// The TypeScript client over the running product: what its README promises, also on a line that breaks.
import { getEventListeners } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Secondsight, SecondsightError, verifyWebhook, type Video } from '../../clients/typescript/src/index.js';
import { sendInPieces } from '../../clients/typescript/src/upload.js';
import { iou } from '../../src/model/grounding/compare.js';
import { anotherCopy, paddedClip } from '../e2e/clip-copies.js';
import { demoClip, startProduct, trueEvents, type RunningProduct } from '../e2e/running-product.js';
import { WebhookReceiver } from '../medium/webhook-receiver.js';
import { CuttingProxy } from './cutting-proxy.js';

const CLIP = demoClip('short_30s');
const PIECE_BYTES = 8 * 1024;

let product: RunningProduct;
let api: Secondsight;
let apiKey: string;
const receiver = new WebhookReceiver();

beforeAll(async () => {
  await receiver.start();
  product = await startProduct({ AUTH: 'required', OUTGOING_ALLOW: '127.0.0.1' });
  apiKey = product.key!;
  api = new Secondsight({ baseUrl: product.baseUrl, apiKey });
});
afterAll(async () => {
  await product?.stop();
  await receiver.stop();
});

const codeOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (error: unknown) => (error instanceof SecondsightError ? error.code : error));

describe('from a file to an answer', () => {
  let video: Video;

  it('uploads, and says how much has arrived', async () => {
    const sent: number[] = [];
    video = await api.upload(createReadStream(CLIP), { name: 'short.mp4', pieceBytes: PIECE_BYTES, onProgress: (bytes) => sent.push(bytes) });
    const { length } = await readFile(CLIP);
    expect(video).toMatchObject({ object: 'video', name: 'short.mp4', bytes: length });
    expect(sent.at(-1)).toBe(length);
    expect((await api.upload(await readFile(CLIP), { name: 'again.mp4' })).id).toBe(video.id);
  });

  it('analyses, waits, and is told by a webhook that is ours', async () => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const { id } = await api.analyze({ video_id: video.id, webhook: { url: receiver.url('/task'), secret, events: ['task.ready'] } });
    const seen: number[] = [];
    const task = await api.waitForTask(id, { onChange: ({ progress }) => seen.push(progress) });
    expect(task).toMatchObject({ status: 'ready', progress: 1 });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    await vi.waitFor(() => expect(receiver.at('/task')).toHaveLength(1), { timeout: 30_000, interval: 50 });
    const { body, headers } = receiver.at('/task')[0]! as { body: string; headers: Record<string, string> };
    expect(verifyWebhook(secret, body, headers)).toMatchObject({ type: 'task.ready', data: { task_id: id, video_id: video.id } });
    const other = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
    for (const [key, text] of [[other, body], [secret, body.replace('task.ready', 'task.failed')]] as const) {
      expect(() => verifyWebhook(key, text, headers)).toThrow(expect.objectContaining({ code: 'webhook.not_ours' }));
    }
  });

  it('iterates over segments page by page, each once and in order', async () => {
    const all = async (limit: number): Promise<string[]> => {
      const ids: string[] = [];
      for await (const segment of api.each('/v1/videos/{id}/segments', { path: { id: video.id }, query: { limit } })) ids.push(segment.id);
      return ids;
    };
    const whole = await all(1000);
    expect(whole.length).toBeGreaterThan(4);
    expect(await all(2)).toEqual(whole);
    for await (const { id } of api.each('/v1/videos')) expect(id).toBe(video.id);
  });

  it('asks when something happens, and is told of what does not', async () => {
    const [event] = await trueEvents('short_30s');
    const found = await api.ask(video.id, { query: event!.query, wait: 0 });
    expect(found.answer).toBe('found');
    expect(iou(found.data[0]!, event!)).toBeGreaterThan(0.5);
    expect(await api.ask(video.id, { query: 'blue square moves right' })).toMatchObject({ answer: 'not_in_video', data: [] });
  });
});

describe('an upload', () => {
  it('goes on by itself over a line that breaks', async () => {
    const bytes = paddedClip(CLIP, 1024 ** 2);
    const proxy = await CuttingProxy.start(Number(new URL(product.baseUrl).port), [100_000, 300_000, 301_000, 900_000]);
    const far = new Secondsight({ baseUrl: `http://127.0.0.1:${proxy.port}`, apiKey });
    const video = await far.upload(bytes, { pieceBytes: PIECE_BYTES });
    proxy.stop();
    expect(proxy.cuts).toBe(4);
    expect(video.bytes).toBe(bytes.length);
  });

  it('that was stopped goes on where it was', async () => {
    const path = anotherCopy(CLIP);
    const stop = new AbortController();
    let url = '';
    const stopped = api.upload(createReadStream(path), { pieceBytes: PIECE_BYTES, signal: stop.signal, onBegun: (at) => (url = at), onProgress: (sent) => sent >= 2 * PIECE_BYTES && stop.abort(new Error('enough')) });
    await expect(stopped).rejects.toThrow('enough');
    const { data } = await api.http.GET('/v1/uploads/{id}', { params: { path: { id: url.split('/').at(-1)! } } });
    expect(data).toMatchObject({ status: 'receiving' });
    const sent: number[] = [];
    const video = await api.upload(createReadStream(path), { pieceBytes: PIECE_BYTES, resume: url, onProgress: (bytes) => sent.push(bytes) });
    expect(sent[0]).toBeGreaterThanOrEqual(data!.received_bytes);
    expect(video.bytes).toBe((await readFile(path)).length);
  });

  it('leaves nothing behind at a signal that outlives it', async () => {
    const { signal } = new AbortController();
    const send = (bytes: Buffer) => sendInPieces(bytes, { endpoint: `${product.baseUrl}/v1/uploads`, headers: { authorization: `Bearer ${apiKey}` } }, { signal });
    await send(await readFile(anotherCopy(CLIP)));
    await expect(send(Buffer.from('no video'))).rejects.toMatchObject({ code: 'video.not_a_video' });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('of what is no video is refused with the code of the service', async () => {
    expect(await codeOf(api.upload(Buffer.from('not a video at all, just words')))).toBe('video.not_a_video');
  });
});

describe('what goes wrong', () => {
  const unknown = '01890000-0000-7000-8000-000000000000';
  const asked = { params: { path: { id: unknown } } };

  it('carries the code of the service', async () => {
    await expect(api.http.GET('/v1/videos/{id}', asked)).rejects.toMatchObject({ name: 'SecondsightError', code: 'video.not_found', status: 404, requestId: expect.any(String) as string });
    const faulty = api.analyze({ video_id: unknown, sampling: { fps: -1 } });
    await expect(faulty).rejects.toMatchObject({ code: 'request.invalid', status: 400, errors: [{ path: 'sampling.fps' }] });
    expect(await codeOf(new Secondsight({ baseUrl: product.baseUrl }).http.GET('/v1/videos'))).toBe('key.missing');
    expect(await codeOf(new Secondsight({ baseUrl: 'http://127.0.0.1:1', attempts: 1 }).http.GET('/v1/videos'))).toBe('client.unreachable');
  });

  it('is tried again while the service asks for patience, and done once', async () => {
    const answers = [new Response('{}', { status: 503, headers: { 'retry-after': '0' } }), undefined];
    const keys: (string | null)[] = [];
    const flaky = (async (request: Request) => {
      keys.push(request.headers.get('idempotency-key'));
      const real = await fetch(request);
      return answers.shift() ?? real; // the first time it was done, and the answer got lost
    }) as typeof fetch;
    const patient = new Secondsight({ baseUrl: product.baseUrl, apiKey, fetch: flaky });
    const { data } = await patient.http.POST('/v1/alerts', { body: { query: 'a circle' } });
    expect(new Set(keys)).toEqual(new Set([expect.any(String)]));
    expect(keys).toHaveLength(2);
    const alerts: string[] = [];
    for await (const { id } of api.each('/v1/alerts')) alerts.push(id);
    expect(alerts).toEqual([data!.id]);
  });

  it('ends a wait at its time or by its signal, and the service goes on', async () => {
    const { id: videoId } = await api.upload(paddedClip(CLIP));
    const { id } = await api.analyze({ video_id: videoId });
    expect(await codeOf(api.waitForTask(id, { timeoutMs: 0 }))).toBe('client.timeout');
    await expect(api.waitForTask(id, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    const { data } = await api.http.GET('/v1/analyze/tasks/{id}', { params: { path: { id } } });
    expect(['queued', 'processing']).toContain(data!.status);
  });
});

// A model on other machines: the bundled checkpoint behind vLLM's protocol answers as it does here, and servers that would tell wrong seconds are refused.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createInferenceChild } from '../../src/inference/index.js';
import { type ChatPiece, type ChatRequest, type ChatResult, type Inference, type WindowPrompt, type WindowRequest, type WindowResult } from '../../src/inference/inference.js';
import { createVllmInference } from '../../src/inference/vllm/index.js';
import { createClock } from '../../src/model/grounding/clock.js';
import { iou } from '../../src/model/grounding/compare.js';
import { DENSE_EVENTS_PROMPT, groundingPrompt, occurrencePrompt } from '../../src/model/grounding/prompts.js';
import { readEvents } from '../../src/model/grounding/window-events.js';
import { DEMO, MODEL, NOTES } from './bundled-model.js';
import { openClip } from './media.js';
import { type Mishap, type Nature, ReplayedVllm } from './replayed-vllm.js';

const YES_NO = { kind: 'choice', options: ['Yes', 'No'] } as const;
const EVENTS: WindowPrompt = { text: DENSE_EVENTS_PROMPT, maxNewTokens: 512, form: { kind: 'events', maxEvents: 12, endSeconds: 30 } };
const GROUNDING: WindowPrompt = { text: groundingPrompt('red triangle grows'), maxNewTokens: 64 };
const YES: WindowPrompt = { text: occurrencePrompt('red triangle grows'), maxNewTokens: 1, form: YES_NO };
const NO: WindowPrompt = { text: occurrencePrompt('red circle moves down'), maxNewTokens: 1, form: YES_NO };

let scratch: string;
let request: WindowRequest;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'vllm-'));
  const clip = await openClip(join(DEMO, 'short_30s.mp4'));
  request = { ...clip, contentHash: 'a'.repeat(64), startSeconds: 0, endSeconds: 30, sampling: { fps: 2 }, prompts: [GROUNDING] };
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
function connect(servers: readonly ReplayedVllm[], config: Partial<Config> = {}, patience = { asideMs: 0, againMs: Infinity, retryMs: [1, 1, 1] }): Inference {
  const usual = { VLLM_URLS: servers.map(({ url }) => url), VLLM_CARD_DIR: MODEL, FEATURE_CACHE_BYTES: 10 ** 8, MEDIA_TIMEOUT_SECONDS: 60, VLLM_TIMEOUT_SECONDS: 30 };
  const inference = createVllmInference({ ...usual, ...config }, join(scratch, String(opened.length)), patience);
  opened.push(inference);
  return inference;
}

const eventsOf = ({ answers: [answer], plan }: WindowResult) =>
  readEvents(answer!, createClock(plan)).events.map((event) => ({ ...event, start_time: event.startSeconds, end_time: event.endSeconds }));

const child = (): Inference => {
  const started = createInferenceChild({
    ...{ DATA_DIR: scratch, MODEL_DIR: MODEL, INFERENCE_PROVIDER: 'cpu', INFERENCE_THREADS: 1, MEDIA_TIMEOUT_SECONDS: 60 },
    ...{ FEATURE_CACHE_BYTES: 0, PREFIX_CACHE_BYTES: 0 },
  });
  opened.push(started);
  return started;
};

describe('the bundled checkpoint behind a vLLM server', () => {
  it('tells the same events, moments and certainty as it does here, at every rate', async () => {
    const server = await serve();
    const [local, remote] = [child(), connect([server])];
    for (const fps of [2, 1, 4]) {
      const part = fps === 4 ? { endSeconds: 16 } : {};
      const asked = { ...request, ...part, sampling: { fps }, prompts: fps === 2 ? [EVENTS, GROUNDING, YES, NO] : [EVENTS] };
      const [here, there] = [await local.run(asked), await remote.run(asked)];
      const { model, seen, answers, ...looked } = there;
      expect(looked).toEqual({ plan: here.plan, width: here.width, height: here.height, videoGridThw: here.videoGridThw, temporalIds: here.temporalIds });
      expect([model.name, seen]).toEqual([NOTES.name, 'now']);
      const [mine, theirs] = [eventsOf(here), eventsOf(there)];
      // What JPEG does to a frame may move an end, and now and then change a word.
      const alike = theirs.flatMap((event) => mine.filter(({ text }) => text === event.text).map((other) => ({ event, other })).filter(({ other }) => iou(event, other) > 0.5));
      expect(alike.length).toBeGreaterThanOrEqual(0.7 * Math.max(mine.length, theirs.length));
      for (const { event, other } of alike) expect(event.confidence).toBeCloseTo(other.confidence, 0);
      for (const [k, answer] of answers.entries()) {
        expect(answer.promptHash).toBe(here.answers[k]!.promptHash);
        expect(answer.tokens.map(({ text }) => text).join('')).toBe(answer.text);
        answer.choices?.forEach(({ text, logprob }, option) => {
          expect(text).toBe(here.answers[k]!.choices?.[option]?.text);
          expect(Math.exp(logprob)).toBeCloseTo(Math.exp(here.answers[k]!.choices![option]!.logprob), 1);
        });
      }
      const { media_io_kwargs: told, messages } = server.asked.at(-1)!;
      expect([told?.video, (messages.at(-1)!.content[0] as { type: string }).type]).toEqual([{ fps, num_frames: here.plan.frames.length }, 'video_url']);
    }
    expect(server.broken).toEqual([]);
  });

  it('is shown windows at rates that survive rounding alone, and says so beforehand', async () => {
    const remote = connect([await serve()]);
    const { rates, maxTokens } = await remote.model();
    expect([rates?.includes(2), rates?.includes(2.4), maxTokens]).toEqual([true, false, 32_768 - 3072]);
    const { plan } = await remote.run({ ...request, sampling: { fps: 2.4 } });
    expect(plan.effectiveFps).toBe(2);
  });

  it('answers about a window it has seen without decoding it, also another worker', async () => {
    const server = await serve();
    const first = await connect([server]).run(request);
    const config = { FFMPEG_PATH: '/nowhere', FFPROBE_PATH: '/nowhere' };
    const usual = { VLLM_URLS: [server.url], VLLM_CARD_DIR: MODEL, FEATURE_CACHE_BYTES: 10 ** 8, MEDIA_TIMEOUT_SECONDS: 60 };
    const other = createVllmInference({ ...usual, ...config }, join(scratch, '1'));
    opened.push(other);
    expect(await other.run(request)).toEqual({ ...first, seen: 'disk' });
  });

  it('holds an answer to a schema, and refuses one that the server did not hold', async () => {
    const server = await serve();
    const schema = { type: 'object', properties: { people: { type: 'integer', maximum: 9 }, title: { type: 'string', maxLength: 20 } }, required: ['people', 'title'] };
    const asked = { ...request, prompts: [{ text: 'Describe the video.', maxNewTokens: 64, form: { kind: 'json', schema } as const }] };
    const remote = connect([server]);
    expect(JSON.parse((await remote.run(asked)).answers[0]!.text)).toEqual({ people: expect.any(Number) as number, title: expect.any(String) as string });
    server.nature.holdsForms = false;
    const before = server.asked.length;
    await expect(remote.run(asked)).rejects.toMatchObject({ code: 'answer.not_in_form' });
    expect(server.asked.length).toBe(before + 1); // it would say the same again
  });
});

describe('a server that would tell wrong seconds', () => {
  it.each<[string, Partial<Nature>, string]>([
    ['is too old', { version: '0.30.1' }, 'inference.server_too_old'],
    ['loses the rate of the frames', { losesRate: true }, 'inference.timing_lost'],
    ['loses it, and does not tell its version', { losesRate: true, version: undefined }, 'inference.timing_lost'],
    ['drops frames', { mostFrames: 32 }, 'inference.frames_lost'],
    ['has another model', { model: 'other' }, 'inference.server_misconfigured'],
  ])('because it %s is refused, and why is told', async (_why, nature, code) => {
    const server = await serve(nature);
    const remote = connect([server], { VLLM_MODEL: 'shapeworld' });
    const refused = { code: 'inference.no_server', details: { servers: [{ server: `127.0.0.1:${server.port}`, code, message: expect.any(String) as string }] } };
    await expect(remote.model()).rejects.toMatchObject(refused);
    await expect(remote.run(request)).rejects.toMatchObject(refused);
  });

  it('is told of time by marks where that is wished, and the model then calls itself another', async () => {
    const server = await serve({ version: '0.24.0', losesRate: true });
    const marked = connect([server], { VLLM_TIMING: 'marks' });
    const { model, answers, temporalIds } = await marked.run({ ...request, endSeconds: 8 });
    expect(model).toMatchObject({ name: `${NOTES.name} with marks`, limitation: expect.stringContaining('VLLM_TIMING=marks') as string });
    expect(model.hash).not.toBe((await connect([await serve()]).model()).hash);
    expect([answers[0]!.text !== '', temporalIds]).toEqual([true, Array.from({ length: 8 }, () => 0)]);
    const content = server.asked.at(-1)!.messages.at(-1)!.content as { type: string; text?: string }[];
    expect(content.map(({ type, text }) => text ?? type)).toEqual([...Array.from({ length: 8 }, (_, k) => [`[${k}.0s]`, 'video_url']).flat(), GROUNDING.text]);
  });

  it('is found out by its answers when it becomes one later, and asked again once it is well', async () => {
    const server = await serve();
    const remote = connect([server]);
    const right = await remote.run(request);
    server.nature.mostFrames = 32;
    await expect(remote.run({ ...request, endSeconds: 29 })).rejects.toMatchObject({ code: 'inference.no_server', message: expect.stringContaining('inference.frames_lost') as string });
    server.nature.mostFrames = Infinity;
    expect((await remote.run(request)).answers).toEqual(right.answers);
  });
});

describe('a server in trouble', () => {
  it('is asked again for all that may pass, and the answer is the same', async () => {
    const server = await serve();
    const remote = connect([server]);
    const { answers } = await remote.run(request);
    const mishaps: Mishap[] = [{ status: 500 }, { status: 429, headers: { 'retry-after': '0' } }, { status: 503 }, 'cut', 'cut in the middle', 'not json', 'wrong count', 'another build'];
    for (const mishap of mishaps) {
      server.nature.mishaps.push(mishap);
      expect((await remote.run(request)).answers).toEqual(answers);
    }
    server.nature.mishaps.push({ status: 400, body: '{"error": {"message": "This model\'s maximum context length is 8 tokens"}}' });
    const before = server.asked.length;
    await expect(remote.run(request)).rejects.toMatchObject({ code: 'prompt.refused', message: expect.stringContaining('maximum context length') as string });
    expect(server.asked.length).toBe(before + 1);
    server.nature.mishaps.push(...Array.from({ length: 4 }, () => ({ status: 429 })));
    await expect(remote.run(request)).rejects.toMatchObject({ code: 'inference.server_busy' });
  });

  it('that never answers is given up, and left when its caller leaves', async () => {
    const server = await serve();
    const remote = connect([server]);
    await remote.model();
    server.nature.mishaps.push('hang');
    const abort = new AbortController();
    const before = server.asked.length;
    const running = remote.run(request, { signal: abort.signal });
    await vi.waitFor(() => expect(server.asked.length).toBe(before + 1), { timeout: 30_000 });
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'inference.aborted' });
    await vi.waitFor(() => expect(server.left).toBe(1), { timeout: 30_000 });
    const silent = await serve({ gate: new Promise(() => undefined) });
    await expect(connect([silent], { VLLM_TIMEOUT_SECONDS: 0.5 }).model()).rejects.toMatchObject({ code: 'inference.no_server', message: expect.stringContaining('inference.server_timeout') as string });
  });

  it('is done without while another is there, and asked again when it is back', async () => {
    const [one, two] = [await serve(), await serve()];
    const remote = connect([one, two]);
    const { answers } = await remote.run(request);
    await vi.waitFor(async () => expect((await remote.model()) && one.examined && two.examined).toBe(true), { timeout: 60_000 });
    await one.stop();
    const windows = [0, 1, 2, 3].map((startSeconds) => ({ ...request, startSeconds, endSeconds: startSeconds + 8 }));
    expect(await Promise.all([request, ...windows].map(async (each) => (await remote.run(each)).answers.length))).toEqual([1, 1, 1, 1, 1]);
    const again = await ReplayedVllm.start({}, one.port);
    opened.push({ close: () => again.stop() });
    await two.stop();
    expect((await remote.run(request)).answers).toEqual(answers);
    expect(again.asked.length).toBeGreaterThan(0);
  });

  it('gets no more than its share, and two servers get half of it each', async () => {
    let open = (): void => undefined;
    const [one, two] = [await serve(), await serve()];
    const remote = connect([one, two], { VLLM_CONCURRENCY: 2 });
    await remote.model();
    await vi.waitFor(() => expect(one.examined && two.examined).toBe(true), { timeout: 60_000 });
    const before = [one.asked.length, two.asked.length];
    one.nature.gate = two.nature.gate = new Promise((resolve) => (open = resolve));
    const running = [0, 1, 2, 3, 4, 5].map((startSeconds) => remote.run({ ...request, startSeconds, endSeconds: startSeconds + 4 }));
    await vi.waitFor(() => expect([one.asked.length, two.asked.length]).toEqual(before.map((asked) => asked + 2)), { timeout: 60_000 });
    open();
    await Promise.all(running);
    expect(one.asked.length + two.asked.length).toBe(before[0]! + before[1]! + 6);
  });
});

describe('a conversation', () => {
  const question = (text: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
    messages: [{ role: 'user', content: [{ type: 'video' }, { type: 'text', text }] }],
    ...{ tools: [], media: [{ kind: 'video', ...request }], begun: '', contextTokens: 32_768, seed: 1, stop: [], topLogprobs: 2, temperature: 0 },
    ...more,
  });

  it('is answered piece by piece as it is here, to its stop, and begun where the caller has begun it', async () => {
    const [local, remote] = [child(), connect([await serve()])];
    const told: ChatPiece[] = [];
    for (const more of [{}, { stop: ['seconds'] }, { begun: 'The given query' }, { maxNewTokens: 4 }]) {
      const asked = question(GROUNDING.text, more);
      told.length = 0;
      const [here, there] = [await local.chat(asked), await remote.chat(asked, { onPiece: (piece) => told.push(piece) })];
      expect(told).toEqual(there.pieces);
      const withoutModel = ({ model, pieces, ...rest }: ChatResult): object => ({ ...rest, text: pieces.map(({ text }) => text).join(''), named: typeof model.name });
      expect(withoutModel(there)).toEqual(withoutModel(here));
      expect(there.pieces.map(({ text, token }) => [text, token?.bytes.length])).toEqual(here.pieces.map(({ text, token }) => [text, token?.bytes.length]));
      expect(there.pieces.at(-2)?.token?.top).toHaveLength(2);
    }
  });

  it('shows pictures without loss, calls tools by their schema, and refuses what has no room or no common rate', async () => {
    const server = await serve();
    const remote = connect([server]);
    const file = join(scratch, 'picture.png');
    await sharp({ create: { width: 100, height: 100, channels: 3, background: '#f00' } }).png().toFile(file);
    const tool = { type: 'function', function: { name: 'seek', parameters: { type: 'object', properties: { at: { type: 'number' } }, required: ['at'] } } };
    const called = await remote.chat({
      ...question('', { media: [{ kind: 'image', file }, { kind: 'video', ...request }], tools: [tool], begun: '<tool_call>\n', maxNewTokens: 48 }),
      messages: [{ role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'Go there.' }, { type: 'video' }] }],
      form: { kind: 'call', tools: [{ name: 'seek', parameters: tool.function.parameters }] },
    });
    const text = called.pieces.map((piece) => piece.text).join('');
    expect(JSON.parse(text.slice('<tool_call>\n'.length))).toEqual({ name: 'seek', arguments: { at: expect.any(Number) as number } });
    expect(called.media.map(({ kind, tokens }) => [kind, tokens])).toEqual([['image', 16], ['video', 480]]);
    await expect(remote.chat(question('When?', { contextTokens: 100 }))).rejects.toMatchObject({ code: 'chat.too_long' });
    const videos = [2, 4].map((fps) => ({ kind: 'video', ...request, sampling: { fps } }) as const);
    const both = { ...question('', { media: videos }), messages: [{ role: 'user', content: [{ type: 'video' }, { type: 'video' }] }] } as ChatRequest;
    await expect(remote.chat(both)).rejects.toMatchObject({ code: 'chat.rates_differ' });
    server.nature.mishaps.push('cut in the middle');
    const pieces: ChatPiece[] = [];
    await expect(remote.chat(question(GROUNDING.text), { onPiece: (piece) => pieces.push(piece) })).rejects.toMatchObject({ code: 'inference.server_unreachable' });
    expect(pieces.length).toBeGreaterThan(0); // what was told cannot be begun anew
  });
});

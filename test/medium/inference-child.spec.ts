// The inference child as a worker uses it: answers, aborts, deaths, and nobody left behind.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createInference, createInferenceChild } from '../../src/inference/index.js';
import { type WindowRequest } from '../../src/inference/inference.js';
import { type InferenceChild } from '../../src/inference/inference-child.client.js';
import { DENSE_EVENTS_PROMPT, groundingPrompt, occurrencePrompt } from '../../src/model/grounding/prompts.js';
import { Media } from '../../src/platform/media/index.js';
import { DEMO, MODEL, NOTES } from './bundled-model.js';

const CONFIG = {
  DATA_DIR: join(tmpdir(), `inference-child-${process.pid}`),
  MODEL_DIR: MODEL,
  INFERENCE_PROVIDER: 'cpu',
  INFERENCE_THREADS: 1,
  MEDIA_TIMEOUT_SECONDS: 60,
  FEATURE_CACHE_BYTES: 0, // every window is looked at anew; feature-cache.spec.ts is about the rest
  PREFIX_CACHE_BYTES: 64 * 1024 ** 2,
} as const;

let request: WindowRequest;
beforeAll(async () => {
  const file = join(DEMO, 'short_30s.mp4');
  const media = new Media(CONFIG);
  const { video } = await media.probe(file);
  const prompts = ['red triangle grows', 'red circle moves down'].map((query) => ({ text: groundingPrompt(query), maxNewTokens: 64 }));
  request = { file, contentHash: 'a'.repeat(64), video, index: await media.indexFrames(file, video), startSeconds: 0, endSeconds: 30, sampling: { fps: 2 }, prompts };
});

const children: InferenceChild[] = [];
function start(config: Partial<Parameters<typeof createInferenceChild>[0]> = {}): InferenceChild {
  const child = createInferenceChild({ ...CONFIG, ...config });
  children.push(child);
  return child;
}
afterEach(async () => {
  for (const child of children.splice(0)) await child.close();
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const gone = async (pid: number): Promise<void> => {
  while (isAlive(pid)) await new Promise((settle) => setTimeout(settle, 20));
};

describe('the inference child', () => {
  it('says what it saw and answers in the order of the prompts', async () => {
    const child = start();
    const stages: string[] = [];
    const result = await child.run(request, { onProgress: ({ stage }) => stages.push(stage) });
    expect(result.answers.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^The given query happens in [23]\.\d - [678]\.\d seconds\.$/), // it grows from 2.25 to 7.09
      'The given query does not happen in the video.',
    ]);
    const [answer] = result.answers;
    expect(answer?.tokens.map(({ text }) => text).join('')).toBe(answer?.text);
    expect(answer?.tokens.every(({ logprob }) => logprob <= 0)).toBe(true);
    expect(result).toMatchObject({ width: 112, height: 112, videoGridThw: [30, 8, 8] });
    expect(result.temporalIds).toEqual(Array.from({ length: 30 }, (_, group) => 2 * group));
    expect(result.plan.frames).toHaveLength(60);
    expect(new Set(stages)).toEqual(new Set(['decode', 'encode', 'answer']));
    const card = await child.model();
    expect(card).toEqual(result.model);
    expect(card).toMatchObject({ name: NOTES.name, windowSeconds: NOTES.window_seconds, limitation: NOTES.limitation });
  });

  it('counts groups where absolute time is off, tells other times for it, and calls itself another model', async () => {
    const [right, off] = [start(), start({ ABSOLUTE_TIME: 'off' })];
    const known = await right.model();
    const result = await off.run(request);
    expect(result.temporalIds).toEqual(Array.from({ length: 30 }, (_, group) => group));
    expect(result.answers[0]?.text).toMatch(/happens in/);
    expect(result.answers[0]?.text).not.toMatch(/[23]\.\d - [678]\.\d seconds/);
    expect(result.model).toMatchObject({ name: `${NOTES.name} without absolute time`, limitation: expect.stringContaining('evaluations only') as string });
    expect(result.model.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(result.model.hash).not.toBe(known.hash);
  });

  it('keeps what it saw: the same window again is not decoded again, and answers alike', async () => {
    const child = start();
    const [first] = [await child.run(request)];
    const stages = new Set<string>();
    const again = await child.run(request, { onProgress: ({ stage }) => stages.add(stage) });
    expect([...stages]).toEqual(['answer']);
    expect(first?.seen).toBe('now');
    expect(again).toEqual({ ...first, seen: 'memory' });
  });

  it('keeps the windows before the last one that were asked something, and answers from memory to the last bit as it did at first', async () => {
    const child = start();
    const prompts = [...request.prompts, { text: occurrencePrompt('red triangle grows'), maxNewTokens: 1, form: { kind: 'choice', options: ['Yes', 'No'] } } as const];
    const [early, late] = [{ ...request, prompts, endSeconds: 16 }, { ...request, startSeconds: 14 }];
    const first = await child.run(early);
    await child.run(late);
    expect(await child.run(early)).toEqual({ ...first, seen: 'memory' });
    const forgetful = start({ PREFIX_CACHE_BYTES: 1000 });
    expect(await forgetful.run(early)).toEqual(first);
    expect((await forgetful.run(early)).seen).toBe('memory'); // the one the decoder is at
    await forgetful.run(late);
    expect(await forgetful.run(early)).toEqual(first);
  });

  it('answers what somebody waits for before the rest', async () => {
    const child = start();
    await child.model();
    const order: string[] = [];
    const ask = async (name: string, urgent: boolean): Promise<void> => {
      await child.run({ ...request, prompts: [{ text: groundingPrompt(name), maxNewTokens: 4 }] }, { urgent });
      order.push(name);
    };
    await Promise.all([ask('first', false), ask('second', false), ask('third', false), ask('question', true), ask('another', true)]);
    expect(order).toEqual(['first', 'question', 'another', 'second', 'third']);
  });

  it('rejects the request under way when it is killed, and answers the next', async () => {
    const child = start();
    const { hash } = await child.model();
    const pid = child.pid!;
    const long = { ...request, prompts: [{ text: DENSE_EVENTS_PROMPT, maxNewTokens: 500 }] };
    const killed = child.run(long, { onProgress: ({ stage }) => stage === 'answer' && isAlive(pid) && process.kill(pid, 'SIGKILL') });
    const next = child.run(request);
    await expect(killed).rejects.toMatchObject({ code: 'inference.child_died' });
    expect((await next).model.hash).toBe(hash);
    expect(child.pid).not.toBe(pid);
  });

  it('stops at an abort and serves the next request from the same process', async () => {
    const child = start();
    await child.model();
    const pid = child.pid;
    const abort = new AbortController();
    const aborted = child.run(request, { signal: abort.signal, onProgress: ({ stage }) => stage === 'answer' && abort.abort() });
    await expect(aborted).rejects.toMatchObject({ code: 'inference.aborted' });
    await expect(child.run(request, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'inference.aborted' });
    expect((await child.run(request)).answers).toHaveLength(2);
    expect(child.pid).toBe(pid);
  });

  it('refuses text that spells out a special token, and lives on', async () => {
    const child = start();
    const hostile = { ...request, prompts: [{ text: 'a<|im_end|>b', maxNewTokens: 4 }] };
    await expect(child.run(hostile)).rejects.toMatchObject({ code: 'prompt.special_token' });
    expect((await child.run(request)).answers).toHaveLength(2);
  });

  it('passes on why a checkpoint cannot be loaded, and loads it once it is whole', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'model '));
    await cp(MODEL, directory, { recursive: true });
    await truncate(join(directory, 'model.safetensors'), 1_000_000);
    const child = start({ MODEL_DIR: directory });
    const refused = { code: 'checkpoint.offset_out_of_file', details: { file: 'model.safetensors', tensor: expect.any(String) as string } };
    await expect(child.model()).rejects.toMatchObject(refused);
    await expect(child.run(request)).rejects.toMatchObject(refused);
    await cp(join(MODEL, 'model.safetensors'), join(directory, 'model.safetensors'));
    expect((await child.model()).name).toBe(NOTES.name);
    await rm(directory, { recursive: true });
  });

  it('refuses a provider that is not there', async () => {
    await expect(start({ INFERENCE_PROVIDER: 'cuda' }).model()).rejects.toMatchObject({ code: 'inference.provider_unavailable' });
  });

  it('ignores the signals of a terminal and leaves when it is closed', async () => {
    const child = start();
    await child.model();
    const pid = child.pid!;
    process.kill(pid, 'SIGINT');
    process.kill(pid, 'SIGTERM');
    const running = child.run(request);
    expect((await running).answers).toHaveLength(2);
    await child.close();
    expect(isAlive(pid)).toBe(false);
    await expect(child.run(request)).rejects.toMatchObject({ code: 'inference.closed' });
  });
});

describe('several devices', () => {
  it('have a child each, and a window goes where it was seen', async () => {
    const pool = createInference({ ...CONFIG, INFERENCE_DEVICES: '0,1' });
    const card = await pool.model();
    const [early, late] = [{ ...request, endSeconds: 16 }, { ...request, startSeconds: 14 }];
    const [a, b] = await Promise.all([pool.run(early), pool.run(late)]);
    expect(a.model).toEqual(card);
    const again = [await pool.run(late), await pool.run(early), await pool.run(late)];
    expect(again).toEqual([b, a, b].map((result) => ({ ...result, seen: 'memory' })));
    const abort = new AbortController();
    const running = [pool.run({ ...request, endSeconds: 20 }), pool.run({ ...request, endSeconds: 22 })];
    const waiting = pool.run(request, { signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'inference.aborted' });
    await Promise.all(running);
    await pool.close();
  });
});

describe('when the parent is killed', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parent-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('the child leaves, also from the middle of an answer, and the video decoder with it', async () => {
    const entry = join(directory, 'parent.mjs');
    const client = pathToFileURL(resolve('dist/src/inference/index.js')).href;
    await writeFile(
      entry,
      `import { createInferenceChild } from '${client}';
       process.once('message', ({ config, request }) => {
         const child = createInferenceChild(config);
         child.run(request, { onProgress: ({ stage }) => process.send({ stage, pid: child.pid }) });
       });`,
    );
    const parent = fork(entry, { serialization: 'advanced', execArgv: [] });
    parent.send({ config: CONFIG, request });
    const [{ pid }] = (await once(parent, 'message')) as [{ pid: number }];
    const programs = await descendants(pid);
    parent.kill('SIGKILL');
    await Promise.all([pid, ...programs].map(gone));
    expect([pid, ...programs].some(isAlive)).toBe(false);
  });
});

/** Processes that a process has started. */
async function descendants(pid: number): Promise<number[]> {
  const list = await new Promise<string>((settle) => execFile('ps', ['-eo', 'pid,ppid'], (_, out) => settle(out)));
  return list.split('\n').flatMap((line) => {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    return child !== undefined && parent === pid ? [child] : [];
  });
}

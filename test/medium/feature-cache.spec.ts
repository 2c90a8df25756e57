// Questions to windows that were seen before: from disk and from memory the answers are those of the first time, whatever happened in between.
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInferenceChild, featureFolder, listFeatureHashes, removeFeaturesOf } from '../../src/inference/index.js';
import { type WindowRequest, type WindowResult } from '../../src/inference/inference.js';
import { type InferenceChild } from '../../src/inference/inference-child.client.js';
import { sliceIndex } from '../../src/model/grounding/index-slice.js';
import { groundingPrompt, occurrencePrompt } from '../../src/model/grounding/prompts.js';
import { DEMO, MODEL, NOTES } from './bundled-model.js';
import { openClip } from './media.js';

const CONTENT = 'ab'.repeat(32);
const MIB = 1024 ** 2;

let clip: Pick<WindowRequest, 'file' | 'video' | 'index'>;
beforeAll(async () => {
  clip = await openClip(join(DEMO, 'short_30s.mp4'));
});
const window = (startSeconds: number, endSeconds: number, more: Partial<WindowRequest> = {}): WindowRequest => ({
  ...{ ...clip, index: sliceIndex(clip.index, { startSeconds, endSeconds }), contentHash: CONTENT, startSeconds, endSeconds, sampling: {} },
  prompts: [
    { text: groundingPrompt('red triangle grows'), maxNewTokens: 48 },
    { text: occurrencePrompt('red triangle grows'), maxNewTokens: 1, form: { kind: 'choice', options: ['Yes', 'No'] } },
  ],
  ...more,
});

let dataDirectory: string;
const children: InferenceChild[] = [];
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'seen-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) await child.close();
  await rm(dataDirectory, { recursive: true });
});
function start(limits: { FEATURE_CACHE_BYTES?: number; PREFIX_CACHE_BYTES?: number; MODEL_DIR?: string } = {}): InferenceChild {
  const child = createInferenceChild({
    ...{ DATA_DIR: dataDirectory, MODEL_DIR: MODEL, INFERENCE_PROVIDER: 'cpu', INFERENCE_THREADS: 1, MEDIA_TIMEOUT_SECONDS: 60 },
    ...{ FEATURE_CACHE_BYTES: 64 * MIB, PREFIX_CACHE_BYTES: 64 * MIB, ...limits },
  });
  children.push(child);
  return child;
}
const records = async (): Promise<string[]> => {
  const paths = await readdir(featureFolder({ DATA_DIR: dataDirectory }), { recursive: true });
  return paths.filter((path) => path.split('/').length === 3).map((path) => join(featureFolder({ DATA_DIR: dataDirectory }), path));
};
const as = (seen: WindowResult['seen'], result: WindowResult): WindowResult => ({ ...result, seen });

describe('a window that was seen before', () => {
  it('is neither decoded nor encoded again, and answers alike from disk and from memory', async () => {
    const first = await start().run(window(0, 16));
    expect(first.seen).toBe('now');
    const later = start();
    const stages = new Set<string>();
    const fromDisk = await later.run(window(0, 16, { file: '/not/there' }), { onProgress: ({ stage }) => stages.add(stage) });
    expect([...stages]).toEqual(['answer']);
    expect(fromDisk).toEqual(as('disk', first));
    await later.run(window(10, 26));
    expect(await later.run(window(0, 16))).toEqual(as('memory', first));
  });

  it('is another window when it is looked at in another way, or is of another video', async () => {
    const child = start();
    const seen = async (request: WindowRequest): Promise<string> => (await child.run(request)).seen;
    expect(await seen(window(0, 8))).toBe('now');
    expect(await seen(window(0, 8, { sampling: { fps: 1 } }))).toBe('now');
    expect(await seen(window(0, 8, { sampling: { fps: NOTES.fps } }))).toBe('memory'); // what the model takes by itself
    expect(await seen(window(0, 8.5))).toBe('now');
    expect(await seen(window(0, 8, { contentHash: 'cd'.repeat(32) }))).toBe('now');
    expect(await records()).toHaveLength(4);
  });

  it('is looked at anew when a weight has changed, and known again when it has changed back', async () => {
    const copy = join(dataDirectory, 'model');
    await cp(MODEL, copy, { recursive: true });
    const weights = await readFile(join(MODEL, 'model.safetensors'));
    const first = await start().run(window(0, 8));
    weights[weights.length - 100_000]! ^= 1;
    await writeFile(join(copy, 'model.safetensors'), weights);
    expect((await start({ MODEL_DIR: copy }).run(window(0, 8))).seen).toBe('now');
    await cp(join(MODEL, 'model.safetensors'), join(copy, 'model.safetensors'));
    expect((await start({ MODEL_DIR: copy }).run(window(0, 8))).answers).toEqual(first.answers);
    expect((await start({ MODEL_DIR: copy }).run(window(0, 8))).seen).toBe('disk');
  });

  it('is looked at anew when its record is damaged or forgotten', async () => {
    const first = await start().run(window(0, 8));
    const [record] = await records();
    await writeFile(record!, (await readFile(record!)).subarray(0, 5000));
    expect(await start().run(window(0, 8))).toEqual(first);
    expect(await start().run(window(0, 8))).toEqual(as('disk', first));
    const folder = featureFolder({ DATA_DIR: dataDirectory });
    expect(await listFeatureHashes(folder)).toEqual([CONTENT]);
    await removeFeaturesOf(folder, CONTENT);
    expect(await start().run(window(0, 8))).toEqual(first);
  });

  it('costs nothing but its room: a folder that cannot be written to fails no window', async () => {
    await writeFile(featureFolder({ DATA_DIR: dataDirectory }), 'in the way');
    const child = start();
    expect((await child.run(window(0, 8))).seen).toBe('now');
    expect((await child.run(window(8, 16))).answers).toHaveLength(2);
  });
});

describe('the memory of the process', () => {
  it.runIf(process.platform === 'linux')('does not grow with the questions it answers', async () => {
    const child = start({ PREFIX_CACHE_BYTES: 2 * MIB });
    const megabytes = async (): Promise<number> => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
    const ask = async (questions: number): Promise<void> => {
      for (let k = 0; k < questions; k++) {
        const text = occurrencePrompt(`shape ${k} of ${questions}`);
        const form = { kind: 'json', schema: { type: 'object', properties: { shape: { type: 'string', maxLength: 20 } }, required: ['shape'] } } as const;
        await child.run(window(k % 10, (k % 10) + 8, { prompts: [{ text, maxNewTokens: 1, form: { kind: 'choice', options: ['Yes', 'No'] } }, { text, maxNewTokens: 48, form }] }));
      }
    };
    await ask(100);
    const before = await megabytes();
    await ask(250);
    expect((await megabytes()) - before).toBeLessThan(20);
  });
});

describe('two processes on one folder', () => {
  it('read and evict each other’s records at the same time, and answer as one does alone', async () => {
    const windows = Array.from({ length: 12 }, (_, k) => window(2 * k, 2 * k + 4));
    const quiet = start();
    const expected: WindowResult[] = [];
    for (const request of windows) expected.push(await quiet.run(request));
    const sizes = await Promise.all((await records()).map(async (path) => (await stat(path)).size));
    const half = sizes.reduce((sum, size) => sum + size, 0) / 2;
    await rm(featureFolder({ DATA_DIR: dataDirectory }), { recursive: true });
    const pair = [1, 2].map(() => start({ FEATURE_CACHE_BYTES: half, PREFIX_CACHE_BYTES: 0 }));
    const seen = new Set<string>();
    await Promise.all(
      pair.map(async (child, k) => {
        const backAndForth = [...windows.keys()].flatMap((each) => [each, each - 1, each]).filter((each) => each >= 0);
        for (const at of backAndForth.map((each) => (each + 3 * k) % windows.length)) {
          const result = await child.run(windows[at]!);
          seen.add(result.seen);
          expect(as('now', result)).toEqual(expected[at]);
        }
      }),
    );
    expect(seen).toContain('disk');
    expect((await records()).filter((path) => path.endsWith('.part'))).toEqual([]);
  });
});

describe('a process that is killed while it writes', () => {
  it('leaves whole records or none', async () => {
    const expected = await start({ FEATURE_CACHE_BYTES: 0 }).run(window(0, 30));
    for (let delayMs = 0; delayMs < 6; delayMs++) {
      await rm(featureFolder({ DATA_DIR: dataDirectory }), { recursive: true, force: true });
      const child = start();
      const killed = child.run(window(0, 30), {
        onProgress: ({ stage, done, total }) => {
          if (stage === 'encode' && done === total) void pause(delayMs).then(() => child.pid !== undefined && process.kill(child.pid, 'SIGKILL'));
        },
      });
      await killed.catch((error: unknown) => expect(error).toMatchObject({ code: 'inference.child_died' }));
      const next = await child.run(window(0, 30));
      expect(as('now', next)).toEqual(expected);
    }
  });
});

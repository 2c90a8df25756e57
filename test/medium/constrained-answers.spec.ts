// Answers held to a form by the bundled checkpoint: where it was right by itself nothing changes, and whatever is wanted parses.
import fc from 'fast-check';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInferenceChild } from '../../src/inference/index.js';
import { type WindowAnswer, type WindowPrompt, type WindowRequest } from '../../src/inference/inference.js';
import { type InferenceChild } from '../../src/inference/inference-child.client.js';
import { type AnswerForm } from '../../src/model/grammar/answer-form.js';
import { parseEvents } from '../../src/model/grounding/answers.js';
import { sliceIndex } from '../../src/model/grounding/index-slice.js';
import { DENSE_EVENTS_PROMPT, groundingPrompt, occurrencePrompt } from '../../src/model/grounding/prompts.js';
import { DEMO, MODEL } from './bundled-model.js';
import { openClip } from './media.js';

const YES_NO = { kind: 'choice', options: ['Yes', 'No'] } as const;

let scratch: string;
/** As it is published, and one that draws its words wildly: its answers are held to their forms against its will. */
let greedy: InferenceChild;
let wild: InferenceChild;
const clips: Record<'short_30s' | 'long_4min', Pick<WindowRequest, 'file' | 'video' | 'index'>> = {} as never;
const startChild = (directory: string): InferenceChild =>
  createInferenceChild({
    ...{ DATA_DIR: scratch, MODEL_DIR: directory, INFERENCE_PROVIDER: 'cpu', INFERENCE_THREADS: 1, MEDIA_TIMEOUT_SECONDS: 60 },
    ...{ FEATURE_CACHE_BYTES: 0, PREFIX_CACHE_BYTES: 64 * 1024 ** 2 },
  });
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'held-'));
  const wildModel = join(scratch, 'wild');
  await cp(MODEL, wildModel, { recursive: true });
  const generation = JSON.parse(await readFile(join(MODEL, 'generation_config.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(wildModel, 'generation_config.json'), JSON.stringify({ ...generation, do_sample: true, temperature: 6, top_k: 0, top_p: 1 }));
  [greedy, wild] = [startChild(MODEL), startChild(wildModel)];
  for (const name of ['short_30s', 'long_4min'] as const) clips[name] = await openClip(join(DEMO, `${name}.mp4`));
});
afterAll(async () => {
  await greedy.close();
  await wild.close();
  await rm(scratch, { recursive: true });
});

async function ask(child: InferenceChild, prompts: readonly WindowPrompt[], { clip = 'short_30s', start = 0 }: { clip?: keyof typeof clips; start?: number } = {}): Promise<readonly WindowAnswer[]> {
  const [startSeconds, endSeconds] = [start, start + 30];
  const index = sliceIndex(clips[clip].index, { startSeconds, endSeconds });
  return (await child.run({ ...clips[clip], index, contentHash: clip.padEnd(64, '0'), startSeconds, endSeconds, sampling: {}, prompts })).answers;
}

describe('a list of events', () => {
  it('is what the model says freely, token by token, wherever that is valid', async () => {
    const form = { kind: 'events', maxEvents: 12, endSeconds: 30 } as const;
    const starts = [0, 24, 48, 72, 96, 120, 144, 168, 192, 216];
    const windows = [{ clip: 'short_30s', start: 0 } as const, ...starts.map((start) => ({ clip: 'long_4min', start }) as const)];
    let compared = 0;
    for (const at of windows) {
      const prompt = { text: DENSE_EVENTS_PROMPT, maxNewTokens: 512 };
      const [free, held] = await ask(greedy, [prompt, { ...prompt, form }], at);
      const { events, unparsed, truncated } = parseEvents(held!.text);
      expect({ unparsed, truncated, finishReason: held!.finishReason }).toEqual({ unparsed: 0, truncated: false, finishReason: 'stop' });
      for (const { start, end } of events) expect(start <= end && end <= 30).toBe(true);
      const freely = parseEvents(free!.text);
      const endsEarly = [...free!.text.matchAll(/"start_time": "00:([\d.]+)", "end_time": "00:([\d.]+)"/g)].some(([, first = '', last = '']) => first > last);
      if (endsEarly || freely.unparsed > 0 || freely.truncated || freely.events.some(({ end }) => end > 30)) continue;
      expect(held).toEqual(free);
      compared++;
    }
    console.log(`${compared} of ${windows.length} windows were described validly without a form`);
    expect(compared).toBeGreaterThanOrEqual(windows.length / 2);
  });

  it('is closed and marked where its tokens run out', async () => {
    const forms = [40, 60, 90, 120].map((maxNewTokens): WindowPrompt => ({ text: DENSE_EVENTS_PROMPT, maxNewTokens, form: { kind: 'events', maxEvents: 12, endSeconds: 30 } }));
    for (const [k, { text, tokens, finishReason }] of (await ask(greedy, forms)).entries()) {
      expect(parseEvents(text)).toMatchObject({ unparsed: 0, truncated: false });
      expect(finishReason).toBe('length');
      expect(tokens.length).toBeLessThanOrEqual(forms[k]!.maxNewTokens);
      expect(tokens.map((token) => token.text).join('')).toBe(text);
    }
    const [two] = await ask(greedy, [{ text: DENSE_EVENTS_PROMPT, maxNewTokens: 512, form: { kind: 'events', maxEvents: 2, endSeconds: 30 } }]);
    expect(parseEvents(two!.text).events).toHaveLength(2);
    expect(two!.finishReason).toBe('length');
  });
});

describe('any form', () => {
  const parse = (text: string): unknown => JSON.parse(text.replaceAll(/^```json|```$/g, ''));
  const value = fc.constantFrom<Record<string, unknown>>(
    { type: 'string', maxLength: 40 }, { type: 'integer', minimum: 0, maximum: 60 }, { type: 'number' }, { type: 'boolean' }, { enum: ['red', 'grün', '紫'] },
    { anyOf: [{ type: 'null' }, { type: 'array', items: { type: 'string', minLength: 2, maxLength: 8 }, maxItems: 3 }] },
  );
  const form = fc.oneof(
    fc.record({ kind: fc.constant('events' as const), maxEvents: fc.integer({ min: 0, max: 4 }), endSeconds: fc.double({ min: 1, max: 30, noNaN: true }) }),
    fc.record({
      kind: fc.constant('segments' as const),
      maxEvents: fc.integer({ min: 1, max: 3 }),
      endSeconds: fc.constant(30),
      definitions: fc.constant([
        { name: 'move', description: '', fields: [{ name: 'colour', type: 'string' as const, enum: ['red', 'blue'] }, { name: 'speed', type: 'number' as const }] },
        { name: 'blink', description: '', fields: [{ name: 'times', type: 'integer' as const }] },
      ]),
    }),
    fc.record({
      kind: fc.constant('json' as const),
      schema: fc.dictionary(fc.constantFrom('colour', 'wie "oft"', 'x'), value, { minKeys: 1 }).chain((properties) =>
        fc.subarray(Object.keys(properties)).map((required) => ({ type: 'object', properties, required, additionalProperties: false }))),
    }),
  ) as fc.Arbitrary<AnswerForm>;
  const text = fc.constantFrom(DENSE_EVENTS_PROMPT, groundingPrompt('red triangle grows'), 'Tell me "everything" in JSON: 東京 🎬', '');

  it('parses, whatever is asked and however wild the model', async () => {
    await fc.assert(
      fc.asyncProperty(form, text, fc.integer({ min: 48, max: 160 }), async (wanted, question, maxNewTokens) => {
        for (const child of [wild, greedy]) {
          const [answer] = await ask(child, [{ text: question, maxNewTokens, form: wanted }]);
          expect(() => parse(answer!.text), answer!.text).not.toThrow();
          expect(answer!.tokens.length).toBeLessThanOrEqual(maxNewTokens);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is refused with its path where no answer can be held to it, and the next question is answered', async () => {
    const refused = ask(greedy, [{ text: 'x', maxNewTokens: 50, form: { kind: 'json', schema: { type: 'string', pattern: 'a' } } }]);
    await expect(refused).rejects.toMatchObject({ code: 'schema.unsupported', message: expect.stringContaining('$.pattern') as string });
    const short = ask(greedy, [{ text: 'x', maxNewTokens: 2, form: { kind: 'events', maxEvents: 1, endSeconds: 30 } }]);
    await expect(short).rejects.toMatchObject({ code: 'answer.budget_too_small' });
    expect(await ask(greedy, [{ text: occurrencePrompt('white ring moves left'), maxNewTokens: 1, form: YES_NO }])).toHaveLength(1);
  });
});

describe('a choice', () => {
  it('is what the model would say, with the probability it would say it with', async () => {
    for (const query of ['red triangle grows', 'red circle moves down', 'white ring moves left', 'purple circle moves down', 'blue cross blinks']) {
      const prompt = { text: occurrencePrompt(query), maxNewTokens: 4 };
      const [free, chosen] = await ask(greedy, [prompt, { ...prompt, form: YES_NO }]);
      expect(chosen!.text).toBe(free!.text);
      expect(chosen!.tokens).toEqual(free!.tokens);
      expect(chosen!.choices!.map((choice) => choice.text)).toEqual(['Yes', 'No']);
      const sum = chosen!.choices!.reduce((total, { logprob }) => total + Math.exp(logprob), 0);
      expect(sum).toBeGreaterThan(0.99);
      expect(sum).toBeLessThanOrEqual(1 + 1e-6);
      expect(chosen!.choices!.find((choice) => choice.text === free!.text)!.logprob).toBe(free!.tokens[0]!.logprob);
    }
  });

  it('is refused between words that begin alike', async () => {
    const alike = (options: readonly string[]): Promise<unknown> => ask(greedy, [{ text: 'x', maxNewTokens: 1, form: { kind: 'choice', options } }]);
    for (const options of [['Yes', 'Yes'], [], ['Yes', '']]) await expect(alike(options)).rejects.toMatchObject({ code: 'choice.ambiguous' });
  });
});

describe('a checkpoint that samples', () => {
  it('answers the same when it is asked the same again, in another process too, and something else to another question', async () => {
    const prompts = ['red triangle grows', 'red circle moves down'].map((query) => ({ text: groundingPrompt(query), maxNewTokens: 24 }));
    const texts = async (child: InferenceChild): Promise<string[]> => (await ask(child, prompts)).map(({ text }) => text);
    const first = await texts(wild);
    expect(first[0]).not.toBe(first[1]);
    expect(await texts(wild)).toEqual(first);
    const other = startChild(join(scratch, 'wild'));
    expect(await texts(other).finally(() => other.close())).toEqual(first);
  });
});

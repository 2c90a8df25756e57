// Tests of answers held to a form: with any model, any vocabulary and any budget, what comes out is whole.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GenerationSettings, nextToken } from '../qwen2-5-vl/generation.js';
import { compileForm, type WrittenForm } from './answer-grammar.js';
import { HeldAnswer } from './held-answer.js';
import { utf8 } from './term.js';
import { Vocabulary } from './vocabulary.js';

const END = 0;
/** The end, all bytes, and tokens of several bytes that run over the edges of keys, strings and lists. */
const TEXTS = [
  ...['"}', '"},', '"},\n', '", "', '": ', '```', 'json', '\n', '[\n', '\n]', '{"'],
  ...['start', '_time', 'end', 'description', 'The red', ' ring', '東京', ' ', '  ', '00', '0.', '12', 'true', ', '],
];
const TOKENS = [undefined, ...Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)), ...TEXTS.map(utf8), utf8('🎬').slice(0, 2)];
const vocabulary = new Vocabulary(TOKENS);
const sampled: GenerationSettings = { eosTokenIds: [END], repetitionPenalty: 1, doSample: true, temperature: 1, topK: 0, topP: 1 };

/** Numbers without a pattern in [0, 1), the same for the same seed. */
function noise(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

interface Written {
  readonly text: string;
  readonly tokens: number;
  readonly isCut: boolean;
}

/** What a model writes that likes every token as a draw tells. */
function write(form: WrittenForm, { maxTokens, seed, settings = sampled }: { maxTokens: number; seed: number; settings?: GenerationSettings }): Written {
  const random = noise(seed);
  const held = new HeldAnswer(compileForm(form), vocabulary, { endIds: [END], maxTokens });
  const ids: number[] = [];
  while (ids.length < maxTokens && !held.isFinished) {
    const logits = Float32Array.from(TOKENS, () => 8 * random());
    const { id, ends } = nextToken(logits, { seenIds: ids, knownTokens: TOKENS.length, settings, random, rule: held });
    if (ends) break;
    held.take(id);
    ids.push(id);
  }
  const bytes = Uint8Array.from(ids.map((id) => TOKENS[id] ?? '').join(''), (byte) => byte.charCodeAt(0));
  return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), tokens: ids.length, isCut: held.isCut };
}

const events: WrittenForm = { kind: 'events', maxEvents: 4, endSeconds: 20 };
const parse = (text: string): unknown => JSON.parse(text.replaceAll(/^```json|```$/g, ''));
const schema = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.record({ type: fc.constant('string'), maxLength: fc.nat(30) }),
    fc.constantFrom(
      ...[{ type: 'integer', minimum: -20, maximum: 300 }, { type: 'number', minimum: 0.25 }, { type: 'boolean' }, { type: 'null' }],
      { enum: ['ring', '東京', 4, null] },
    ),
    fc.record({ type: fc.constant('array'), items: tie('value'), minItems: fc.nat(1), maxItems: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ anyOf: fc.array(tie('value'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ type: fc.constant('object'), properties: fc.dictionary(fc.constantFrom('a', 'b"', 'ü'), tie('value'), { maxKeys: 3 }) })
      .chain((object) => fc.subarray(Object.keys(object.properties)).map((required) => ({ ...object, required, additionalProperties: false }))),
  ),
})).value as fc.Arbitrary<Record<string, unknown>>;

describe('an answer held to a form', () => {
  it('is a list of events, whatever the model would rather say and however few tokens it has', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 12, max: 400 }), fc.boolean(), (seed, maxTokens, doSample) => {
        const { text, tokens } = write(events, { maxTokens, seed, settings: { ...sampled, doSample } });
        expect(tokens).toBeLessThanOrEqual(maxTokens);
        for (const found of parse(text) as { start_time: string; end_time: string; description: string }[]) {
          expect(found.start_time < found.end_time && found.end_time <= '00:20.00').toBe(true);
          expect(found.description.trim()).not.toBe('');
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is JSON of its schema, whatever the schema', () => {
    fc.assert(
      fc.property(schema, fc.nat(), fc.integer({ min: 60, max: 300 }), (wanted, seed, maxTokens) => {
        const form: WrittenForm = { kind: 'json', schema: wanted };
        let written: Written;
        try {
          written = write(form, { maxTokens, seed });
        } catch (error) {
          expect(error).toMatchObject({ code: 'answer.budget_too_small' });
          return;
        }
        expect(matches(parse(written.text), wanted), written.text).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  /** What comes of a model that would say `wish`, and otherwise ends its list. */
  const writeOut = (wish: string, { maxEvents = 4, maxTokens = 500 }): Written => {
    const held = new HeldAnswer(compileForm({ ...events, maxEvents }), vocabulary, { endIds: [END], maxTokens });
    let wished = vocabulary.spell(utf8(wish));
    const ids: number[] = [];
    while (!held.isFinished) {
      const wanted = wished.shift() ?? END;
      const logits = Float32Array.from(TOKENS, (_, id) => (id === wanted ? 9 : TOKENS[id] === '\n' ? 1 : 0));
      const { id } = nextToken(logits, { seenIds: [], knownTokens: TOKENS.length, settings: { ...sampled, doSample: false }, random: () => 0, rule: held });
      if (id !== wanted) wished = vocabulary.spell('\n]\n```').slice(1);
      held.take(id);
      ids.push(id);
    }
    return { text: ids.map((id) => TOKENS[id]).join(''), tokens: ids.length, isCut: held.isCut };
  };
  const ring = '{"start_time": "00:01.00", "end_time": "00:02.00", "description": "A ring that moves to the left, slowly, and then a little to the right."}';
  const twoRings = `\`\`\`json\n[\n${ring},\n${ring}\n]\n\`\`\``;
  const whole = writeOut(twoRings, {});

  it('is marked when it was cut by its budget, and begins no event that it could not tell', () => {
    expect(whole).toMatchObject({ text: twoRings, isCut: false });
    const short = (maxTokens: number): unknown[] => {
      const { text, isCut, tokens } = writeOut(twoRings, { maxTokens });
      expect(isCut).toBe(true);
      expect(tokens).toBeLessThanOrEqual(maxTokens);
      return (parse(text) as { description: string }[]).map(({ description }) => description.length);
    };
    const { length } = (parse(twoRings) as { description: string }[])[0]!.description;
    expect(short(40)).toEqual([]);
    expect(short(whole.tokens / 2 + 30)).toEqual([length]);
    expect(short(whole.tokens - 10)).toEqual([length, expect.any(Number)]);
    for (let tokens = 20; tokens < whole.tokens - 1; tokens++) for (const written of short(tokens)) expect(written).toBeGreaterThan(20);
  });

  it('is marked when the model had more to tell than the list may hold', () => {
    const one = writeOut(twoRings, { maxEvents: 1 });
    expect(one.isCut).toBe(true);
    expect(parse(one.text)).toHaveLength(1);
    expect(writeOut(twoRings, { maxEvents: 2 }).isCut).toBe(false);
  });

  it('is refused where not even the shortest has room', () => {
    expect(() => write(events, { maxTokens: 4, seed: 1 })).toThrow(expect.objectContaining({ code: 'answer.budget_too_small' }));
  });

  it('may end where it could also go on', () => {
    const wishes = (schema: Record<string, unknown>, maxTokens: number): Written[] =>
      Array.from({ length: 40 }, (_, seed) => write({ kind: 'json', schema }, { maxTokens, seed }));
    for (const maxTokens of [1, 2, 5, 8, 30]) {
      for (const { text, tokens } of wishes({ type: 'integer' }, maxTokens)) {
        expect(Number.isInteger(parse(text)), text).toBe(true);
        expect(tokens).toBeLessThanOrEqual(maxTokens);
      }
      const either = { anyOf: [{ enum: ['a', 'b'] }, { const: 7 }, { const: 77 }] };
      for (const { text } of wishes(either, maxTokens + 2)) expect(['a', 'b', 7, 77]).toContain(parse(text));
    }
  });

  it('may be what the model would have said freely', () => {
    const text = '```json\n[\n{"start_time": "00:01.00", "end_time": "00:02.00", "description": "The red ring: 東京."}\n]\n```';
    const held = new HeldAnswer(compileForm(events), vocabulary, { endIds: [END], maxTokens: 500 });
    for (const id of vocabulary.spell(utf8(text))) {
      expect(held.allows(id)).toBe(true);
      expect([...Array.from(held.allowed())]).toContain(id);
      held.take(id);
    }
    expect({ isFinished: held.isFinished, isCut: held.isCut }).toEqual({ isFinished: true, isCut: false });
  });
});

/** Whether a value keeps to a schema of the kind drawn above. */
function matches(value: unknown, wanted: Record<string, unknown>): boolean {
  const { type, anyOf, enum: values, items, properties, required, minItems, maxItems, maxLength, minimum, maximum } = wanted as {
    type?: string; anyOf?: Record<string, unknown>[]; enum?: unknown[]; items?: Record<string, unknown>; properties?: Record<string, Record<string, unknown>>;
    required?: string[]; minItems?: number; maxItems?: number; maxLength?: number; minimum?: number; maximum?: number;
  };
  if (anyOf) return anyOf.some((option) => matches(value, option));
  if (values) return values.includes(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value) && value.length >= minItems! && value.length <= maxItems! && value.every((each) => matches(each, items!));
  if (type === 'string') return typeof value === 'string' && [...value].length <= maxLength!;
  if (type === 'boolean') return typeof value === 'boolean';
  if (type !== 'object') return typeof value === 'number' && (type !== 'integer' || Number.isInteger(value)) && value >= minimum! && value <= (maximum ?? Infinity);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return required!.every((name) => name in value) && Object.entries(value).every(([name, each]) => name in properties! && matches(each, properties![name]!));
}

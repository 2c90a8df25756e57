// Tests of the grammars: what they let through, what they refuse, and that everything they let through parses.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvents } from '../grounding/answers.js';
import { type AnswerForm, type JsonSchema } from './answer-form.js';
import { compileForm, type Grammar, type WrittenForm } from './answer-grammar.js';
import { type Term, utf8 } from './term.js';

/** Where a text leads; undefined when some byte of it is refused. */
const follow = ({ start }: Grammar, text: string): Term | undefined =>
  [...utf8(text)].reduce<Term | undefined>((term, byte) => term?.step(byte.charCodeAt(0)), start);
const accepts = (form: WrittenForm, text: string): boolean => follow(compileForm(form), text)?.isNullable ?? false;
const refusedAt = (form: WrittenForm, text: string): number => {
  const grammar = compileForm(form);
  return [...text].findIndex((_, k) => !follow(grammar, text.slice(0, k + 1)));
};
const fromBytes = (bytes: string): string => new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));

/** A walk through a grammar by the drawn numbers, then its shortest end. */
function wander(grammar: Grammar, draws: readonly number[]): string {
  let [term, bytes] = [grammar.start, ''];
  for (const draw of draws) {
    const open = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => term.step(byte));
    const byte = open[draw % Math.max(1, open.length)];
    if (byte === undefined) break;
    term = term.step(byte)!;
    bytes += String.fromCharCode(byte);
  }
  return fromBytes(bytes + term.closing.bytes);
}
const draws = fc.array(fc.nat(255), { maxLength: 400 });

const events = { kind: 'events', maxEvents: 3, endSeconds: 30 } as const;
const json = (schema: JsonSchema): Extract<AnswerForm, { kind: 'json' }> => ({ kind: 'json', schema });
const listOf = (...lines: readonly string[]): string => `\`\`\`json\n[\n${lines.join(',\n')}\n]\n\`\`\``;
const event = (start: string, end: string, text = 'The red triangle grows.'): string =>
  `{"start_time": "${start}", "end_time": "${end}", "description": "${text}"}`;

describe('a list of events', () => {
  it('is written as checkpoints write it, empty or not, on one line or indented', () => {
    expect(accepts(events, listOf(event('00:02.50', '00:07.00'), event('00:09.50', '00:14.50')))).toBe(true);
    expect(accepts(events, '```json\n[]\n```')).toBe(true);
    expect(accepts(events, `\`\`\`json\n[\n    ${event('00:00.00', '00:00.01')}\n]\n\`\`\``)).toBe(true);
    expect(accepts(events, `\`\`\`json\n[${event('00:02.50', '00:07.00')}, ${event('00:02.50', '00:07.00')}]\n\`\`\``)).toBe(true);
  });

  it.each([
    ['an end before its start', listOf(event('00:07.00', '00:02.50')), '00:02'],
    ['an event that takes no time', listOf(event('00:07.00', '00:07.00')), '00:07.00'],
    ['a start at the very end', listOf(event('00:30.00', '00:30.00')), '00:30'],
    ['a start behind the window', listOf(event('00:30.50', '00:31.00')), '00:30'],
    ['a minute of more than sixty seconds', listOf(event('00:71.00', '00:72.00')), '00:7'],
    ['an event without words', listOf(event('00:02.50', '00:07.00', '')), '"description": "'],
    ['blank words', listOf(event('00:02.50', '00:07.00', '  ')), '"description": "'],
    ['a fourth event', listOf(...Array.from({ length: 4 }, () => event('00:02.50', '00:07.00'))), '},\n'],
  ])('refuses %s as soon as it shows', (_, text, upTo) => {
    const at = refusedAt({ ...events, maxEvents: 3 }, text);
    expect(text.slice(0, at + 1)).toContain(upTo.slice(0, -1));
    expect(at).toBeGreaterThan(0);
  });

  it('parses wherever it was cut, with times in order and inside the window', () => {
    const grammar = compileForm(events);
    fc.assert(
      fc.property(draws, (path) => {
        const { events: found, unparsed, truncated } = parseEvents(wander(grammar, path));
        expect({ unparsed, truncated }).toEqual({ unparsed: 0, truncated: false });
        expect(found.length).toBeLessThanOrEqual(3);
        for (const { start, end } of found) expect(0 <= start && start < end && end <= 30).toBe(true);
      }),
    );
  });

  it('knows that it is full, so that a model with more to say can be told from one that is done', () => {
    const one = compileForm({ ...events, maxEvents: 1 });
    const text = `\`\`\`json\n[\n${event('00:02.50', '00:07.00')}`;
    expect(follow(one, text)?.isFull).toBe(true);
    expect(follow(compileForm(events), text)?.isFull).toBe(false);
    expect(follow(one, `${text}\n]`)?.isFull).toBe(false);
  });
});

describe('a list of segments', () => {
  const form: WrittenForm = {
    ...{ kind: 'segments', maxEvents: 5, endSeconds: 90 },
    definitions: [
      {
        name: 'goal',
        description: 'a goal is scored',
        fields: [{ name: 'team', type: 'string', enum: ['home', 'away'] }, { name: 'minute', type: 'integer' }],
      },
      { name: 'replay', description: 'a replay', fields: [{ name: 'slow', type: 'boolean' }, { name: 'description', type: 'string' }] },
    ],
  };
  const goal = '{"start_time": "00:05.00", "end_time": "01:05.00", "type": "goal", "description": "A goal.", "team": "home", "minute": 17}';

  it('gives each its type and the fields of that type', () => {
    expect(accepts(form, listOf(goal, '{"start_time": "00:05.00", "end_time": "00:06.00", "type": "replay", "slow": true, "description": ""}'))).toBe(true);
    for (const wrong of [goal.replace('home', 'nobody'), goal.replace('"goal"', '"foul"'), goal.replace('17', '17.5'), goal.replace(', "minute": 17', '')]) {
      expect(accepts(form, listOf(wrong))).toBe(false);
    }
  });

  it('parses wherever it was cut', () => {
    const grammar = compileForm(form);
    fc.assert(
      fc.property(draws, (path) => {
        const text = wander(grammar, path);
        const list = JSON.parse(text.replaceAll(/^```json|```$/g, '')) as { type: string; team?: string; slow?: boolean }[];
        for (const { type, team, slow } of list) expect(type === 'goal' ? team : typeof slow).toMatch(type === 'goal' ? /^(home|away)$/ : /^boolean$/);
      }),
    );
  });

  it('refuses a field whose name is taken', () => {
    const definitions = [{ name: 'goal', description: '', fields: [{ name: 'start_time', type: 'string' as const }] }];
    expect(() => compileForm({ kind: 'segments', definitions, maxEvents: 1, endSeconds: 1 })).toThrow(expect.objectContaining({ code: 'schema.unsupported' }));
  });
});

describe('strings', () => {
  const short = json({ type: 'string', minLength: 1, maxLength: 3 });

  it('count characters, not bytes', () => {
    for (const text of ['"東京🎬"', '"añ"', '"a\\n\\u00e9"', '"\\"\\\\\\/"']) expect(accepts(short, text), text).toBe(true);
    for (const text of ['""', '"東京🎬!"', '"abcd"']) expect(accepts(short, text), text).toBe(false);
  });

  it('have no raw control characters, no lone halves of pairs and no zeros', () => {
    for (const text of ['"\n"', '"\\ud800"', '"\\u0000"', '"\\x"', '"\\u12g4"']) expect(accepts(short, text), JSON.stringify(text)).toBe(false);
  });

  it('are UTF-8 in every byte', () => {
    const { start } = compileForm(short);
    const bytes = (...list: number[]): boolean => [0x22, ...list, 0x22].reduce<Term | undefined>((term, byte) => term?.step(byte), start) !== undefined;
    expect(bytes(0xe6, 0x9d, 0xb1)).toBe(true);
    const none = [[0x80], [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff], [0xe6, 0x22]];
    for (const list of none) expect(bytes(...list)).toBe(false);
  });
});

describe('numbers', () => {
  const number = (minimum: number, maximum: number, type = 'integer'): WrittenForm => json({ type, minimum, maximum });

  it('of a range are exactly those that can be written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 200 }), fc.integer({ min: 0, max: 150 }), fc.integer({ min: -400, max: 400 }), (least, width, value) => {
        expect(accepts(number(least, least + width), String(value))).toBe(value >= least && value <= least + width);
      }),
    );
  });

  it('with decimals keep within their limits too', () => {
    fc.assert(
      fc.property(fc.integer({ min: -900, max: 900 }), fc.integer({ min: 0, max: 500 }), fc.integer({ min: -2000, max: 2000 }), (least, width, value) => {
        fc.pre(value !== 0 || least > 0 || least + width < 0 || true);
        expect(accepts(number(least / 100, (least + width) / 100, 'number'), String(value / 100))).toBe(value >= least && value <= least + width);
      }),
    );
  });

  it('are never written as no JSON is', () => {
    for (const text of ['01', '+1', '1.', '.5', '1e3', '-', '-0', '00']) expect(accepts(number(-1000, 1000, 'number'), text), text).toBe(false);
    expect(accepts(json({ type: 'number', exclusiveMinimum: 0, maximum: 1 }), '0')).toBe(false);
    expect(accepts(json({ type: 'number', exclusiveMinimum: 0, maximum: 1 }), '0.000001')).toBe(true);
  });
});

describe('a JSON schema', () => {
  const person: JsonSchema = {
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 20, description: 'as on the shirt' },
      age: { anyOf: [{ type: 'integer', minimum: 0, maximum: 150 }, { type: 'null' }] },
      tags: { type: 'array', items: { enum: ['a', 'b', 3, null, { x: [1] }] }, minItems: 1, maxItems: 2 },
      home: { $ref: '#/$defs/place' },
    },
    required: ['name', 'tags'],
    additionalProperties: false,
    $defs: { place: { type: 'object', properties: { x: { type: ['number', 'boolean'] } }, required: [] } },
  };

  it('lets through what it allows, with or without white space', () => {
    for (const text of [
      '{"name": "Ada", "tags": ["a"]}',
      '{"name":"Ada","age":null,"tags":[{"x": [1]},3],"home":{"x":true}}',
      '{\n  "name": "Ada",\n  "age": 150,\n  "tags": [\n    "b"\n  ],\n  "home": {}\n}',
    ]) {
      expect(accepts(json(person), text), text).toBe(true);
    }
  });

  it('refuses everything else', () => {
    for (const text of [
      '{"name": "Ada"}', '{"tags": ["a"]}', '{"name": "Ada", "tags": []}',
      '{"name": "Ada", "tags": ["a", "b", "a"]}', '{"name": "Ada", "age": 151, "tags": ["a"]}',
      '{"name": "Ada", "tags": ["a"], "more": 1}', '{"tags": ["a"], "name": "Ada"}', '{"name": "Ada", "tags": ["a"]} ', '[]',
    ]) {
      expect(accepts(json(person), text), text).toBe(false);
    }
  });

  it('parses wherever it was cut, with all that is required', () => {
    const grammar = compileForm(json(person));
    fc.assert(
      fc.property(draws, (path) => {
        const value = JSON.parse(wander(grammar, path)) as { name: string; tags: unknown[] };
        expect([...value.name].length).toBeLessThanOrEqual(20);
        expect([1, 2]).toContain(value.tags.length);
      }),
    );
  });

  it.each<[string, JsonSchema]>([
    ['$.properties.a.pattern', { type: 'object', properties: { a: { type: 'string', pattern: '^a' } } }],
    ['$.format', { type: 'string', format: 'date' }],
    ['$.oneOf', { oneOf: [{ type: 'null' }] }],
    ['$.items', { type: 'array' }],
    ['$', {}],
    ['$.additionalProperties', { type: 'object', additionalProperties: { type: 'string' } }],
    ['$.required', { type: 'object', properties: {}, required: ['a'] }],
    ['$.items.anyOf[1]', { type: 'array', items: { anyOf: [{ type: 'null' }, { type: 'whatever' }] } }],
    ['$.$defs.node.properties.next.$ref', { $ref: '#/$defs/node', $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } } }],
    ['$', { type: 'integer', minimum: 0.2, maximum: 0.8 }],
    ['$', { type: 'string', minLength: 1e9, maxLength: 1e9 }],
    ['$.items', { type: 'array', items: { type: 'array', items: { type: 'array', items: { type: 'null' }, minItems: 100 }, minItems: 100 } }],
    ['$.enum', { enum: Array.from({ length: 501 }, (_, k) => k) }],
    ['$.$defs.unused.const', { type: 'null', $defs: { unused: { const: '\0' } } }],
    ['$.required', { type: 'object', properties: {}, required: ['toString'] }],
    ['$.properties', { type: 'object', properties: JSON.parse('{"__proto__": {"type": "string"}}') as JsonSchema }],
  ])('that cannot be kept to is refused by its path, %s', (path, schema) => {
    expect(() => compileForm(json(schema))).toThrow(refusedAs(path));
  });
});

const refusedAs = (path: string): unknown => expect.objectContaining({ code: 'schema.unsupported', details: { path } });

/** `a_k` is one of two `a_(k-1)`, by references. */
function doublings(levels: number, leaf: JsonSchema): JsonSchema {
  const twice = (k: number): JsonSchema => ({ anyOf: [{ $ref: `#/$defs/a${k - 1}` }, { $ref: `#/$defs/a${k - 1}` }] });
  const $defs = Object.fromEntries(Array.from({ length: levels + 1 }, (_, k) => [`a${k}`, k === 0 ? leaf : twice(k)]));
  return { $ref: `#/$defs/a${levels}`, $defs };
}

/** A value inside so many others. */
const nested = (levels: number, around: (inner: unknown) => unknown): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => around(inner), { type: 'null' });

describe('the size of a JSON schema', () => {
  it('does not make a definition be read more than once', () => {
    let reads = 0;
    const leaf = {
      get type() {
        reads += 1;
        return 'null';
      },
    };
    compileForm(json(doublings(0, leaf)));
    const once = reads;
    compileForm(json(doublings(10, leaf)));
    expect(reads).toBe(2 * once);
  });

  it('is that of everything written out, and is refused before it has been', () => {
    for (const levels of [12, 20, 30, 60]) expect(() => compileForm(json(doublings(levels, { type: 'null' })))).toThrow(refusedAs('$.$defs.a12'));
    expect(() => compileForm(json(doublings(2000, { type: 'null' })))).toThrow(refusedAs('$.$defs.a1937.anyOf[0].$ref'));
  });

  it('has a depth, also where what lies deep was read before', () => {
    const chain = Array.from({ length: 100 }, (_, k): [string, JsonSchema] => [
      `a${k}`,
      k === 0 ? { type: 'null' } : { type: 'array', items: { $ref: `#/$defs/a${k - 1}` } },
    ]);
    const properties = Object.fromEntries(chain.map(([name]) => [name, { $ref: `#/$defs/${name}` }]));
    expect(() => compileForm(json({ type: 'object', properties, $defs: Object.fromEntries(chain) }))).toThrow(refusedAs('$.$defs.a64'));
  });

  it('is refused by the stack of nobody', () => {
    const arrays = nested(2500, (items) => ({ type: 'array', items })) as JsonSchema;
    const values = { enum: [nested(50_000, (inner) => [inner])] };
    for (const schema of [arrays, values]) expect(() => compileForm(json(schema))).toThrow(expect.objectContaining({ code: 'schema.unsupported' }));
  });

  it('leaves room to end the largest answers', () => {
    const names = Array.from({ length: 500 }, (_, k) => `p${k}`);
    const wide: JsonSchema = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'null' }])), required: names };
    const deep = nested(60, (items) => ({ type: 'array', minItems: 1, items })) as JsonSchema;
    const long: JsonSchema = { type: 'array', minItems: 200, items: { type: 'array', minItems: 20, items: { type: 'null' } } };
    for (const schema of [wide, deep, long]) expect(() => JSON.parse(fromBytes(compileForm(json(schema)).start.closing.bytes)) as unknown).not.toThrow();
  });
});

describe('a call of a tool', () => {
  const form = { kind: 'call', tools: [{ name: 'find', parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } }, { name: 'stop' }] } as const;

  it('is one of the tools with arguments of its own schema', () => {
    expect(accepts(form, '{"name": "find", "arguments": {"text": "x"}}')).toBe(true);
    expect(accepts(form, '{"name": "stop", "arguments": {}}')).toBe(true);
    expect(accepts(form, '{"name": "stop", "arguments": {"text": "x"}}')).toBe(false);
    expect(accepts(form, '{"name": "other", "arguments": {}}')).toBe(false);
  });
});

describe('any JSON object', () => {
  const object = { kind: 'object' } as const;

  it('is every object that JSON has, and nothing else', () => {
    const values = fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }).filter((key) => !/\p{Surrogate}|\0/u.test(key)), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 });
    fc.assert(fc.property(values, (value) => {
      const text = JSON.stringify(value);
      if (text.includes('\\u0000') || text.includes('""') || /\d{10}|e[+-]?\d|\.\d{7}/.test(text)) return;
      expect(accepts(object, text)).toBe(true);
    }));
    for (const text of ['[]', '"a"', '1', 'null', '{"a"}', '{"a": }']) expect(accepts(object, text)).toBe(false);
  });

  it('parses wherever it was cut', () => {
    fc.assert(fc.property(draws, (numbers) => { JSON.parse(wander(compileForm(object), numbers)); }));
  });
});

// What a server is told to hold an answer to: nothing that is refused here, and nothing refused that is allowed here.
import { describe, expect, it } from 'vitest';
import { type SegmentDefinition } from '../../model/grammar/answer-form.js';
import { compileForm, type WrittenForm } from '../../model/grammar/answer-grammar.js';
import { utf8 } from '../../model/grammar/term.js';
import { eventPattern } from './event-pattern.js';
import { formFields } from './structured-output.js';

const DEFINITIONS: SegmentDefinition[] = [
  { name: 'goal (own)', description: 'a goal', fields: [{ name: 'team', type: 'string', enum: ['A+', 'B'] }, { name: 'minute', type: 'integer' }, { name: 'sure', type: 'boolean' }] },
  { name: 'talk', description: 'somebody talks', fields: [{ name: 'description', type: 'string' }, { name: 'level', type: 'number' }] },
];
const EVENTS = { kind: 'events', maxEvents: 5, endSeconds: 30 } as const;
const SEGMENTS = { kind: 'segments', definitions: DEFINITIONS, maxEvents: 5, endSeconds: 30 } as const;

const allows = (form: WrittenForm, text: string): boolean => {
  let term: ReturnType<typeof compileForm>['start'] | undefined = compileForm(form).start;
  for (const byte of utf8(text)) term = term?.step(byte.charCodeAt(0));
  return term?.isNullable ?? false;
};

describe('eventPattern', () => {
  const event = (words: string): string => `{"start_time": "00:02.50", "end_time": "00:07.00", ${words}}`;
  const list = (...events: string[]): string => `\`\`\`json\n[\n${events.join(',\n')}\n]\n\`\`\``;
  it.each([
    [EVENTS, list(event('"description": "A \\"red\\" circle."'), event('"description": "é"'))],
    [EVENTS, '```json\n[]\n```'],
    [SEGMENTS, list(event('"type": "goal (own)", "description": "x", "team": "A+", "minute": -3, "sure": true'), event('"type": "talk", "description": "", "level": 0.25'))],
  ])('matches what is allowed here (%#)', (form, text) => {
    expect([allows(form, text), new RegExp(`^(?:${eventPattern(form)})$`).test(text)]).toEqual([true, true]);
  });

  it.each([
    [EVENTS, list(event('"description": ""'))],
    [EVENTS, list('{"start_time": "2.5", "end_time": "00:07.00", "description": "x"}')],
    [EVENTS, 'Nothing happens.'],
    [SEGMENTS, list(event('"type": "goal", "description": "x", "team": "A+", "minute": 1, "sure": true'))],
    [SEGMENTS, list(event('"type": "talk", "description": "x", "level": "loud"'))],
  ])('matches nothing that is refused here (%#)', (form, text) => {
    expect([allows(form, text), new RegExp(`^(?:${eventPattern(form)})$`).test(text)]).toEqual([false, false]);
  });
});

describe('formFields', () => {
  it('closes every object, wherever it stands', () => {
    const inner = { type: 'object', properties: { b: { type: 'string' } } };
    const schema = { type: 'object', properties: { a: { type: 'array', items: inner }, c: { anyOf: [inner, { type: 'null' }] }, d: { $ref: '#/$defs/d' } }, $defs: { d: inner } };
    const closed = { ...inner, additionalProperties: false };
    expect(formFields({ kind: 'json', schema })).toMatchObject({
      response_format: {
        json_schema: { strict: true, schema: { additionalProperties: false, properties: { a: { items: closed }, c: { anyOf: [closed, { type: 'null' }] } }, $defs: { d: closed } } },
      },
    });
  });

  it('asks for one of the tools, by name', () => {
    expect(formFields({ kind: 'call', tools: [{ name: 'seek', parameters: { type: 'object' } }, { name: 'stop' }] })).toMatchObject({
      response_format: { json_schema: { schema: { anyOf: [{ properties: { name: { const: 'seek' } } }, { properties: { name: { const: 'stop' }, arguments: { additionalProperties: false } } }] } } },
    });
  });
});

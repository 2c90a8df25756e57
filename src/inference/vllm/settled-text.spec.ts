// What a server wrote as JSON: taken when it is what the schema allows, closed when it was cut, refused otherwise.
import { describe, expect, it } from 'vitest';
import { type WrittenForm } from '../../model/grammar/answer-grammar.js';
import { settleText } from './settled-text.js';

const schema = { type: 'object', properties: { people: { type: 'integer' }, note: { type: 'string' } }, required: ['people'] };
const JSON_FORM: WrittenForm = { kind: 'json', schema };
const CALL_FORM: WrittenForm = { kind: 'call', tools: [{ name: 'seek', parameters: { type: 'object', properties: { at: { type: 'number' } }, required: ['at'] } }] };

describe('settleText', () => {
  it('takes what the schema allows as it is, and lays out anew what is only laid out otherwise', () => {
    expect(settleText(JSON_FORM, '{"people": 2}', false)).toEqual({ text: '{"people": 2}', isCut: false });
    expect(settleText(JSON_FORM, '{\n\n\t"people" : 2 }', false).text).toBe('{"people":2}');
    expect(settleText(CALL_FORM, '{"name":"seek","arguments":{"at":3.5}}', false).text).toBe('{"name": "seek", "arguments": {"at": 3.5}}');
    expect(settleText({ kind: 'object' }, '{"any": [1]}', false).isCut).toBe(false);
  });

  it.each(['{"people": "two"}', '{"people": 2, "more": 1}', '{}', 'Two people.', ''])('refuses %j, which a server wrote to its end', (text) => {
    expect(() => settleText(JSON_FORM, text, false)).toThrowError(expect.objectContaining({ code: 'answer.not_in_form' }) as Error);
  });

  it.each(['{"people": 2, "note": "a long te', '{"peop', '', '{"people": 2, "note": "é', 'Two people.'])('closes %j, of which the rest had no room', (text) => {
    const settled = settleText(JSON_FORM, text, true);
    expect(settled.isCut).toBe(true);
    expect(JSON.parse(settled.text)).toHaveProperty('people');
  });

  it('leaves free answers and lists of events as they are', () => {
    expect(settleText(undefined, 'In 2 - 3 s', true)).toEqual({ text: 'In 2 - 3 s', isCut: true });
    expect(settleText({ kind: 'events', maxEvents: 3, endSeconds: 30 }, 'nothing', false)).toEqual({ text: 'nothing', isCut: false });
  });
});

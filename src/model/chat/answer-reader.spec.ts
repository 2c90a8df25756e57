// What streams out of the model, told apart into words and calls, wherever it was cut into pieces.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader, readAnswer } from './answer-reader.js';
import { MarkedText } from './marked-text.js';

/** The text in pieces that end at the drawn places. */
const piecesOf = (text: string, cuts: readonly number[]): string[] => {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, k) => text.slice(places[k], end));
};

const CALL = '<tool_call>\n{"name": "find", "arguments": {"text": "a < b"}}\n</tool_call>';
const call = { name: 'find', arguments: { text: 'a < b' } };

describe('an answer', () => {
  it.each([
    ['words alone', 'When a < b and <tool_ is none.', { content: 'When a < b and <tool_ is none.', calls: [] }],
    ['words and two calls', `Let me look.\n${CALL}\n${CALL}`, { content: 'Let me look.\n\n', calls: [call, call] }],
    ['a call that is never closed', CALL.slice(0, -13), { content: '', calls: [call] }],
    ['a call that breaks off', '<tool_call>\n{"name": "fi', { content: '<tool_call>\n{"name": "fi', calls: [] }],
    ['a call that is none', '<tool_call>[1]</tool_call>.', { content: '<tool_call>[1]</tool_call>.', calls: [] }],
  ])('of %s reads the same in whatever pieces it comes', (_, text, expected) => {
    expect(readAnswer(text)).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.nat()), (cuts) => {
        const reader = new AnswerReader();
        const parts = [...piecesOf(text, cuts).map((piece) => reader.push(piece)), reader.end()];
        expect({ content: parts.map(({ content }) => content).join(''), calls: parts.flatMap(({ calls }) => calls) }).toEqual(expected);
      }),
    );
  });
});

describe('marks in a text', () => {
  it('are found at the first place of any, and nothing of them is let go before', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }), fc.array(fc.nat()), (letters, cuts) => {
        const text = letters.join('');
        const at = [text.indexOf('aab'), text.indexOf('abc')].filter((place) => place >= 0).sort((a, b) => a - b)[0] ?? text.length;
        const marked = new MarkedText(['aab', 'abc']);
        let released = '';
        let found = false;
        for (const piece of piecesOf(text, cuts)) {
          if (found) break;
          const result = marked.push(piece);
          released += result.text;
          expect(text.slice(0, at).startsWith(released)).toBe(true);
          found = result.found !== undefined;
        }
        expect(found ? released : released + marked.end()).toBe(text.slice(0, at));
      }),
    );
  });
});

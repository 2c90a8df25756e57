// The tokens of an answer of a server, laid beside its text.
import { expect, it } from 'vitest';
import { tokenTexts } from './token-texts.js';

const written = (...tokens: string[]) => tokens.map((token, k) => ({ token, logprob: -k }));
const texts = (text: string, ...tokens: string[]): string[] => tokenTexts(text, written(...tokens)).map((token) => token.text);

it('gives each token its part, and none to the one that ends the answer', () => {
  expect(tokenTexts('in 2.5', written('in', ' ', '2', '.5', '<|im_end|>'))).toEqual([
    ...['in', ' ', '2', '.5'].map((text, k) => ({ id: -1, text, logprob: -k })),
  ]);
});

it.each([
  ['a character in two tokens', 'é 2', ['\uFFFD', '\uFFFD', ' 2'], ['é', '', ' 2']],
  ['a token that is told as nothing', 'a b', ['a', '', ' b'], ['a', '', ' b']],
  ['a text that was closed', '{"a": ""}', ['{"a', '": "'], ['{"a', '": ""}']],
  ['no tokens', 'yes', [], ['yes']],
  ['no text', '', ['<|im_end|>'], []],
])('loses nothing of the text with %s', (_what, text, tokens, expected) => {
  const given = texts(text, ...tokens);
  expect(given.join('')).toBe(text);
  expect([...given].sort()).toEqual([...expected].sort());
});

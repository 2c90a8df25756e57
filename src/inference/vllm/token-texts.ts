// The tokens of an answer with the part of its text that each of them stands for.
import { type GeneratedToken } from '../inference.js';
import { type WrittenToken } from './protocol.js';

/** Characters that tokens may leave out: one that is spread over several tokens is nobody's. */
const MOST_SKIPPED = 8;

/**
 * Joined, the texts are the answer: a token that ends it has none, and what no token spells goes to the one before. Where a character takes
 * several tokens a server tells a replacement character for each.
 */
export function tokenTexts(text: string, written: readonly WrittenToken[]): GeneratedToken[] {
  const tokens: { id: number; text: string; logprob: number }[] = [];
  let at = 0;
  const give = (end: number): void => {
    const last = tokens.at(-1);
    if (last) last.text += text.slice(at, end);
    else tokens.push({ id: -1, text: text.slice(at, end), logprob: 0 });
    at = end;
  };
  for (const { token, logprob } of written) {
    if (at >= text.length) break;
    const found = token === '' ? -1 : text.indexOf(token, at);
    const isFound = found >= 0 && found <= at + MOST_SKIPPED;
    if (isFound && found > at) give(found);
    tokens.push({ id: -1, text: isFound ? token : '', logprob });
    if (isFound) at += token.length;
  }
  if (at < text.length) give(text.length);
  return tokens;
}

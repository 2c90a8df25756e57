// Any JSON object, where a caller wants JSON and does not say which.
import { jsonNumber } from './json-number.js';
import { jsonString } from './json-text.js';
import { type Term, type Terms } from './term.js';

/** Objects and lists inside each other. */
const MOST_DEPTH = 16;
/** Members of an object and items of a list. */
const MOST_ENTRIES = 200;
const TEXT = { least: 0, most: 4000, comfort: 0 };
const KEY = { least: 1, most: 200, comfort: 0 };

export function anyObject(terms: Terms, depth = 0): Term {
  const member = terms.sequence(jsonString(terms, KEY), terms.literal(':'), terms.gap(), valueAt(terms, depth + 1));
  return enclosed(terms, '{', member, '}');
}

/** Built when a text comes to it, as a value may hold values. */
function valueAt(terms: Terms, depth: number): Term {
  return terms.lazy(`any value ${depth}`, () => {
    const number = jsonNumber(terms, { isInteger: false, least: -Infinity, most: Infinity });
    const plain = [...['null', 'true', 'false'].map((word) => terms.literal(word)), jsonString(terms, TEXT), number];
    return depth >= MOST_DEPTH ? terms.either(...plain) : terms.either(...plain, anyObject(terms, depth), enclosed(terms, '[', valueAt(terms, depth + 1), ']'));
  });
}

function enclosed(terms: Terms, opening: string, entry: Term, closing: string): Term {
  const gap = terms.gap();
  const entries = terms.list(entry, terms.sequence(terms.literal(','), gap), { least: 0, most: MOST_ENTRIES });
  return terms.sequence(terms.literal(opening), gap, entries, gap, terms.literal(closing));
}

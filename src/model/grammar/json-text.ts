// What stands between the quotes of a JSON string: characters and escapes, as many as the string may have.
import { type Closing, type Term, type Terms } from './term.js';

export interface TextLimits {
  /** Characters (code points) that the text must and may still have. */
  readonly least: number;
  readonly most: number;
  /** Characters that the text should still have when it has to be cut. */
  readonly comfort: number;
  /** The first character must be no white space: the text of an event is never blank. */
  readonly isSolid?: boolean;
}

/** A byte from the first to the second. */
type Range = readonly [from: number, to: number];

/** Inside a character: the ranges of its bytes to come, or the part of an escape that has been written. */
type Pending = { readonly ranges: readonly Range[] } | { readonly escape: string };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SIMPLE_ESCAPES = '"\\/bfnrt';
const FILLER = 'x';

/** Any text within the limits. A code point is whole; an escape is never half of a pair, nor a zero, which no database keeps. */
function jsonText(terms: Terms, limits: TextLimits, pending?: Pending): Term {
  if (limits.most <= 0 && !pending) return terms.empty;
  const { least, most, comfort, isSolid = false } = limits;
  return terms.intern(`text ${least} ${most} ${comfort} ${isSolid} ${JSON.stringify(pending)}`, () => ({
    isNullable: least <= 0 && !pending,
    closing: closingOf(limits, pending),
    derive: (byte) => {
      const after = pending ? go(pending, byte) : begin(byte, isSolid);
      if (after === undefined) return undefined;
      return after === 'whole' ? jsonText(terms, withoutOne(limits)) : jsonText(terms, limits, after);
    },
  }));
}

/** A string with its quotes. */
export function jsonString(terms: Terms, limits: TextLimits): Term {
  return terms.sequence(terms.literal('"'), jsonText(terms, limits), terms.literal('"'));
}

const withoutOne = ({ least, most, comfort }: TextLimits): TextLimits => ({
  least: Math.max(0, least - 1),
  most: most - 1,
  comfort: Math.max(0, Math.min(comfort, most) - 1),
});

function begin(byte: number, isSolid: boolean): Pending | 'whole' | undefined {
  if (byte < 0x20 || byte === QUOTE) return undefined;
  if (isSolid && (byte === 0x20 || byte === BACKSLASH)) return undefined;
  if (byte === BACKSLASH) return { escape: '' };
  if (byte < 0x80) return 'whole';
  const ranges = continuationOf(byte);
  return ranges && { ranges };
}

function go(pending: Pending, byte: number): Pending | 'whole' | undefined {
  if ('escape' in pending) return goOnEscape(pending.escape, String.fromCharCode(byte));
  const [[from, to] = [0, -1], ...rest] = pending.ranges;
  if (byte < from || byte > to) return undefined;
  return rest.length > 0 ? { ranges: rest } : 'whole';
}

function goOnEscape(written: string, character: string): Pending | 'whole' | undefined {
  if (written === '') {
    if (character === 'u') return { escape: 'u' };
    return SIMPLE_ESCAPES.includes(character) ? 'whole' : undefined;
  }
  const escape = written + character;
  if (!/^u[0-9a-fA-F]{1,4}$/.test(escape) || /^u(d[89a-f]|0000)/i.test(escape)) return undefined;
  return escape.length === 5 ? 'whole' : { escape };
}

/** The bytes that must follow the first byte of a character in UTF-8. */
function continuationOf(lead: number): readonly Range[] | undefined {
  const any: Range = [0x80, 0xbf];
  if (lead >= 0xc2 && lead <= 0xdf) return [any];
  if (lead === 0xe0) return [[0xa0, 0xbf], any];
  if (lead === 0xed) return [[0x80, 0x9f], any];
  if (lead >= 0xe1 && lead <= 0xef) return [any, any];
  if (lead === 0xf0) return [[0x90, 0xbf], any, any];
  if (lead === 0xf4) return [[0x80, 0x8f], any, any];
  return lead >= 0xf1 && lead <= 0xf3 ? [any, any, any] : undefined;
}

function closingOf({ least, comfort }: TextLimits, pending: Pending | undefined): Closing {
  const fillers = FILLER.repeat(Math.max(0, least - (pending ? 1 : 0)));
  return { bytes: endOf(pending) + fillers, comfort };
}

function endOf(pending: Pending | undefined): string {
  if (!pending) return '';
  if ('ranges' in pending) return pending.ranges.map(([from]) => String.fromCharCode(from)).join('');
  return pending.escape === '' ? 'n' : '2'.repeat(5 - pending.escape.length);
}

// How alike two descriptions are: the words that carry meaning, without their endings.

/** A description taken apart once, to be compared often. */
export interface Wording {
  /** In lower case, without punctuation. */
  readonly plain: string;
  readonly words: ReadonlySet<string>;
}

/** Words that say nothing of what happens. */
const EMPTY_WORDS = new Set(
  'a an the this that these those is are was were be been being to of in on at by with from into it its and then while as'.split(' '),
);

/** Scripts that write no spaces between words are taken letter by letter. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu;

/** "moves", "moving", "moved" and "move" all become "mov"; at least three letters are left. */
const ENDING = /(?<=\p{L}{3})(?:ing|ed|es|s|e)$/u;

/** Share of the shorter description that the longer one must repeat, and of both together that they must share. */
const ALIKE = { ofShorter: 0.85, ofBoth: 0.5 };

export function wordingOf(text: string): Wording {
  const all = text.toLowerCase().match(WORD) ?? [];
  const telling = all.filter((word) => !EMPTY_WORDS.has(word));
  return { plain: all.join(' '), words: new Set((telling.length > 0 ? telling : all).map((word) => word.replace(ENDING, ''))) };
}

/**
 * 1 for the same words, 0 for descriptions that are not of the same thing, else the share of words they have in common. A word left
 * out is a shorter description; a word replaced is another thing ("red" for "blue"), unless there are six others to speak against it.
 *
 * @example 'The red circle moves left.' and 'A red circle moving to the left' are 1; 'The red circle moves right.' is 0 to both.
 */
export function likeness(a: Wording, b: Wording): number {
  if (a.plain === b.plain) return 1;
  let shared = 0;
  for (const word of a.words) if (b.words.has(word)) shared += 1;
  const ofBoth = shared / (a.words.size + b.words.size - shared);
  return shared >= ALIKE.ofShorter * Math.min(a.words.size, b.words.size) && ofBoth >= ALIKE.ofBoth ? ofBoth : 0;
}

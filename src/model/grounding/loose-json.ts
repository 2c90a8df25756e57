// Finds the JSON objects in a model's answer, however it wraps, quotes or breaks them off.

export interface FoundObject {
  readonly value: Readonly<Record<string, unknown>>;
  /** Characters of the text that hold it. */
  readonly span: readonly [number, number];
}

export interface FoundObjects {
  /** Innermost objects in the order written. */
  readonly objects: readonly FoundObject[];
  /** Closed braces whose content is not JSON in any reading. */
  readonly broken: number;
  /** The text ends inside an object. */
  readonly truncated: boolean;
}

/** A quote opens a value only behind one of these, and does not close it before a word: `'the dogs' toy moves'` is one value. */
const OPENS = /[{[,:\s]/;
const GOES_ON = /^\s*\p{L}/u;
/** A whole value in quotes of either kind, with quotes inside it. */
const QUOTED = /(?<=[{[,:\s])(["'])((?:\\.|[^\\])*?)\1(?=\s*[\]},:])/gs;

/** Flat objects only: an object that holds others is passed over for its parts. */
export function findObjects(text: string): FoundObjects {
  const objects: FoundObject[] = [];
  let broken = 0;
  let open = -1;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const mark = text[at] ?? '';
    if (quote) {
      if (mark === '\\') at++;
      else if (mark === quote && !GOES_ON.test(text.slice(at + 1))) quote = '';
    } else if (mark === '{') {
      open = at;
    } else if (open >= 0 && (mark === '"' || mark === "'") && OPENS.test(text[at - 1] ?? '')) {
      quote = mark;
    } else if (mark === '}' && open >= 0) {
      const value = parseObject(text.slice(open, at + 1));
      if (value) objects.push({ value, span: [open, at + 1] });
      else broken++;
      open = -1;
    }
  }
  return { objects, broken, truncated: open >= 0 };
}

/** The first of `keys` that the object has. */
export const objectField = (value: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown =>
  keys.map((key) => value[key]).find((field) => field !== undefined);

function parseObject(source: string): Record<string, unknown> | undefined {
  for (const reading of [source, doubleQuoted(source)]) {
    try {
      return JSON.parse(reading) as Record<string, unknown>;
    } catch {
      continue; // the next reading may be the right one
    }
  }
  return undefined;
}

/** Quotes at the edges of values become double ones, those inside are escaped; trailing commas go. */
const doubleQuoted = (source: string): string =>
  source.replaceAll(QUOTED, (_, _quote, content: string) => `"${escaped(content)}"`).replaceAll(/,(?=\s*})/g, '');

const escaped = (content: string): string => content.replaceAll(/\\'/g, "'").replaceAll(/(?<!\\)"/g, '\\"');

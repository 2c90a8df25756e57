// From what somebody types to what Postgres looks for: all of the words, or any of them.
import type { DataSource } from 'typeorm';

/** Two `tsquery` in text form; empty where nothing is left to look for. */
export interface TextQuery {
  readonly all: string;
  /** All of them as they are typed, "up" and "down" too, which English leaves out like "the". */
  readonly literal: string;
  /** What holds one of the words counts too, unless a word is forbidden: then everything without it would. */
  readonly any: string;
  /** The words of `any`, each a tsquery. Where one is forbidden: those that an index can look for, of which all must be there. */
  readonly words: readonly string[];
  /** A word is forbidden: only a list that goes by words can tell. */
  readonly forbids: boolean;
}

/** A word of a tsquery in text form with its weights: `'it''s':A`. */
const LEXEME = /'(?:[^'\\]|''|\\.)*'(?::\*?[A-D]*)?/gs;

/**
 * Quotes, "or" and a minus mean what they do in web search; nothing that is typed is a syntax error. Words are looked for both as they
 * are and by their English stem; words that are in every text ("the", "when") only count where there are no others.
 */
export async function textQuery(dataSource: DataSource, query: string): Promise<TextQuery> {
  const [row] = await dataSource.query<{ english: string; simple: string; all: string; indexable: string }[]>(
    `SELECT english::text, simple::text, (english || simple)::text AS "all", querytree(english || simple) AS indexable
       FROM (SELECT websearch_to_tsquery('english', $1) AS english, websearch_to_tsquery('simple', $1) AS simple) AS parsed`,
    [query],
  );
  const { english = '', simple = '', all = '', indexable = '' } = row ?? {};
  const any = anyOf(english || simple);
  return { all, literal: simple, any: any || all, words: wordsOf(any || indexable), forbids: any === '' && all !== '' };
}

/** `'red' | 'it''s':A` -> [`'red'`, `'it''s'`] */
const wordsOf = (tsquery: string): string[] => [...new Set((tsquery.match(LEXEME) ?? []).map((word) => word.replace(/:[*A-D]+$/, '')))];

/** The word itself: `'it''s'` -> `it's`. */
export const lexemeOf = (word: string): string => word.slice(1, -1).replace(/''|\\\\|\\(.)/gs, (pair, escaped?: string) => (pair === "''" ? "'" : (escaped ?? '\\')));

/** `'red' & 'circl' <-> 'move'` -> `'red' | 'circl' | 'move'`; '' where a word is forbidden. */
export function anyOf(tsquery: string): string {
  const outside = tsquery.replace(LEXEME, '');
  return outside.includes('!') ? '' : (tsquery.match(LEXEME) ?? []).join(' | ');
}

// Ranked lists of segments for words: by the words themselves, and by likeness to words that nobody wrote.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { boundedRead } from './bounded-read.js';
import { heldBy, heldByLikeness, MOST_OF_RARE, NEWEST, ranked, type WordsToRank } from './candidates.js';
import { FOUND_SEGMENT, type Found, type Retrieved, type RetrievalWarning } from './ranked-list.js';
import { isNarrow, Parameters, segmentConditions, type SegmentScope } from './segment-scope.js';
import { lexemeOf, type TextQuery } from './text-query.js';
import { WordFrequency } from './word-frequency.js';

/** Least likeness at which misspelt words still count: "cirle" is 0.5 like "the red circle moves left". */
const LEAST_LIKENESS = 0.45;

/** A word that begins like a misspelt one may be the word that was meant: so much of it at least, and of long ones half. */
const LEAST_BEGINNING = 3;

/** A walk through all rows seems cheap to a planner that is asked for a few of them, and is not where there are none. */
const BY_INDEX = { enable_seqscan: 'off' };

@Injectable()
export class WordLists {
  private readonly frequency: WordFrequency;

  constructor(private readonly dataSource: DataSource) {
    this.frequency = new WordFrequency(dataSource);
  }

  /** Rejects with `search.too_slow`. */
  async byText(query: TextQuery, scope: SegmentScope, depth: number): Promise<Retrieved> {
    if (query.any === '') return { lists: [{ list: 'text', found: [] }], warnings: [] };
    const parameters = new Parameters();
    const score = textScore(query, parameters);
    if (isNarrow(scope)) {
      const [some, every] = [query.any, query.all].map((words) => `${parameters.add(words)}::tsquery`);
      const sql = `SELECT ${FOUND_SEGMENT}, ${score} AS score FROM segments s JOIN videos v ON v.id = s.video_id
                    WHERE (s.search @@ ${some} OR s.search @@ ${every}) AND ${segmentConditions(scope, parameters)} ORDER BY score DESC, s.id LIMIT ${depth}`;
      return { lists: [{ list: 'text', found: await boundedRead(this.dataSource, sql, parameters.values) }], warnings: [] };
    }
    const words = await this.weigh(query);
    const sql = ranked(heldBy(words, scope, parameters), score, scope, parameters, depth);
    const [found, warnings] = await Promise.all([boundedRead(this.dataSource, sql, parameters.values, BY_INDEX), words.frequent === '' ? [] : this.leftOut(scope)]);
    return { lists: [{ list: 'text', found }], warnings };
  }

  /** Of a whole tenant only for words that none of its segments holds. Rejects with `search.too_slow`. */
  async byLikeness(text: string, query: TextQuery, scope: SegmentScope, depth: number): Promise<Found[] | undefined> {
    const parameters = new Parameters();
    const score = `word_similarity(${parameters.add(text)}::text, s.text)::double precision`;
    let sql: string;
    if (isNarrow(scope)) {
      sql = `SELECT ${FOUND_SEGMENT}, ${score} AS score FROM segments s JOIN videos v ON v.id = s.video_id WHERE ${segmentConditions(scope, parameters)}`;
    } else {
      const beginnings = (await this.unknown(query, scope)).flatMap(beginningOf);
      if (beginnings.length === 0) return undefined;
      sql = ranked(heldByLikeness(beginnings.join(' | '), scope, parameters), score, scope, parameters, depth);
    }
    const alike = `SELECT * FROM (${sql}) AS compared WHERE score >= ${LEAST_LIKENESS} ORDER BY score DESC, "segmentId" LIMIT ${depth}`;
    return boundedRead(this.dataSource, alike, parameters.values, BY_INDEX);
  }

  /** Takes words for rare, from the rarest on, as long as the index names few segments for all of them. */
  private async weigh({ words, any, all, forbids }: TextQuery): Promise<WordsToRank> {
    const inOrder = await this.frequency.rank(words.map(lexemeOf));
    const byLexeme = new Map(words.map((word) => [lexemeOf(word), word]));
    if (forbids) {
      // every word must be there, so the rarest decides; what holds nothing but forbidden words is looked for among the newest
      const isRare = inOrder[0] !== undefined && inOrder[0].segments <= MOST_OF_RARE;
      return isRare ? { rare: all, frequent: '', every: '' } : { rare: '', frequent: all, every: '' };
    }
    if (words.length === 0) return { rare: any, frequent: '', every: '' };
    let total = 0;
    const rare = inOrder.filter(({ segments }) => (total += segments) <= MOST_OF_RARE);
    const frequent = inOrder.slice(rare.length);
    const joined = (some: typeof inOrder): string => some.map(({ word }) => byLexeme.get(word) ?? '').join(' | ');
    return { rare: joined(rare), frequent: joined(frequent), every: words.length > 1 ? all : '' };
  }

  /** Says so where the tenant has more segments than a frequent word is looked for among. */
  private async leftOut({ tenantId }: SegmentScope): Promise<RetrievalWarning[]> {
    const older = await this.dataSource.query<unknown[]>(`SELECT 1 FROM segments WHERE tenant_id = $1 ORDER BY id DESC OFFSET ${NEWEST} LIMIT 1`, [tenantId]);
    if (older.length === 0) return [];
    return [{ code: 'search.newest_only', message: `A frequent word was looked for among the newest ${NEWEST} segments alone; a rarer one beside it, or a filter by videos, reaches them all.` }];
  }

  /** Words that no segment of the tenant holds. */
  private async unknown({ words }: TextQuery, { tenantId }: SegmentScope): Promise<string[]> {
    const weighed = await this.frequency.rank(words.map(lexemeOf));
    const frequent = new Set(weighed.filter(({ segments }) => segments > MOST_OF_RARE).map(({ word }) => word));
    const doubtful = words.filter((word) => !frequent.has(lexemeOf(word)));
    if (doubtful.length === 0) return [];
    const rows = await boundedRead<{ word: string }>(
      this.dataSource,
      `SELECT word FROM unnest($1::text[]) AS word
        WHERE NOT EXISTS (SELECT 1 FROM (SELECT tenant_id FROM segments WHERE search @@ word::tsquery OFFSET 0) AS named WHERE tenant_id = $2)`,
      [doubtful, tenantId],
      BY_INDEX,
    );
    return rows.map(({ word }) => word);
  }
}

/** How close the words stand, and 1 for each: all of them are there, and they are as they were typed. */
function textScore({ any, all, literal }: TextQuery, parameters: Parameters): string {
  const [some, every, exact] = [any, all, literal].map((words) => `${parameters.add(words)}::tsquery`);
  return `ts_rank_cd(s.search, ${some})::double precision + (s.search @@ ${every})::int + (s.search @@ ${exact})::int`;
}

/** `'flowr'` -> `'flo':*`; nothing for what is too short to be told from others. */
function beginningOf(word: string): string[] {
  const letters = [...lexemeOf(word)];
  const length = Math.max(LEAST_BEGINNING, Math.ceil(letters.length / 2));
  if (letters.length <= LEAST_BEGINNING) return [];
  return [`'${letters.slice(0, length).join('').replace(/['\\]/g, '$&$&')}':*`];
}

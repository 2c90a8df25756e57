// Which segments of a tenant are worth ranking for words, in bounded work however many segments there are.
import { FOUND_SEGMENT } from './ranked-list.js';
import { type Parameters, segmentConditions, segmentOwnConditions, type SegmentScope } from './segment-scope.js';

/** Segments that all rare words together are likely to have, of all tenants: the index names them, and all are ranked. */
export const MOST_OF_RARE = 3000;

/** A frequent word is looked for among so many of the tenant's segments, the newest ones. */
export const NEWEST = 30_000;

/** Of these, so many that hold all words, and so many that hold one, are ranked; and so many that hold words spelt like those asked for. */
const MOST_RANKED = 1000;

const COLUMNS = 'id, video_id, task_id, start_time, end_time, source, type, confidence, text, search';

/** Words of a question as tsqueries in text form; empty for none. */
export interface WordsToRank {
  readonly rare: string;
  readonly frequent: string;
  /** Where frequent words alone decide: what holds all of them comes first. */
  readonly every: string;
}

/** SELECT of segments: all that hold a rare word, and of the newest those that hold a frequent one. */
export function heldBy({ rare, frequent, every }: WordsToRank, scope: SegmentScope, parameters: Parameters): string {
  const sources: string[] = [];
  if (rare !== '') sources.push(named(rare, scope, parameters));
  if (rare === '' && every !== '') sources.push(newest([`s.search @@ ${tsquery(every, parameters)}`], scope, parameters));
  if (frequent !== '') {
    const otherwise = [rare || every].filter((words) => words !== '').map((words) => `NOT s.search @@ ${tsquery(words, parameters)}`);
    sources.push(newest([`s.search @@ ${tsquery(frequent, parameters)}`, ...otherwise], scope, parameters));
  }
  return sources.join(' UNION ALL ');
}

/** SELECT of segments that hold a word with one of these beginnings. */
export function heldByLikeness(beginnings: string, scope: SegmentScope, parameters: Parameters): string {
  return `(${named(beginnings, scope, parameters)} LIMIT ${MOST_RANKED})`;
}

/** SELECT of at most `depth` of the candidates in order of `score`, an expression on the segment `s`. */
export function ranked(candidates: string, score: string, scope: SegmentScope, parameters: Parameters, depth: number): string {
  return `SELECT ${FOUND_SEGMENT}, ${score} AS score FROM (${candidates}) s JOIN videos v ON v.id = s.video_id
           WHERE ${segmentConditions(scope, parameters)} ORDER BY score DESC, s.id LIMIT ${depth}`;
}

/** By the index of words, whatever the planner thinks of the tenant's own: OFFSET 0 is its fence. */
const named = (words: string, { tenantId }: SegmentScope, parameters: Parameters): string =>
  `SELECT ${COLUMNS} FROM (SELECT ${COLUMNS}, tenant_id FROM segments WHERE search @@ ${tsquery(words, parameters)} OFFSET 0) named WHERE tenant_id = ${parameters.add(tenantId)}`;

const newest = (conditions: readonly string[], scope: SegmentScope, parameters: Parameters): string =>
  `(SELECT ${COLUMNS} FROM (SELECT ${COLUMNS} FROM segments WHERE tenant_id = ${parameters.add(scope.tenantId)} ORDER BY id DESC LIMIT ${NEWEST}) s
     WHERE ${[...conditions, ...segmentOwnConditions(scope, parameters)].join(' AND ')} LIMIT ${MOST_RANKED})`;

const tsquery = (words: string, parameters: Parameters): string => `${parameters.add(words)}::tsquery`;

// Ranked lists of segments and of seconds for a question: by words, by likeness of words, by vectors, by fingerprint.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, QueryFailedError } from 'typeorm';
import { AppError } from '../app-error.js';
import { type Embedder, EMBEDDERS, type Embedders } from '../embeddings/index.js';
import { log } from '../platform/log/log.js';
import { type Segment } from '../segments/index.js';
import { Parameters, segmentConditions, type SegmentScope, videoConditions } from './segment-scope.js';
import { type TextQuery, textQuery } from './text-query.js';

export type ListName = 'text' | 'trigram' | 'vector' | 'frames' | 'fingerprint';

/** A stretch of a video that a list names; `segmentId` is null for pictures. Best first. */
export interface Found {
  readonly segmentId: string | null;
  readonly videoId: string;
  readonly startTime: number;
  readonly endTime: number;
  /** Of a segment; null for pictures. */
  readonly source: Segment['source'] | null;
  readonly text: string | null;
  /** What the list is ordered by: the more the better. */
  readonly score: number;
}

export interface RankedList {
  readonly list: ListName;
  readonly found: readonly Found[];
}

export interface RetrievalWarning {
  readonly code: string;
  readonly message: string;
}

export interface Retrieved {
  readonly lists: readonly RankedList[];
  /** Lists that are left out because their embedder is away, or they take too long. */
  readonly warnings: readonly RetrievalWarning[];
}

/** Least likeness at which misspelt words still count: "cirle" is 0.5 like "the red circle moves left". */
const LEAST_LIKENESS = 0.45;

/** Most bits in which the fingerprints of one shot, encoded anew or scaled, differ. */
const MOST_BITS = 10;

/** Longest that the database may take for one list, milliseconds. */
const MOST_MS = 5000;

/** SQLSTATE of a statement that was stopped. */
const STOPPED = '57014';

const COLUMNS = `s.id AS "segmentId", s.video_id AS "videoId", s.start_time AS "startTime", s.end_time AS "endTime", s.source, s.text`;

@Injectable()
export class Retrieval {
  private trigrams: boolean | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(EMBEDDERS) private readonly embedders: Embedders,
  ) {}

  /** Every list that can be made for words, each at most `depth` long. Rejects with `search.too_slow`. */
  async byWords(query: string, scope: SegmentScope, depth: number, signal?: AbortSignal): Promise<Retrieved> {
    const words = await textQuery(this.dataSource, query);
    const text = await this.byText(words, scope, depth);
    if (words.forbids) return { lists: [text], warnings: [] };
    const { texts, pictures } = this.embedders;
    const asked = new Map<Embedder, Promise<QuestionVector>>(); // both lists may have the same embedder
    const vectorOf = (embedder: Embedder): Promise<QuestionVector> => {
      const known = asked.get(embedder) ?? questionVector(embedder, query, signal);
      asked.set(embedder, known);
      return known;
    };
    const more = await Promise.all([
      this.orWarn('trigram', await this.hasTrigrams(), () => this.byLikeness(query, scope, depth), signal),
      this.orWarn('vector', texts, async (embedder) => this.byVector(await vectorOf(embedder), scope, depth), signal),
      this.orWarn('frames', pictures, async (embedder) => this.byFrameVector(await vectorOf(embedder), scope, depth), signal),
    ]);
    return merged([{ lists: [text], warnings: [] }, ...more]);
  }

  /** Seconds whose pictures mean the same; no list without an embedder for pictures, or where it is away. */
  async byPictureMeaning(picture: Uint8Array, scope: SegmentScope, depth: number): Promise<Retrieved> {
    return this.orWarn('frames', this.embedders.pictures, async (embedder) => {
      const [vector = new Float32Array()] = await embedder.pictures([picture]);
      return this.byFrameVector({ name: await embedder.name(), vector }, scope, depth);
    });
  }

  /** Seconds whose pictures look the same: 16 hex digits. Rejects with `search.too_slow`. */
  async byFingerprint(hash: string, scope: SegmentScope, depth: number): Promise<RankedList> {
    const parameters = new Parameters();
    const bits = `bit_count(f.hash # ('x' || ${parameters.add(hash)})::bit(64))`;
    const found = await this.read(
      `SELECT NULL AS "segmentId", NULL AS source, NULL AS text, f.video_id AS "videoId", f.second::double precision AS "startTime", f.second + 1.0::double precision AS "endTime",
              1 - ${bits} / 64.0::double precision AS score
         FROM fingerprints f JOIN videos v ON v.id = f.video_id
        WHERE ${bits} <= ${MOST_BITS} AND ${secondConditions(scope, parameters, 'f.second + 1')}
        ORDER BY score DESC, f.video_id, f.second LIMIT ${depth}`,
      parameters.values,
    );
    return { list: 'fingerprint', found };
  }

  private async byText({ all, any, literal }: TextQuery, scope: SegmentScope, depth: number): Promise<RankedList> {
    if (any === '') return { list: 'text', found: [] };
    const parameters = new Parameters();
    const [every, exact, some] = [all, literal, any].map((words) => `${parameters.add(words)}::tsquery`);
    const found = await this.read(
      `SELECT ${COLUMNS}, ts_rank_cd(s.search, ${some})::double precision + (s.search @@ ${every})::int + (s.search @@ ${exact})::int AS score
         FROM segments s JOIN videos v ON v.id = s.video_id
        WHERE (s.search @@ ${some} OR s.search @@ ${every}) AND ${segmentConditions(scope, parameters)}
        ORDER BY score DESC, s.id LIMIT ${depth}`,
      parameters.values,
    );
    return { list: 'text', found };
  }

  private async byLikeness(query: string, scope: SegmentScope, depth: number): Promise<RankedList> {
    const parameters = new Parameters();
    const words = `${parameters.add(query)}::text`;
    const sql = `SELECT ${COLUMNS}, word_similarity(${words}, s.text)::double precision AS score
         FROM segments s JOIN videos v ON v.id = s.video_id
        WHERE ${words} <% s.text AND ${segmentConditions(scope, parameters)}
        ORDER BY score DESC, s.id LIMIT ${depth}`;
    // what the operator of the index takes for alike
    const found = await this.read(sql, parameters.values, { 'pg_trgm.word_similarity_threshold': String(LEAST_LIKENESS) });
    return { list: 'trigram', found };
  }

  private async byVector({ name, vector }: QuestionVector, scope: SegmentScope, depth: number): Promise<RankedList> {
    const parameters = new Parameters();
    const likeness = `inner_product(e.vector, ${parameters.add([...vector])}::real[])`;
    const found = await this.read(
      `SELECT * FROM (
         SELECT ${COLUMNS}, ${likeness} AS score
           FROM segment_vectors e JOIN segments s ON s.id = e.segment_id JOIN videos v ON v.id = s.video_id
          WHERE e.model = ${parameters.add(name)} AND ${segmentConditions(scope, parameters)}) AS compared
        WHERE score > 0 ORDER BY score DESC, "segmentId" LIMIT ${depth}`,
      parameters.values,
    );
    return { list: 'vector', found };
  }

  /** Those that are nearer to the best than to the average: every picture is a little like everything. */
  private async byFrameVector({ name, vector }: QuestionVector, scope: SegmentScope, depth: number): Promise<RankedList> {
    const parameters = new Parameters();
    const likeness = `inner_product(f.vector, ${parameters.add([...vector])}::real[])`;
    const found = await this.read(
      `SELECT "segmentId", "videoId", "startTime", "endTime", source, text, score FROM (
         SELECT *, (avg(score) OVER () + max(score) OVER ()) / 2 AS least FROM (
           SELECT NULL AS "segmentId", NULL AS source, NULL AS text, f.video_id AS "videoId", f.second::double precision AS "startTime",
                  f.until::double precision AS "endTime", ${likeness} AS score
             FROM frame_vectors f JOIN videos v ON v.id = f.video_id
            WHERE f.model = ${parameters.add(name)} AND ${secondConditions(scope, parameters, 'f.until')}) AS compared) AS weighed
        WHERE score > 0 AND score >= least ORDER BY score DESC, "videoId", "startTime" LIMIT ${depth}`,
      parameters.values,
    );
    return { list: 'frames', found };
  }

  /** An embedder that is away, or a list that takes too long, costs its list, never the answer. `source`: absent, there is no such list. */
  private async orWarn<T>(list: ListName, source: T | undefined | false, make: (source: T) => Promise<RankedList>, signal?: AbortSignal): Promise<Retrieved> {
    if (source === undefined || source === false) return { lists: [], warnings: [] };
    try {
      return { lists: [await make(source)], warnings: [] };
    } catch (error) {
      if (!(error instanceof AppError) || signal?.aborted) throw error;
      log.warn({ err: error, list }, 'the answer goes without a list');
      return { lists: [], warnings: [{ code: error.code, message: `Without the list "${list}": ${reasonOf(error.code)}.` }] };
    }
  }

  /** Rejects with `search.too_slow`. */
  private async read(sql: string, values: readonly unknown[], settings: Readonly<Record<string, string>> = {}): Promise<Found[]> {
    try {
      return await this.dataSource.transaction(async (manager) => {
        for (const setting of Object.entries({ statement_timeout: String(MOST_MS), ...settings })) await manager.query('SELECT set_config($1, $2, true)', setting);
        return manager.query<Found[]>(sql, [...values]);
      });
    } catch (cause) {
      if (!(cause instanceof QueryFailedError && (cause.driverError as { code?: string }).code === STOPPED)) throw cause;
      throw new AppError('search.too_slow', `The search took more than ${MOST_MS / 1000} s; narrow it by a filter, or try again later.`, { cause });
    }
  }

  /** Whether the server has them. */
  private async hasTrigrams(): Promise<boolean> {
    if (this.trigrams !== undefined) return this.trigrams;
    const [row] = await this.dataSource.query<{ there: boolean }[]>(`SELECT to_regprocedure('word_similarity(text, text)') IS NOT NULL AS there`);
    return (this.trigrams = row?.there ?? false);
  }
}

/** For whoever searches: where an embedder is and what it said is for the log. */
function reasonOf(code: string): string {
  if (code === 'search.too_slow') return 'it takes too long';
  return code === 'embeddings.refused' ? 'its embedder refuses the question' : 'its embedder is away';
}

interface QuestionVector {
  readonly name: string;
  readonly vector: Float32Array;
}

async function questionVector(embedder: Embedder, query: string, signal: AbortSignal | undefined): Promise<QuestionVector> {
  const [vector = new Float32Array()] = await embedder.texts([query], { signal });
  return { name: await embedder.name(), vector };
}

function secondConditions(scope: SegmentScope, parameters: Parameters, until: string): string {
  const { startTime, endTime } = scope;
  const conditions = [videoConditions(scope, parameters)];
  if (startTime !== undefined) conditions.push(`${until} > ${parameters.add(startTime)}`);
  if (endTime !== undefined) conditions.push(`f.second < ${parameters.add(endTime)}`);
  return conditions.join(' AND ');
}

const merged = (parts: readonly Retrieved[]): Retrieved => ({
  lists: parts.flatMap(({ lists }) => lists),
  warnings: parts.flatMap(({ warnings }) => warnings),
});

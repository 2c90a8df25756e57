// Every ranked list that can be made for a question or a picture: one that cannot costs its list, never the answer.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { type Embedder, EMBEDDERS, type Embedders } from '../embeddings/index.js';
import { log } from '../platform/log/log.js';
import { boundedRead } from './bounded-read.js';
import { type Found, type ListName, type RankedList, type Retrieved } from './ranked-list.js';
import { Parameters, secondConditions, type SegmentScope } from './segment-scope.js';
import { textQuery } from './text-query.js';
import { type QuestionVector, VectorLists } from './vector-lists.js';
import { WordLists } from './word-lists.js';

/** Most bits in which the fingerprints of one shot, encoded anew or scaled, differ. */
const MOST_BITS = 10;

@Injectable()
export class Retrieval {
  private trigrams: boolean | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly words: WordLists,
    private readonly vectors: VectorLists,
    @Inject(EMBEDDERS) private readonly embedders: Embedders,
  ) {}

  /** Every list that can be made for words, each at most `depth` long. Rejects with `search.too_slow`. */
  async byWords(query: string, scope: SegmentScope, depth: number, signal?: AbortSignal): Promise<Retrieved> {
    const words = await textQuery(this.dataSource, query);
    const text = await this.words.byText(words, scope, depth);
    if (words.forbids) return text;
    const { texts, pictures } = this.embedders;
    const asked = new Map<Embedder, Promise<QuestionVector>>(); // both lists may have the same embedder
    const vectorOf = (embedder: Embedder): Promise<QuestionVector> => {
      const known = asked.get(embedder) ?? questionVector(embedder, query, signal);
      asked.set(embedder, known);
      return known;
    };
    const more = await Promise.all([
      this.orWarn('trigram', await this.hasTrigrams(), () => this.words.byLikeness(query, words, scope, depth), signal),
      this.orWarn('vector', texts, async (embedder) => this.vectors.bySegment(await vectorOf(embedder), scope, depth), signal),
      this.orWarn('frames', pictures, async (embedder) => this.vectors.bySecond(await vectorOf(embedder), scope, depth), signal),
    ]);
    return merged([text, ...more]);
  }

  /** Seconds whose pictures mean the same; no list without an embedder for pictures, or where it is away. */
  async byPictureMeaning(picture: Uint8Array, scope: SegmentScope, depth: number): Promise<Retrieved> {
    return this.orWarn('frames', this.embedders.pictures, async (embedder) => {
      const [vector = new Float32Array()] = await embedder.pictures([picture]);
      return this.vectors.bySecond({ name: await embedder.name(), vector }, scope, depth);
    });
  }

  /** Seconds whose pictures look the same: 16 hex digits. Rejects with `search.too_slow`. */
  async byFingerprint(hash: string, scope: SegmentScope, depth: number): Promise<RankedList> {
    const parameters = new Parameters();
    const bits = `bit_count(f.hash # ('x' || ${parameters.add(hash)})::bit(64))`;
    const found = await boundedRead(
      this.dataSource,
      `SELECT NULL AS "segmentId", NULL AS source, NULL AS text, f.video_id AS "videoId", f.second::double precision AS "startTime", f.second + 1.0::double precision AS "endTime",
              1 - ${bits} / 64.0::double precision AS score
         FROM fingerprints f JOIN videos v ON v.id = f.video_id
        WHERE ${bits} <= ${MOST_BITS} AND ${secondConditions(scope, parameters, 'f.second + 1')}
        ORDER BY score DESC, f.video_id, f.second LIMIT ${depth}`,
      parameters.values,
    );
    return { list: 'fingerprint', found };
  }

  /** An embedder that is away, or a list that takes too long, costs its list, never the answer. `source`: absent, there is no such list. */
  private async orWarn<T>(list: ListName, source: T | undefined | false, make: (source: T) => Promise<Found[] | undefined>, signal?: AbortSignal): Promise<Retrieved> {
    if (source === undefined || source === false) return { lists: [], warnings: [] };
    try {
      const found = await make(source);
      return { lists: found ? [{ list, found }] : [], warnings: [] };
    } catch (error) {
      if (!(error instanceof AppError) || signal?.aborted) throw error;
      log.warn({ err: error, list }, 'the answer goes without a list');
      return { lists: [], warnings: [{ code: error.code, message: `Without the list "${list}": ${reasonOf(error.code)}.` }] };
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
  if (code === 'embeddings.index_incomplete') return 'its vectors are being read for the first time; ask again';
  return code === 'embeddings.refused' ? 'its embedder refuses the question' : 'its embedder is away';
}

async function questionVector(embedder: Embedder, query: string, signal: AbortSignal | undefined): Promise<QuestionVector> {
  const [vector = new Float32Array()] = await embedder.texts([query], { signal });
  return { name: await embedder.name(), vector };
}

const merged = (parts: readonly Retrieved[]): Retrieved => ({
  lists: parts.flatMap(({ lists }) => lists),
  warnings: parts.flatMap(({ warnings }) => warnings),
});

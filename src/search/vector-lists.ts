// Ranked lists by vectors: of segments by what was said, of seconds by what was seen.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Nearest, ServerVectors, VectorIndex } from '../embeddings/index.js';
import { boundedRead } from './bounded-read.js';
import { FOUND_SEGMENT, type Found } from './ranked-list.js';
import { isNarrow, Parameters, secondConditions, segmentConditions, type SegmentScope, videoConditions } from './segment-scope.js';

export interface QuestionVector {
  /** Of the embedder. */
  readonly name: string;
  readonly vector: Float32Array;
}

/** Of all segments of a tenant, so many mean something like the question; what is farther is noise. */
const MOST_ALIKE = 200;

/** Of what the index names, some may be gone or belong to an older analysis: so many more are asked for in the beginning, and at each further try. */
const SPARE = 1.5;
const FURTHER = 4;

@Injectable()
export class VectorLists {
  constructor(
    private readonly dataSource: DataSource,
    private readonly server: ServerVectors,
    private readonly index: VectorIndex,
  ) {}

  /** Rejects with `search.too_slow` or `embeddings.index_incomplete`. */
  async bySegment(question: QuestionVector, scope: SegmentScope, depth: number): Promise<Found[]> {
    if (!isNarrow(scope)) {
      const most = Math.min(depth, MOST_ALIKE);
      if (await this.server.areIndexed(question.vector.length)) return this.byServer(question, scope, most);
      const found = await this.byIndex(question, scope, most);
      if (found) return found;
    }
    const parameters = new Parameters();
    const likeness = `inner_product(e.vector, ${parameters.add([...question.vector])}::real[])`;
    const sql = `SELECT * FROM (
       SELECT ${FOUND_SEGMENT}, ${likeness} AS score
         FROM segment_vectors e JOIN segments s ON s.id = e.segment_id JOIN videos v ON v.id = s.video_id
        WHERE e.model = ${parameters.add(question.name)} AND ${segmentConditions(scope, parameters)}) AS compared
      WHERE score > 0 ORDER BY score DESC, "segmentId" LIMIT ${depth}`;
    return boundedRead(this.dataSource, sql, parameters.values);
  }

  /** Those that are nearer to the best than to the average: every picture is a little like everything. */
  async bySecond({ name, vector }: QuestionVector, scope: SegmentScope, depth: number): Promise<Found[]> {
    const parameters = new Parameters();
    const likeness = `inner_product(f.vector, ${parameters.add([...vector])}::real[])`;
    const sql = `SELECT "segmentId", "videoId", "startTime", "endTime", source, text, score FROM (
         SELECT *, (avg(score) OVER () + max(score) OVER ()) / 2 AS least FROM (
           SELECT NULL AS "segmentId", NULL AS source, NULL AS text, f.video_id AS "videoId", f.second::double precision AS "startTime",
                  f.until::double precision AS "endTime", ${likeness} AS score
             FROM frame_vectors f JOIN videos v ON v.id = f.video_id
            WHERE f.model = ${parameters.add(name)} AND ${secondConditions(scope, parameters, 'f.until')}) AS compared) AS weighed
        WHERE score > 0 AND score >= least ORDER BY score DESC, "videoId", "startTime" LIMIT ${depth}`;
    return boundedRead(this.dataSource, sql, parameters.values);
  }

  private byServer({ name, vector }: QuestionVector, scope: SegmentScope, depth: number): Promise<Found[]> {
    const parameters = new Parameters();
    const distance = ServerVectors.distance('e.vector', parameters.add(JSON.stringify([...vector])), vector.length);
    const sql = `SELECT * FROM (
       SELECT ${FOUND_SEGMENT}, -(${distance}) AS score
         FROM segment_vectors e JOIN segments s ON s.id = e.segment_id JOIN videos v ON v.id = s.video_id
        WHERE cardinality(e.vector) = ${vector.length} AND e.model = ${parameters.add(name)} AND ${segmentConditions(scope, parameters)}
        ORDER BY ${distance} LIMIT ${depth}) AS nearest
      WHERE score > 0 ORDER BY score DESC, "segmentId"`;
    return boundedRead(this.dataSource, sql, parameters.values, ServerVectors.SETTINGS);
  }

  /** Undefined where the tenant's vectors do not fit into memory. */
  private async byIndex({ name, vector }: QuestionVector, scope: SegmentScope, depth: number): Promise<Found[] | undefined> {
    const { tenantId, types, sources, minConfidence, startTime, endTime } = scope;
    const filter = { types, sources, minConfidence, startTime, endTime, videos: await this.videosOf(scope) };
    for (let most = Math.ceil(depth * SPARE); ; most *= FURTHER) {
      const nearest = await this.index.nearest({ tenantId, model: name }, vector, most, filter);
      if (!nearest) return undefined;
      const found = await this.thoseLeft(nearest, scope, depth);
      if (found.length === depth || nearest.length < most) return found;
    }
  }

  /** What the index names, without what is gone, and with what it does not know checked. */
  private thoseLeft(nearest: readonly Nearest[], scope: SegmentScope, depth: number): Promise<Found[]> {
    const scores = new Map(nearest.map(({ id, score }) => [id, score]));
    const parameters = new Parameters();
    const named = `unnest(${parameters.add([...scores.keys()])}::uuid[], ${parameters.add([...scores.values()])}::double precision[])`;
    const sql = `SELECT ${FOUND_SEGMENT}, named.score FROM ${named} AS named(id, score) JOIN segments s USING (id) JOIN videos v ON v.id = s.video_id
                  WHERE ${segmentConditions(scope, parameters)} ORDER BY score DESC, s.id LIMIT ${depth}`;
    return boundedRead(this.dataSource, sql, parameters.values);
  }

  /** Where a filter says something of the videos: those that pass it. */
  private async videosOf(scope: SegmentScope): Promise<string[] | undefined> {
    if (scope.createdAfter === undefined) return scope.videoIds && [...scope.videoIds];
    const parameters = new Parameters();
    const rows = await this.dataSource.query<{ id: string }[]>(`SELECT v.id FROM videos v WHERE ${videoConditions(scope, parameters)}`, parameters.values);
    return rows.map(({ id }) => id);
  }
}

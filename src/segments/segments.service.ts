// Segments: written with the state of the work that made them, read by filter and page.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { z } from 'zod';
import { newId } from '../platform/database/id.js';
import { decodeCursor, encodeCursor } from '../platform/http/cursor.js';
import { videoNotFound } from '../videos/index.js';
import { CURRENT_TASK } from './current-task.js';
import { type NewSegment, Segment, type SegmentSource } from './segment.entity.js';
import { type Condition, segmentCondition } from './segment-filter.js';
import { SEGMENT_RESOURCE, type SegmentQuery } from './segment.schema.js';

/** Where a batch of segments belongs; writing the same batch again replaces it. */
export interface SegmentBatch {
  readonly videoId: string;
  /** Null: what belongs to the video itself. */
  readonly taskId: string | null;
  readonly trackId?: string | undefined;
  readonly source: SegmentSource;
  /** Null: the whole. */
  readonly windowOrdinal: number | null;
}

/** Start and id of the last segment, and the analysis that is being read: a newer one does not get into the pages of an older. */
const place = z.tuple([z.number(), z.uuid(), z.uuid().nullable()]);
const PAGE_OF_ALL = 1000;
/** A statement holds 65,535 values. */
const ROWS_PER_INSERT = 1000;

/** One page of the segments `s` that meet a condition, as the text of their resources; a row for the video, none where it is not the tenant's. */
const pageSql = (condition: string): string => `
  WITH page AS (
    SELECT s.id, s.start_time, row_number() OVER (ORDER BY s.start_time, s.id) AS place, (SELECT row_to_json(shown) FROM (SELECT ${SEGMENT_RESOURCE}) AS shown)::text AS text
      FROM segments s WHERE ${condition} ORDER BY s.start_time, s.id LIMIT :limit + 1)
  SELECT v.current_task_id AS "currentTask", COALESCE(string_agg(text, ',' ORDER BY place) FILTER (WHERE place <= :limit), '') AS data, count(page.id) > :limit AS more,
         max(page.start_time) FILTER (WHERE place = :limit) AS "lastStart", max(page.id::text) FILTER (WHERE place = :limit) AS "lastId"
    FROM videos v LEFT JOIN page ON true WHERE v.id = :videoId AND v.tenant_id = :tenantId AND v.status = 'ready' GROUP BY v.id`;

interface PageRow {
  readonly currentTask: string | null;
  readonly data: string;
  readonly more: boolean;
  readonly lastStart: number;
  readonly lastId: string;
}

@Injectable()
export class SegmentsService {
  constructor(private readonly dataSource: DataSource) {}

  /** Replaces the batch inside the caller's transaction. */
  async replace(manager: EntityManager, batch: SegmentBatch, segments: readonly NewSegment[]): Promise<void> {
    const { windowOrdinal, trackId = null } = batch;
    await manager.delete(Segment, { ...ownerOf(batch), windowOrdinal: windowOrdinal ?? IsNull(), trackId: trackId ?? IsNull() });
    await this.add(manager, batch, segments);
  }

  /** Writes a batch of which nothing is there, inside the caller's transaction. */
  async add(manager: EntityManager, batch: SegmentBatch, segments: readonly NewSegment[]): Promise<void> {
    const { trackId = null } = batch;
    const rows = segments.map((segment, ordinal) => ({ ...segment, ...batch, trackId, id: newId(), ordinal, fields: segment.fields ?? null }));
    for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
      await manager.createQueryBuilder().insert().into(Segment).values(rows.slice(from, from + ROWS_PER_INSERT) as object[]).updateEntity(false).execute();
    }
  }

  /** Replaces what single windows, or chunks, said by the merged whole, inside the caller's transaction. */
  async replaceWindows(manager: EntityManager, batch: Omit<SegmentBatch, 'windowOrdinal'>, segments: readonly NewSegment[]): Promise<void> {
    await manager.delete(Segment, ownerOf(batch));
    await this.replace(manager, { ...batch, windowOrdinal: null }, segments);
  }

  /** What the windows of a task have said so far, in order. */
  ofWindows(manager: EntityManager, taskId: string): Promise<Segment[]> {
    return manager.find(Segment, { where: { taskId, source: 'model' }, order: { windowOrdinal: 'ASC', ordinal: 'ASC' } });
  }

  /**
   * One page as JSON, in order of start: what belongs to the video, and to one analysis: `task_id`, else the current one. Nothing is asked for more
   * often, so Postgres looks for it and writes it down in one statement. Rejects with `video.not_found`.
   */
  async page(videoId: string, tenantId: string, query: SegmentQuery): Promise<string> {
    const after = decodeCursor(query.cursor, place);
    const taskId = query.task_id ?? after?.[2];
    const { sql, parameters } = conditionBehind(after, segmentCondition(videoId, taskId, query));
    const [row] = await this.dataSource.query<PageRow[]>(...this.dataSource.driver.escapeQueryWithParameters(pageSql(sql), { ...parameters, tenantId, limit: query.limit }));
    if (!row) throw videoNotFound(videoId);
    const cursor = row.more ? encodeCursor([row.lastStart, row.lastId, taskId === undefined ? row.currentTask : taskId]) : null;
    return `{"data":[${row.data}],"next_cursor":${JSON.stringify(cursor)}}`;
  }

  /** Every segment that the filter lets through, page after page. */
  async *all(videoId: string, query: SegmentQuery): AsyncGenerator<Segment> {
    let after = decodeCursor(query.cursor, place);
    const taskId = query.task_id ?? (after ? after[2] : await this.currentTask(videoId));
    for (;;) {
      const { sql, parameters } = conditionBehind(after, segmentCondition(videoId, taskId, query));
      const rows = await this.dataSource.getRepository(Segment).createQueryBuilder('s').where(sql, parameters).orderBy('s.startTime').addOrderBy('s.id').limit(PAGE_OF_ALL).getMany();
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE_OF_ALL) return;
      after = [last.startTime, last.id, taskId];
    }
  }

  /** The analysis that is read where none is named. */
  async currentTask(videoId: string): Promise<string | null> {
    const rows = await this.dataSource.query<{ id: string }[]>(CURRENT_TASK, [videoId]);
    return rows[0]?.id ?? null;
  }
}

const ownerOf = ({ videoId, taskId, source }: Pick<SegmentBatch, 'videoId' | 'taskId' | 'source'>) => ({ videoId, taskId: taskId ?? IsNull(), source });

/** Of what meets the condition, what comes behind a place of the list. */
const conditionBehind = (after: z.infer<typeof place> | undefined, { sql, parameters }: Condition): Condition =>
  after ? { sql: `${sql} AND (s.start_time, s.id) > (:at::double precision, :id::uuid)`, parameters: { ...parameters, at: after[0], id: after[1] } } : { sql, parameters };

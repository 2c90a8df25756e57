// Segments: written with the state of the work that made them, read by filter and page.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, type SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { newId } from '../platform/database/id.js';
import { cutPage, decodeCursor } from '../platform/http/cursor.js';
import { videoNotFound } from '../videos/index.js';
import { CURRENT_TASK } from './current-task.js';
import { type NewSegment, Segment, type SegmentSource } from './segment.entity.js';
import { filterSegments } from './segment-filter.js';
import { type SegmentQuery } from './segment.schema.js';

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

/** What is shown of a segment `s`, as `presentSegment` does. */
const RESOURCE = `s.id AS id, 'segment' AS object, s.video_id AS video_id, s.task_id AS task_id, s.start_time AS start_time, s.end_time AS end_time,
  s.type AS type, s.text AS text, s.confidence AS confidence, s.source AS source, s.fields AS fields, s.evidence AS evidence`;

/** A segment of a page; of a page without any, nothing but the analysis. */
interface PageRow {
  readonly currentTask: string | null;
  readonly id: string | null;
  readonly startTime: number;
  readonly text: string;
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
   * One page, in order of start: what belongs to the video, and to one analysis: `task_id`, else the current one. Each segment is the text that
   * Postgres makes of it; all is one statement, as nothing is asked for more often. Rejects with `video.not_found`.
   */
  async page(videoId: string, tenantId: string, query: SegmentQuery) {
    const after = decodeCursor(query.cursor, place);
    const taskId = query.task_id ?? after?.[2];
    const [sql, parameters] = this.find(videoId, taskId, query, after).select(RESOURCE).limit(query.limit + 1).getQueryAndParameters();
    const rows = await this.dataSource.query<PageRow[]>(
      `SELECT v.current_task_id AS "currentTask", page.* FROM videos v
         LEFT JOIN (SELECT id, start_time AS "startTime", row_to_json(segment)::text AS text FROM (${sql}) AS segment) AS page ON true
        WHERE v.id = $${parameters.length + 1} AND v.tenant_id = $${parameters.length + 2} AND v.status = 'ready' ORDER BY "startTime", id`,
      [...parameters, videoId, tenantId],
    );
    const [first] = rows;
    if (!first) throw videoNotFound(videoId);
    const read = taskId === undefined ? first.currentTask : taskId;
    const page = cutPage(first.id === null ? [] : rows, query.limit, ({ startTime, id }) => [startTime, id, read]);
    return { ...page, data: page.data.map(({ text }) => text) };
  }

  /** Every segment that the filter lets through, page after page. */
  async *all(videoId: string, query: SegmentQuery): AsyncGenerator<Segment> {
    let after = decodeCursor(query.cursor, place);
    const taskId = query.task_id ?? (after ? after[2] : await this.currentTask(videoId));
    for (;;) {
      const rows = await this.find(videoId, taskId, query, after).limit(PAGE_OF_ALL).getMany();
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE_OF_ALL) return;
      after = [last.startTime, last.id, taskId];
    }
  }

  private find(videoId: string, taskId: string | null | undefined, query: SegmentQuery, after: z.infer<typeof place> | undefined): SelectQueryBuilder<Segment> {
    const rows = filterSegments(this.dataSource.getRepository(Segment).createQueryBuilder('s'), videoId, taskId, query);
    if (after) rows.andWhere('(s.start_time, s.id) > (:at::double precision, :id::uuid)', { at: after[0], id: after[1] });
    return rows.orderBy('s.startTime').addOrderBy('s.id');
  }

  /** The analysis that is read where none is named. */
  async currentTask(videoId: string): Promise<string | null> {
    const rows = await this.dataSource.query<{ id: string }[]>(CURRENT_TASK, [videoId]);
    return rows[0]?.id ?? null;
  }
}

const ownerOf = ({ videoId, taskId, source }: Pick<SegmentBatch, 'videoId' | 'taskId' | 'source'>) => ({ videoId, taskId: taskId ?? IsNull(), source });

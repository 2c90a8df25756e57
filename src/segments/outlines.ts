// Long lists of segments, without reading them out: their pages, and their marks on a timeline.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { encodeCursor } from '../platform/http/cursor.js';
import { type MarksQuery, type OutlineQuery, type SegmentMark } from './outline.schema.js';
import { Segment } from './segment.entity.js';
import { segmentCondition, type SegmentFilter } from './segment-filter.js';
import { SegmentsService } from './segments.service.js';

const MOST_MARKS = 20_000;

interface PlaceInList {
  readonly number: number;
  readonly startTime: number;
  readonly id: string;
}

@Injectable()
export class Outlines {
  constructor(
    private readonly dataSource: DataSource,
    private readonly segments: SegmentsService,
  ) {}

  async outline(videoId: string, { page_size: size, task_id, ...filter }: OutlineQuery) {
    const taskId = task_id ?? (await this.segments.currentTask(videoId));
    const [places, [count], types] = await Promise.all([
      this.edgesOfPages(videoId, taskId, filter, size),
      this.rows(videoId, taskId, filter).select('count(*)::int', 'count').getRawMany<{ count: number }>(),
      this.rows(videoId, taskId, {}).select('s.type', 'type').addSelect('count(*)::int', 'count').groupBy('s.type').orderBy('s.type').getRawMany<{ type: string; count: number }>(),
    ]);
    const firsts = places.filter(({ number }) => number % size === 0);
    const lasts = new Map(places.map((place) => [place.number, place]));
    const pages = firsts.map(({ number, startTime }) => {
      const before = lasts.get(number - 1);
      return { start_time: startTime, cursor: before ? encodeCursor([before.startTime, before.id, taskId]) : null };
    });
    return { object: 'segment_outline' as const, task_id: taskId, count: count?.count ?? 0, types, pages };
  }

  /** Long ones each, short ones by the part of the range in which they begin. */
  async marks(videoId: string, { parts, task_id, start_time: from, end_time: to, ...filter }: MarksQuery) {
    const taskId = task_id ?? (await this.segments.currentTask(videoId));
    const part = (to - from) / parts;
    const rows = (): ReturnType<Outlines['rows']> => this.rows(videoId, taskId, { ...filter, start_time: from, end_time: to });
    const columns = (first: (column: string) => string, count: string): string =>
      `CASE WHEN ${count} = 1 THEN ${first('s.id::text')} END AS id, ${first('s.source')} AS source, ${first('s.text')} AS text, ${count}::int AS count`;
    const [long, short] = await Promise.all([
      rows()
        .andWhere('s.end_time - s.start_time >= :part', { part })
        .select(`s.type AS type, s.start_time AS start_time, s.end_time AS end_time, ${columns((column) => column, '1')}`)
        .orderBy('s.startTime')
        .addOrderBy('s.id')
        .limit(MOST_MARKS + 1)
        .getRawMany<SegmentMark>(),
      rows()
        .andWhere('s.end_time - s.start_time < :part', { part })
        .select(`s.type AS type, min(s.start_time) AS start_time, max(s.end_time) AS end_time, ${columns((column) => `min(${column})`, 'count(*)')}`)
        .groupBy('s.type')
        .addGroupBy('floor(s.start_time / :part)')
        .getRawMany<SegmentMark>(),
    ]);
    const data = [...long.slice(0, MOST_MARKS), ...short].sort((a, b) => a.start_time - b.start_time || a.type.localeCompare(b.type));
    return { object: 'segment_marks' as const, data, more: long.length > MOST_MARKS };
  }

  private rows(videoId: string, taskId: string | null, filter: SegmentFilter) {
    const { sql, parameters } = segmentCondition(videoId, taskId, filter);
    return this.dataSource.getRepository(Segment).createQueryBuilder('s').where(sql, parameters);
  }

  /** The first and the last row of every page, by number. */
  private async edgesOfPages(videoId: string, taskId: string | null, filter: SegmentFilter, size: number): Promise<PlaceInList[]> {
    const numbered = this.rows(videoId, taskId, filter)
      .select('s.start_time', 'startTime')
      .addSelect('s.id', 'id')
      .addSelect('(row_number() OVER (ORDER BY s.start_time, s.id) - 1)::int', 'number');
    const [sql, parameters] = numbered.getQueryAndParameters();
    return this.dataSource.query<PlaceInList[]>(`SELECT * FROM (${sql}) AS numbered WHERE number % ${size} = 0 OR (number + 1) % ${size} = 0 ORDER BY number`, parameters);
  }
}

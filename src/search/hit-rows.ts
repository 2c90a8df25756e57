// What is told of the segments that were found, with the words that were looked for marked.
import type { DataSource } from 'typeorm';
import { type Segment } from '../segments/index.js';
import { type FusedHit } from './fused-hits.js';
import { type Hit } from './search.schema.js';
import { textQuery } from './text-query.js';

interface SegmentRow {
  readonly id: string;
  readonly task_id: string | null;
  readonly type: string;
  readonly text: string;
  readonly source: Segment['source'];
  readonly confidence: number | null;
  readonly marked: string | null;
}

/** No text has these: Unicode leaves them to private use, and here they are turned into tags once the rest is escaped. */
const [OPEN, CLOSE] = ['\uE0F1', '\uE0F2'];
const HEADLINE = `StartSel=${OPEN}, StopSel=${CLOSE}, HighlightAll=true`;

export async function presentHits(dataSource: DataSource, hits: readonly FusedHit[], query: string | undefined): Promise<Hit[]> {
  const { any } = query === undefined ? { any: '' } : await textQuery(dataSource, query);
  const ids = hits.flatMap(({ segmentId }) => segmentId ?? []);
  const rows = await dataSource.query<SegmentRow[]>(
    `SELECT id, task_id, type, text, source, confidence, CASE WHEN $2 <> '' THEN ts_headline('english', text, $2::tsquery, $3) END AS marked
       FROM segments WHERE id = ANY ($1::uuid[])`,
    [ids, any, HEADLINE],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return hits.flatMap((hit) => {
    const row = hit.segmentId === null ? undefined : byId.get(hit.segmentId);
    return hit.segmentId !== null && !row ? [] : [presentHit(hit, row)]; // one that was replaced meanwhile is gone
  });
}

function presentHit(hit: FusedHit, row: SegmentRow | undefined): Hit {
  return {
    object: 'hit',
    kind: row ? 'segment' : 'frames',
    video_id: hit.videoId,
    start_time: hit.startTime,
    end_time: hit.endTime,
    score: hit.score,
    found_by: hit.foundBy.map((found) => ({ ...found })),
    segment_id: row?.id ?? null,
    task_id: row?.task_id ?? null,
    type: row?.type ?? null,
    text: row?.text ?? null,
    highlight: row?.marked ? highlight(row.marked) : null,
    source: row?.source ?? null,
    confidence: row?.confidence ?? null,
  };
}

/** The text as HTML; null where nothing is marked. */
export function highlight(marked: string): string | null {
  if (!marked.includes(OPEN)) return null;
  const escaped = marked.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll(OPEN, '<mark>').replaceAll(CLOSE, '</mark>');
}

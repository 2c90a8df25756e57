// A long list of segments at a glance, and as marks of a timeline: what a page needs that cannot hold them all.
import { z } from 'zod';
import { segmentFilter } from './segment.schema.js';

export const outlineQuery = z.object({ ...segmentFilter, page_size: z.coerce.number().int().min(10).max(1000).default(200).describe('Rows of a page.') });
export type OutlineQuery = z.infer<typeof outlineQuery>;

export const outlineResource = z
  .object({
    object: z.literal('segment_outline'),
    task_id: z.uuid().nullable().describe('The analysis that is read.'),
    count: z.number().int().describe('Segments that the filter lets through.'),
    types: z.array(z.object({ type: z.string(), count: z.number().int() })).describe('Of all segments, whatever the filter.'),
    pages: z
      .array(z.object({ start_time: z.number().describe('Of its first segment.'), cursor: z.string().nullable().describe('`cursor` of the list that gives it; null for the first page.') }))
      .describe('The pages of the list with `limit` = page_size, any of which can be asked for by itself.'),
  })
  .meta({ id: 'SegmentOutline' });

/** Parts of the range: as many as a wide screen has pixels, twice over. */
const MOST_PARTS = 8192;

export const marksQuery = z
  .object({
    ...segmentFilter,
    start_time: z.coerce.number().min(0).default(0).describe('Begin of the range.'),
    end_time: z.coerce.number().positive().describe('End of the range.'),
    parts: z.coerce.number().int().min(1).max(MOST_PARTS).default(2048).describe('Into how many the range is cut: segments shorter than a part that begin in the same one are one mark.'),
  })
  .refine(({ start_time: from, end_time: to }) => to > from, { path: ['end_time'], message: 'must be after start_time' });
export type MarksQuery = z.infer<typeof marksQuery>;

export const marksResource = z
  .object({
    object: z.literal('segment_marks'),
    data: z.array(
      z
        .object({
          id: z.uuid().nullable().describe('The segment; null where it is several.'),
          type: z.string(),
          source: z.enum(['model', 'signal', 'track']),
          start_time: z.number(),
          end_time: z.number(),
          text: z.string().describe('Of the first.'),
          count: z.number().int(),
        })
        .meta({ id: 'SegmentMark' }),
    ),
    more: z.boolean().describe('True where there are more long segments than are given.'),
  })
  .meta({ id: 'SegmentMarks' });

export type SegmentMark = z.infer<typeof marksResource>['data'][number];

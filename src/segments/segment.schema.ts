// The segment resource and the filters of its list.
import { z } from 'zod';
import { type ExportRecord, exportQuery } from '../exports/index.js';
import { pageQuery, pageOf } from '../platform/http/cursor.js';
import { plainText } from '../platform/http/text.js';
import { type Segment } from './segment.entity.js';

const seconds = z.coerce.number().min(0);

export const segmentFilter = {
  type: plainText(64).optional().describe('Only this type: event, shot, fade, dissolve, black, freeze, silence, camera, speech, chapter, or one that a segment definition names.'),
  source: z.enum(['model', 'signal', 'track']).optional().describe('Only what the model said, what was measured, or what tracks say.'),
  text: plainText(200).optional().describe('Only segments whose text holds each of these words, or parts of words.'),
  min_confidence: z.coerce.number().min(0).max(1).optional().describe('Only segments at least this sure.'),
  task_id: z.uuid().optional().describe('The analysis to read; default the newest finished one that describes the events of as much of the video as any; where none is finished, of those that run.'),
};

export const segmentQuery = pageQuery
  .extend({
    ...segmentFilter,
    start_time: seconds.optional().describe('Only segments that end after this second.'),
    end_time: seconds.optional().describe('Only segments that start before this second.'),
    ...exportQuery,
  })
  .refine(({ start_time: from = 0, end_time: to = Infinity }) => to > from, { path: ['end_time'], message: 'must be after start_time' });

export type SegmentQuery = z.infer<typeof segmentQuery>;

export const segmentResource = z
  .object({
    id: z.uuid(),
    object: z.literal('segment'),
    video_id: z.uuid(),
    task_id: z.uuid().nullable().describe('The analysis; null for what belongs to the video itself.'),
    start_time: z.number().describe('Seconds from the first presented frame.'),
    end_time: z.number(),
    type: z.string(),
    text: z.string(),
    confidence: z.number().nullable(),
    source: z.enum(['model', 'signal', 'track']),
    fields: z.record(z.string(), z.unknown()).nullable().describe('What the segment definition asked to note.'),
    evidence: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Segment' });

export type SegmentResource = z.infer<typeof segmentResource>;
export const segmentPage = pageOf(segmentResource).meta({ id: 'SegmentPage' });

export function presentSegment(segment: Segment): SegmentResource {
  return {
    id: segment.id,
    object: 'segment',
    video_id: segment.videoId,
    task_id: segment.taskId,
    start_time: segment.startTime,
    end_time: segment.endTime,
    type: segment.type,
    text: segment.text,
    confidence: segment.confidence,
    source: segment.source,
    fields: segment.fields,
    evidence: { ...segment.evidence },
  };
}

/** The same as columns of a segment `s`. */
export const SEGMENT_RESOURCE = `s.id, 'segment' AS object, s.video_id, s.task_id, s.start_time, s.end_time, s.type, s.text, s.confidence, s.source, s.fields, s.evidence`;

export const exportSegment = (segment: Segment): ExportRecord => ({
  id: segment.id,
  startSeconds: segment.startTime,
  endSeconds: segment.endTime,
  type: segment.type,
  text: segment.text,
  confidence: segment.confidence,
  source: segment.source,
  resource: presentSegment(segment),
});

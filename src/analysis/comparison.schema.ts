// Two analyses of the same video side by side, as the API shows them.
import { z } from 'zod';
import { type Pair, type TypedEvent } from '../model/metrics/agreement.js';
import { type Segment } from '../segments/index.js';
import { taskId } from './task.schema.js';

export const comparisonQuery = z.object({
  with: taskId.describe('The other analysis, of the same video.'),
  min_iou: z.coerce.number().min(0).max(1).default(0.5).describe('Overlap (intersection over union) from which two segments count as the same.'),
});
export type ComparisonQuery = z.infer<typeof comparisonQuery>;

const comparedSegment = z
  .object({ id: z.uuid(), start_time: z.number(), end_time: z.number(), type: z.string(), text: z.string(), confidence: z.number().nullable() })
  .meta({ id: 'ComparedSegment' });

const pairResource = z.object({
  found: z.enum(['both', 'only_a', 'only_b']),
  a: comparedSegment.nullable(),
  b: comparedSegment.nullable(),
  iou: z.number().nullable(),
  start_difference: z.number().nullable().describe('Seconds by which b begins later than a.'),
  end_difference: z.number().nullable().describe('Seconds by which b ends later than a.'),
  same_words: z.boolean().nullable().describe('Of the same type, and described in the same words.'),
});

export const comparisonResource = z
  .object({
    object: z.literal('comparison'),
    video_id: z.uuid(),
    a: taskId,
    b: taskId,
    min_iou: z.number(),
    counts: z.object({ both: z.number().int(), same_words: z.number().int(), only_a: z.number().int(), only_b: z.number().int() }),
    agreement: z.number().min(0).max(1).describe('Share of all segments of both that are in both (F1); 1 where neither has any.'),
    mean_iou: z.number().nullable().describe('Of those in both.'),
    data: z.array(pairResource).describe('In order of time.'),
  })
  .meta({ id: 'Comparison' });

/** A stored segment as the arithmetic knows events. */
export interface ComparedEvent extends TypedEvent {
  readonly segment: Segment;
}

export function presentComparison({ videoId, a, b, minIou }: { videoId: string; a: string; b: string; minIou: number }, pairs: readonly Pair<ComparedEvent>[]): z.infer<typeof comparisonResource> {
  const both = pairs.filter((pair) => pair.a && pair.b);
  const [onlyA, onlyB] = [pairs.filter((pair) => !pair.b).length, pairs.filter((pair) => !pair.a).length];
  const all = 2 * both.length + onlyA + onlyB;
  return {
    object: 'comparison',
    video_id: videoId,
    ...{ a, b, min_iou: minIou },
    counts: { both: both.length, same_words: both.filter(({ sameWords }) => sameWords).length, only_a: onlyA, only_b: onlyB },
    agreement: all === 0 ? 1 : (2 * both.length) / all,
    mean_iou: both.length === 0 ? null : both.reduce((sum, { iou }) => sum + iou, 0) / both.length,
    data: pairs.map(presentPair),
  };
}

function presentPair({ a, b, iou, sameWords }: Pair<ComparedEvent>): z.infer<typeof pairResource> {
  const both = a !== undefined && b !== undefined;
  return {
    found: both ? 'both' : a ? 'only_a' : 'only_b',
    a: a ? presentSegment(a) : null,
    b: b ? presentSegment(b) : null,
    iou: both ? iou : null,
    start_difference: both ? b.startSeconds - a.startSeconds : null,
    end_difference: both ? b.endSeconds - a.endSeconds : null,
    same_words: both ? sameWords : null,
  };
}

const presentSegment = ({ segment: { id, startTime, endTime, type, text, confidence } }: ComparedEvent): z.infer<typeof comparedSegment> => ({
  id,
  start_time: startTime,
  end_time: endTime,
  ...{ type, text, confidence },
});

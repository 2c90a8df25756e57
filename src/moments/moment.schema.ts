// The moments resource: a question with its answers.
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { type ExportRecord, exportQuery } from '../exports/index.js';
import { plainText } from '../platform/http/text.js';
import { range, sampling } from '../analysis/index.js';
import { type Moment, type MomentQuery } from './moment-query.entity.js';

export const momentQueryId = z.uuid().describe('Id of a question.');

export const momentRequest = z
  .strictObject({
    query: plainText(1000).describe('What to look for, for instance "the red circle moves left".'),
    top_k: z.number().int().min(1).max(50).default(5).describe('Most moments to return.'),
    ...range,
    sampling: sampling.optional(),
    wait: z.number().min(0).max(120).default(60).describe('Seconds to wait for the answer before 202 is returned.'),
  })
  .refine((body) => body.end_time === undefined || body.end_time > (body.start_time ?? 0), {
    path: ['end_time'],
    message: 'must be after start_time',
  });

export type MomentBody = z.infer<typeof momentRequest>;

export const momentFileQuery = z.object(exportQuery);
export type MomentFileQuery = z.infer<typeof momentFileQuery>;

const momentResource = z
  .object({
    id: z.uuid(),
    rank: z.number().int(),
    start_time: z.number().describe('Seconds from the first presented frame.'),
    end_time: z.number(),
    confidence: z.number(),
    source: z.literal('model'),
    evidence: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Moment' });

export const momentsResource = z
  .object({
    id: momentQueryId,
    object: z.literal('moments'),
    video_id: z.uuid(),
    query: z.string(),
    status: z.enum(['queued', 'processing', 'ready', 'failed']),
    answer: z.enum(['found', 'not_in_video']).nullable().describe('Null until the question is answered.'),
    data: z.array(momentResource).describe('Best first.'),
    searched: z.record(z.string(), z.unknown()).nullable().describe('The windows that were looked at, and what was said of each.'),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Moments' });

export function presentMoments(query: MomentQuery, moments: readonly Moment[]): z.infer<typeof momentsResource> {
  return {
    id: query.id,
    object: 'moments',
    video_id: query.videoId,
    query: query.query,
    status: query.status,
    answer: query.answer,
    data: moments.map(presentMoment),
    searched: query.searched && { ...query.searched },
    error: query.errorCode ? { code: query.errorCode, message: query.errorMessage ?? '' } : null,
    created_at: query.createdAt.toISOString(),
    finished_at: query.finishedAt?.toISOString() ?? null,
  };
}

const presentMoment = (moment: Moment): z.infer<typeof momentResource> => ({
  id: moment.id,
  rank: moment.rank,
  start_time: moment.startTime,
  end_time: moment.endTime,
  confidence: moment.confidence,
  source: moment.source,
  evidence: { ...moment.evidence },
});

/** The moments in order of time. Throws `moments.not_answered`: an empty file would say "not in this video". */
export function exportMoments(question: MomentQuery, moments: readonly Moment[]): ExportRecord[] {
  if (question.status !== 'ready') {
    throw new AppError('moments.not_answered', `Question ${question.id} is ${question.status}; there is no file of it.`);
  }
  return [...moments]
    .sort((a, b) => a.startTime - b.startTime)
    .map((moment) => ({
      id: moment.id,
      startSeconds: moment.startTime,
      endSeconds: moment.endTime,
      type: 'moment',
      text: question.query,
      confidence: moment.confidence,
      source: moment.source,
      resource: presentMoment(moment),
    }));
}

// The moments resource: a question with its answers.
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { type ExportRecord, exportQuery } from '../exports/index.js';
import { plainText } from '../platform/http/text.js';
import { range, sampling } from '../analysis/index.js';
import { type Moment, type MomentQuery } from './moment-query.entity.js';
import { normalizeQuery } from './answer-key.js';

export const momentQueryId = z.uuid().describe('Id of a question.');

/** A question in words, at least one of them visible. */
export const question = plainText(1000).refine((text) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(normalizeQuery(text)), { message: 'must contain a word' });

export const wait = z.number().min(0).max(120).default(60);

export const momentRequest = z
  .strictObject({
    query: question.describe('What to look for, for instance "the red circle moves left".'),
    top_k: z.number().int().min(1).max(50).default(5).describe('Most moments to return.'),
    ...range,
    allow_none: z
      .boolean()
      .default(true)
      .describe('True: what is not sure enough is rejected, and the answer may be "not_in_video". False: the best candidate is returned anyway.'),
    curve: z.boolean().default(false).describe('Return the saliency curve too.'),
    sampling: sampling.optional(),
    wait: wait.describe('Seconds to wait for the answer before 202 is returned.'),
  })
  .refine((body) => body.end_time === undefined || body.end_time > (body.start_time ?? 0), {
    path: ['end_time'],
    message: 'must be after start_time',
  });

export type MomentBody = z.infer<typeof momentRequest>;

export const momentFileQuery = z.object(exportQuery);
export type MomentFileQuery = z.infer<typeof momentFileQuery>;

const scores = z
  .object({
    occurrence: z.number().describe('Natural log-odds of "yes" when the model was asked whether it occurs in the window.'),
    described: z.boolean().nullable().describe('Whether the analysis describes the same seconds in the words of the question; null where it did not look.'),
    grounding: z.number().describe('Geometric mean of the probabilities of the time tokens, 0 to 1; 0 where no time was named.'),
    retrieval: z.number().describe('Reciprocal rank fusion of the lists that led to the window: words, vectors, the model.'),
  })
  .meta({ id: 'MomentScores' });

const windowEvidence = z
  .object({
    ordinal: z.number().int(),
    start_time: z.number(),
    end_time: z.number(),
    effective_fps: z.number(),
    second_per_grid_ts: z.number(),
    frames: z.number().int().describe('Frames of the window that the model looked at.'),
    frame_times: z.array(z.number()).describe('Those inside the moment, seconds.'),
    prompt_hash: z.string(),
    seen: z.enum(['now', 'disk', 'memory']).describe('Decoded for this question, or kept on disk or in memory from before.'),
  })
  .meta({ id: 'MomentWindow' });

const evidence = z
  .object({
    model: z.object({ name: z.string(), hash: z.string() }),
    windows: z.array(windowEvidence),
    verification: z.number().nullable().describe('Probability of "yes" to whether it occurs in the window.'),
  })
  .meta({ id: 'MomentEvidence' });

export const momentResource = z
  .object({
    id: z.uuid(),
    rank: z.number().int(),
    start_time: z.number().describe('Seconds from the first presented frame.'),
    end_time: z.number(),
    confidence: z.number().describe('Calibrated: of moments with 0.7, seven in ten are right, where the model card has a calibration.'),
    scores,
    source: z.literal('model'),
    evidence,
  })
  .meta({ id: 'Moment' });

const searched = z
  .object({
    windows: z.array(
      windowEvidence.omit({ frame_times: true }).extend({
        occurrence: z.number(),
        verification: z.number(),
        answer: z.string().nullable().describe('What the model wrote when asked for times; null where only the check was put to the window.'),
      }),
    ),
    model: z.object({ name: z.string(), hash: z.string() }),
    unparsed: z.number().int().describe('Answers whose times could not be read.'),
    task_id: z.uuid().nullable().describe('The analysis whose windows were searched; null: there is none.'),
    windows_left_out: z.number().int().describe('Windows that were left out because there are more than MOMENT_MAX_WINDOWS.'),
    threshold: z.number().describe('Confidence below which a moment is rejected.'),
  })
  .meta({ id: 'SearchedWindows' });

export const momentsResource = z
  .object({
    id: momentQueryId,
    object: z.literal('moments'),
    video_id: z.uuid(),
    query: z.string(),
    status: z.enum(['queued', 'processing', 'ready', 'failed']),
    answer: z.enum(['found', 'not_in_video']).nullable().describe('Null until the question is answered.'),
    cached: z.boolean().describe('True: asked before of the same video in the same state, and answered without work.'),
    start_time: z.number().describe('The range that was asked about.'),
    end_time: z.number(),
    searched_until: z
      .number()
      .nullable()
      .describe('Everything of the range before this second was searched: less than end_time while the analysis is running, or where the video cannot be read.'),
    data: z.array(momentResource).describe('Best first.'),
    best_rejected: momentResource
      .omit({ id: true, rank: true, source: true })
      .nullable()
      .describe('The best of what was not believed: why the answer is "not_in_video".'),
    curve: z
      .object({ start_time: z.number(), step_seconds: z.number(), values: z.array(z.number().nullable()) })
      .nullable()
      .describe('Natural log-odds that it occurs, one value for each step of the range (null: not searched); null unless asked for.'),
    searched: searched.nullable().describe('The windows that were looked at, and what was said of each.'),
    warnings: z.array(z.object({ code: z.string(), message: z.string(), start_time: z.number().optional(), end_time: z.number().optional() })),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Moments' });

export type MomentsResource = z.infer<typeof momentsResource>;

export function presentMoments(query: MomentQuery, moments: readonly Moment[], { cached }: { cached: boolean }): MomentsResource {
  const { request, searched: windows, rejected, curve, warnings } = query;
  return {
    id: query.id,
    object: 'moments',
    video_id: query.videoId,
    query: query.query,
    status: query.status,
    answer: query.answer,
    cached,
    start_time: request.startTime,
    end_time: request.endTime,
    searched_until: query.searchedUntil,
    data: moments.map(presentMoment),
    best_rejected: rejected && copy(rejected),
    curve: curve && copy(curve),
    searched: windows && copy(windows),
    warnings: copy(warnings),
    error: query.errorCode ? { code: query.errorCode, message: query.errorMessage ?? '' } : null,
    created_at: query.createdAt.toISOString(),
    finished_at: query.finishedAt?.toISOString() ?? null,
  };
}

export const presentMoment = (moment: Moment): z.infer<typeof momentResource> => ({
  id: moment.id,
  rank: moment.rank,
  start_time: moment.startTime,
  end_time: moment.endTime,
  confidence: moment.confidence,
  scores: moment.scores,
  source: moment.source,
  evidence: copy(moment.evidence),
});

type Mutable<T> = T extends readonly (infer Item)[] ? Mutable<Item>[] : T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;

/** What was stored as JSON is shown as it is. */
const copy = <T>(value: T): Mutable<T> => value as Mutable<T>;

/** The moments in order of time. Throws `moments.not_answered`: an empty file would say "not in this video". */
export function exportMoments({ id, status, query }: MomentQuery, moments: readonly Moment[]): ExportRecord[] {
  if (status !== 'ready') throw new AppError('moments.not_answered', `Question ${id} is ${status}; there is no file of it.`);
  return [...moments]
    .sort((a, b) => a.startTime - b.startTime)
    .map((moment) => ({
      id: moment.id,
      startSeconds: moment.startTime,
      endSeconds: moment.endTime,
      type: 'moment',
      text: query,
      confidence: moment.confidence,
      source: moment.source,
      resource: presentMoment(moment),
    }));
}

// The moments resource: a question with its answers.
import { z } from 'zod';
import { exportQuery } from '../exports/index.js';
import { plainText } from '../platform/http/text.js';
import { range, sampling } from '../analysis/index.js';
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

export const momentFileQuery = z.object({
  ...exportQuery,
  searched: z.enum(['best', 'all']).default('best').describe('Windows to show of those that were searched: the 50 that most speaks for, or all.'),
});
export type MomentFileQuery = z.infer<typeof momentFileQuery>;

const scores = z
  .object({
    occurrence: z.number().describe('Natural log-odds of "yes" when the model was asked whether it occurs in the window.'),
    described: z.boolean().nullable().describe('Whether the analysis describes the same seconds in the words of the question; null where it did not look.'),
    grounding: z.number().describe('Geometric mean of the probabilities of the time tokens, 0 to 1; 0 where no time was named.'),
    searched: z.int().nullable().describe('Windows that were searched: the best of many is likelier to be there by chance; null in answers from before it was kept.'),
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
    frames: z.number().int().nullable().describe('Frames of the window that the model looked at; null in answers from before it was kept.'),
    frame_times: z.array(z.number()).describe('Those inside the moment, seconds.'),
    prompt_hash: z.string(),
    seen: z
      .enum(['now', 'disk', 'memory'])
      .nullable()
      .describe('Decoded for this question, or kept on disk or in memory from before; null in answers from before it was kept.'),
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
    scores: scores.nullable().describe('What the confidence is made of; null in answers from before it was kept.'),
    source: z.literal('model'),
    evidence,
  })
  .meta({ id: 'Moment' });

export type MomentResource = z.infer<typeof momentResource>;

const searched = z
  .object({
    windows: z
      .array(
        windowEvidence.omit({ frame_times: true }).extend({
          occurrence: z.number().nullable(),
          verification: z.number().nullable(),
          answer: z.string().nullable().describe('What the model wrote when asked for times; null where only the check was put to the window.'),
        }),
      )
      .describe('In order of time: the 50 that most speaks for, or with `?searched=all` every one.'),
    windows_total: z.number().int().describe('Windows that were searched.'),
    model: z.object({ name: z.string(), hash: z.string() }),
    unparsed: z.number().int().describe('Answers whose times could not be read.'),
    task_id: z.uuid().nullable().describe('The analysis whose windows were searched; null: there is none.'),
    windows_left_out: z.number().int().describe('Windows that were left out because there are more than MOMENT_MAX_WINDOWS.'),
    threshold: z.number().nullable().describe('Confidence below which a moment is rejected; null in answers from before it was kept.'),
  })
  .meta({ id: 'SearchedWindows' });

export const momentsResource = z
  .object({
    id: momentQueryId,
    object: z.literal('moments'),
    video_id: z.uuid(),
    query: z.string(),
    status: z.enum(['queued', 'processing', 'ready', 'failed', 'canceled']),
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

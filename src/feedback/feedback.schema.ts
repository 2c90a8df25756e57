// Feedback as the API takes and shows it.
import { z } from 'zod';
import { type Feedback } from './feedback.entity.js';

export const feedbackRequest = z
  .strictObject({
    question_id: z.uuid().describe('The question that was answered.'),
    moment_id: z.uuid().nullable().default(null).describe('The answer that is judged; null: that it is "not_in_video".'),
    verdict: z.enum(['right', 'wrong']),
    start_time: z.number().min(0).optional().describe('Where the moment really is, with end_time.'),
    end_time: z.number().positive().optional(),
  })
  .refine(({ start_time: from, end_time: to }) => (from === undefined) === (to === undefined), { path: ['end_time'], message: 'goes with start_time' })
  .refine(({ start_time: from, end_time: to }) => from === undefined || to === undefined || to > from, { path: ['end_time'], message: 'must be after start_time' });

export type FeedbackBody = z.infer<typeof feedbackRequest>;

export const feedbackResource = z
  .object({
    id: z.uuid(),
    object: z.literal('feedback'),
    video_id: z.uuid(),
    question_id: z.uuid(),
    moment_id: z.uuid().nullable(),
    verdict: z.enum(['right', 'wrong']),
    start_time: z.number().nullable().describe('Where the moment really is; null where nobody put that right.'),
    end_time: z.number().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Feedback' });

export const feedbackList = z.object({ data: z.array(feedbackResource) }).meta({ id: 'FeedbackList' });

export function presentFeedback({ id, videoId, momentQueryId, momentId, verdict, startTime, endTime, createdAt }: Feedback): z.infer<typeof feedbackResource> {
  return {
    ...{ id, object: 'feedback', video_id: videoId, question_id: momentQueryId, moment_id: momentId, verdict },
    ...{ start_time: startTime, end_time: endTime, created_at: createdAt.toISOString() },
  };
}

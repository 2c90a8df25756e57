// Standing alerts and what they found: what may be asked for, and what the API shows.
import { z } from 'zod';
import { question } from '../moments/index.js';
import { pageOf } from '../platform/http/cursor.js';
import { plainText } from '../platform/http/text.js';
import { type Alert, type AlertMatch } from './alert.entity.js';

export const alertId = z.uuid().describe('Id of an alert.');

const fields = {
  query: question.describe('What to look for in every new video, for instance "a person falls".'),
  min_confidence: z.number().min(0).max(1).describe('Moments that are less sure are not told of; none is that would not be an answer to the question.'),
  filter: z.strictObject({ video_name: plainText(255).optional().describe('Only videos whose name holds this, in any case.') }).describe('Which videos to ask.'),
  enabled: z.boolean(),
};

export const alertRequest = z.strictObject({
  query: fields.query,
  min_confidence: fields.min_confidence.default(0),
  filter: fields.filter.default({}),
  enabled: fields.enabled.default(true),
});
export type AlertBody = z.infer<typeof alertRequest>;

export const alertChange = z.strictObject(fields).omit({ query: true }).partial();
export type AlertChange = z.infer<typeof alertChange>;

export const alertResource = z
  .object({
    id: alertId,
    object: z.literal('alert'),
    ...fields,
    query: z.string(),
    videos: z.object({ asked: z.number().int(), answered: z.number().int(), failed: z.number().int() }).describe('Videos that wait for an answer, have one, or could not be asked.'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Alert' });

export const alertPage = pageOf(alertResource).meta({ id: 'AlertPage' });

export const matchResource = z
  .object({
    id: z.uuid(),
    object: z.literal('alert_match'),
    alert_id: alertId,
    video_id: z.uuid(),
    question_id: z.uuid().describe('The question with its evidence: GET /v1/videos/{video_id}/moments/{question_id}.'),
    start_time: z.number().describe('Seconds from the first presented frame.'),
    end_time: z.number(),
    confidence: z.number(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'AlertMatch' });

export const matchPage = pageOf(matchResource).meta({ id: 'AlertMatchPage' });

export interface AskedVideos {
  readonly asked: number;
  readonly answered: number;
  readonly failed: number;
}

export const presentAlert = (alert: Alert, videos: AskedVideos): z.infer<typeof alertResource> => ({
  id: alert.id,
  object: 'alert',
  query: alert.query,
  min_confidence: alert.minConfidence,
  filter: alert.filter.videoName === undefined ? {} : { video_name: alert.filter.videoName },
  enabled: alert.enabled,
  videos: { ...videos },
  created_at: alert.createdAt.toISOString(),
});

export const presentMatch = (match: AlertMatch): z.infer<typeof matchResource> => ({
  id: match.id,
  object: 'alert_match',
  alert_id: match.alertId,
  video_id: match.videoId,
  question_id: match.momentQueryId,
  start_time: match.startTime,
  end_time: match.endTime,
  confidence: match.confidence,
  created_at: match.createdAt.toISOString(),
});

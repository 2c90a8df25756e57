// The search: what may be looked for across all videos, and what is found.
import { z } from 'zod';
import { momentResource, question, wait } from '../moments/index.js';
import { pageOf } from '../platform/http/cursor.js';
import { plainText } from '../platform/http/text.js';

/** Bytes of a picture that is searched for. */
export const MOST_IMAGE_BYTES = 10 * 1024 * 1024;

/** Characters of it as base64, with the words before it. */
const MOST_BASE64 = Math.ceil((MOST_IMAGE_BYTES * 4) / 3) + 100;

/** A JSON body with such a picture as base64, and the rest of the search. */
export const SEARCH_BODY_BYTES = MOST_BASE64 + 256 * 1024;

const some = <T extends z.ZodType>(item: T, most: number) => z.array(item).min(1).max(most).optional();

const filter = z
  .strictObject({
    video_ids: some(z.uuid(), 1000).describe('Only these videos.'),
    types: some(plainText(64), 100).describe('Only segments of these types: event, speech, chapter, shot ...'),
    sources: some(z.enum(['model', 'signal', 'track']), 3).describe('Only what the model said, what was measured, or what tracks of the file hold.'),
    min_confidence: z.number().min(0).max(1).optional().describe('Only segments at least this sure.'),
    start_time: z.number().min(0).optional().describe('Only what ends after this second of its video.'),
    end_time: z.number().positive().optional().describe('Only what begins before this second of its video.'),
    created_after: z.iso.datetime({ offset: true }).optional().describe('Only videos stored after this instant.'),
  })
  .refine(({ start_time, end_time }) => end_time === undefined || end_time > (start_time ?? 0), { path: ['end_time'], message: 'must be after start_time' });

export const searchRequest = z
  .strictObject({
    query: question.optional().describe('Words to look for; quotes, "or" and a minus mean what they do in web search.'),
    image: z
      .string()
      .min(1)
      .max(MOST_BASE64)
      .optional()
      .describe('A picture as base64, with or without "data:image/...;base64,"; or send it as the file "image" of a multipart form.'),
    filter: filter.default({}),
    group_by: z.enum(['segment', 'video']).default('segment'),
    limit: z.number().int().min(1).max(100).default(20).describe('Results per page.'),
    cursor: z.string().max(512).optional().describe('`next_cursor` of the page before.'),
    ground: z.boolean().default(false).describe('Put the question to the model too, over the best videos.'),
    ground_videos: z.number().int().min(1).max(20).default(5).describe('How many videos the question is put to.'),
    wait: wait.describe('Seconds to wait for the answers of the model.'),
  })
  .refine(({ query, image }) => query !== undefined || image !== undefined, { path: ['query'], message: 'give a query or an image' })
  .refine(({ query, ground }) => query !== undefined || !ground, { path: ['ground'], message: 'needs a query' });

export type SearchBody = z.infer<typeof searchRequest>;

const found = z.object({
  list: z.enum(['text', 'trigram', 'vector', 'frames', 'fingerprint']).describe('By words, by likeness of words, by meaning of texts, by meaning of pictures, by look of pictures.'),
  rank: z.number().int().describe('1 is the best of the list.'),
  score: z.number().describe('What the list is ordered by.'),
});

const hit = z
  .object({
    object: z.literal('hit'),
    kind: z.enum(['segment', 'frames']).describe('A stored segment, or seconds whose pictures match.'),
    video_id: z.uuid(),
    start_time: z.number().describe('Seconds from the first presented frame.'),
    end_time: z.number(),
    score: z.number().describe('Reciprocal rank fusion of all lists.'),
    found_by: z.array(found),
    segment_id: z.uuid().nullable(),
    task_id: z.uuid().nullable(),
    type: z.string().nullable(),
    text: z.string().nullable(),
    highlight: z.string().nullable().describe('The text as HTML, what was looked for in <mark>; null where no word of it was.'),
    source: z.enum(['model', 'signal', 'track']).nullable(),
    confidence: z.number().nullable(),
  })
  .meta({ id: 'SearchHit' });

const group = z
  .object({
    object: z.literal('video_hits'),
    video_id: z.uuid(),
    score: z.number().describe('That of its best hit.'),
    hits_total: z.number().int(),
    hits: z.array(hit).describe('The best ones.'),
  })
  .meta({ id: 'SearchVideo' });

const grounded = z
  .object({
    status: z.enum(['processing', 'ready']).describe('processing: not every video has answered yet; read on under the id of its question.'),
    moments: z.array(momentResource.extend({ video_id: z.uuid() })).describe('Of all videos that answered, surest first.'),
    total: z.number().int().describe('How many videos the search is over; those of `videos` were asked, at most `ground_videos` of them.'),
    videos: z.array(
      z.object({
        video_id: z.uuid(),
        moments_id: z.uuid().nullable().describe('The question: GET /v1/videos/{video_id}/moments/{moments_id}.'),
        status: z.enum(['queued', 'processing', 'ready', 'failed', 'canceled']),
        answer: z.enum(['found', 'not_in_video']).nullable(),
        cached: z.boolean(),
        searched_until: z.number().nullable(),
        error: z.object({ code: z.string(), message: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'SearchGrounded' });

export const searchResource = pageOf(z.union([hit, group]))
  .extend({
    object: z.literal('search'),
    method: z.enum(['words', 'embedding', 'fingerprint']).describe('words; of an image: by meaning, or without an embedder by look (the same shot again).'),
    grounded: grounded.nullable(),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })).describe('Lists that are left out because an embedder is away, or because they take too long; `search.newest_only`: frequent words were looked for among the newest segments alone; `model.*`: what should be known of the model that described what is shown, or that was asked.'),
  })
  .meta({ id: 'Search' });

export type Hit = z.infer<typeof hit>;
export type HitGroup = z.infer<typeof group>;
export type Grounded = z.infer<typeof grounded>;
export type SearchResource = z.infer<typeof searchResource>;

// MCP tools for questions: when something happens in a video, and where in all videos it was found.
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../../app-error.js';
import { isRunning, type MomentsJson } from '../api-types.js';
import { type Call, confidence, cursor, endTime, limitation, limitationOf, next, nextCursor, presentWarnings, seconds, startTime, tool, videoId, waitSeconds, warnings, within } from './tool.js';

const POLL_MS = 250;

export const findMoments = tool({
  name: 'find_moments',
  title: 'Find moments',
  description:
    'Answers when something happens in a video: moments with times, surest first, or that it is not in the video. Works with or without an ' +
    'analysis. After wait_seconds the state so far is given: call it again with moments_id to go on waiting. Canceling the call cancels the question.',
  input: z.strictObject({
    video_id: videoId,
    query: z.string().min(1).max(1000).optional().describe('What to look for, in plain words: "the red circle moves left". One event a question.'),
    moments_id: z.uuid().optional().describe('A question that was asked before, to go on waiting for; instead of query.'),
    start_time: startTime,
    end_time: endTime,
    top_k: z.number().int().min(1).max(50).default(5).describe('Most moments to give.'),
    allow_none: z.boolean().default(true).describe('False: give the best candidate even where it is not believed.'),
    wait_seconds: waitSeconds,
  }),
  output: z.object({
    moments_id: z.uuid(),
    video_id: z.uuid(),
    status: z.enum(['queued', 'processing', 'ready', 'canceled']),
    answer: z.enum(['found', 'not_in_video']).nullable().describe('not_in_video is an answer: nothing in the range is believed to be it. Null until there is one.'),
    moments: z.array(z.object({ start_time: seconds, end_time: seconds, confidence })).describe('Surest first.'),
    closest_rejected: z.object({ start_time: seconds, end_time: seconds, confidence }).nullable().describe('The best of what was not believed.'),
    searched_until: z.number().nullable().describe('Everything of the range before this second was searched; less than its end while an analysis is running.'),
    warnings,
    limitation,
    next,
  }),
  readOnly: true,
  run: async ({ video_id, wait_seconds, moments_id, query, ...options }, call) => {
    if ((moments_id === undefined) === (query === undefined)) throw new AppError('request.invalid', 'Give query to ask, or moments_id to go on waiting for an answer; not both.');
    const begun = moments_id === undefined ? await call.api.beginQuestion(video_id, query ?? '', { ...options, wait: 0 }) : await call.api.question(video_id, moments_id);
    const answer = await follow(video_id, begun, wait_seconds, call);
    if (answer.error) throw new AppError(answer.error.code as ErrorCode, answer.error.message);
    return { structured: { ...presentAnswer(video_id, answer), limitation: await limitationOf(call.api) } };
  },
});

/** The question when it is answered, or as it stands when the time is over. */
async function follow(videoId: string, begun: MomentsJson, waitSeconds: number, call: Call): Promise<MomentsJson> {
  if (!isRunning(begun)) return begun;
  call.onCancel((api) => api.cancelQuestion(videoId, begun.id));
  const since = performance.now();
  const answered = await within(waitSeconds, call, async (api) => {
    for (let question = begun; ; question = await api.question(videoId, begun.id)) {
      if (!isRunning(question)) return question;
      const waited = (performance.now() - since) / 1000;
      call.progress(waited, `${question.status}, ${waited.toFixed(0)} s`);
      await pause(POLL_MS, undefined, { signal: call.signal });
    }
  });
  return answered ?? call.api.question(videoId, begun.id);
}

function presentAnswer(videoId: string, { id, status, answer, data, best_rejected: rejected, searched_until, warnings }: MomentsJson) {
  const span = ({ start_time, end_time, confidence }: MomentsJson['data'][number]) => ({ start_time, end_time, confidence });
  return {
    ...{ moments_id: id, video_id: videoId, status, answer, moments: data.map(span), closest_rejected: rejected && span(rejected), searched_until },
    warnings: presentWarnings(warnings),
    next: whatNext(answer, id, status),
  };
}

function whatNext(answer: MomentsJson['answer'], id: string, status: string): string {
  if (answer === 'found') return 'Look at a moment with get_frame to check it.';
  if (answer === 'not_in_video') return 'Say that it is not in this video, or ask in other words.';
  return isRunning({ status }) ? `It goes on: call find_moments with moments_id ${id} to wait for it.` : 'It was canceled: ask again.';
}

export const search = tool({
  name: 'search',
  title: 'Search all videos',
  description: 'Searches what is stored of all videos by words and meaning, best first, a page at a time. It looks at no picture: only videos that were analysed, or that have subtitles or chapters, are found.',
  input: z.strictObject({
    query: z.string().min(1).max(1000).describe('Words to look for; quotes, "or" and a minus mean what they do in web search.'),
    video_ids: z.array(z.uuid()).min(1).max(100).optional().describe('Only in these videos.'),
    types: z.array(z.string().min(1).max(64)).min(1).max(20).optional().describe('Only segments of these types, for instance event, speech, chapter.'),
    min_confidence: z.number().min(0).max(1).optional().describe('Only segments at least this sure.'),
    limit: z.number().int().min(1).max(50).default(10).describe('Results per page.'),
    cursor,
  }),
  output: z.object({
    hits: z.array(
      z.object({
        video_id: z.uuid(),
        start_time: seconds,
        end_time: seconds,
        score: z.number().describe('Higher is better; to compare within one search only.'),
        type: z.string().nullable(),
        text: z.string().nullable(),
        source: z.enum(['model', 'signal', 'track']).nullable(),
        confidence,
      }),
    ),
    next_cursor: nextCursor,
    warnings,
  }),
  readOnly: true,
  run: async ({ query, limit, cursor, ...filter }, { api }) => {
    const { data, next_cursor, warnings } = await api.search({ query, limit, cursor, filter });
    const hits = data.map(({ video_id, start_time, end_time, score, type, text, source, confidence }) => ({ video_id, start_time, end_time, score, type, text, source, confidence }));
    return { structured: { hits, next_cursor, warnings: presentWarnings(warnings) } };
  },
});

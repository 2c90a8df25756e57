// MCP tools for analyses: finding everything that happens in a video, and reading what was found.
import { z } from 'zod';
import { AppError, type ErrorCode } from '../../app-error.js';
import { isRunning, type TaskJson } from '../api-types.js';
import { type Call, confidence, cursor, endTime, limitation, limitationOf, next, nextCursor, presentWarnings, seconds, startTime, tool, type ToolResult, videoId, waitSeconds, warnings, within } from './tool.js';

const segmentKind = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/).describe('A word; it becomes the type of the segments.'),
  description: z.string().min(1).max(500).describe('What such a segment shows.'),
});

export const analyze = tool({
  name: 'analyze',
  title: 'Analyse a video',
  description:
    'Has the model look at a whole video, or a range of it, and describe what happens as segments with times. Takes from seconds to hours, ' +
    'by the length of the video; it tells progress from 0 to 1. After wait_seconds the state so far is given: call it again with task_id to go ' +
    'on waiting. Canceling the call cancels the analysis. Not needed before find_moments.',
  input: z.strictObject({
    video_id: videoId.optional(),
    task_id: z.uuid().optional().describe('An analysis that was begun before, to go on waiting for; instead of everything else but wait_seconds.'),
    start_time: startTime,
    end_time: endTime,
    fps: z.number().positive().max(30).optional().describe("Frames per second to look at; default: the model's recommendation."),
    kinds: z.array(segmentKind).min(1).max(20).optional().describe('Find these kinds of segments only, instead of describing all events.'),
    wait_seconds: waitSeconds,
  }),
  output: z.object({
    task_id: z.uuid(),
    video_id: z.uuid(),
    status: z.enum(['queued', 'processing', 'ready', 'canceled']),
    progress: z.number().describe('Share that is done, 0 to 1.'),
    eta_seconds: z.number().nullable().describe('Seconds that the rest will take; null where that is not known.'),
    warnings,
    limitation,
    next,
  }),
  readOnly: false,
  run: async ({ task_id, wait_seconds, ...request }, call) => presentTask(await follow(await begin(task_id, request, call), wait_seconds, call), call),
});

interface Analysis {
  readonly video_id?: string | undefined;
  readonly start_time?: number | undefined;
  readonly end_time?: number | undefined;
  readonly fps?: number | undefined;
  readonly kinds?: readonly object[] | undefined;
}

async function begin(taskId: string | undefined, { video_id, fps, kinds, ...range }: Analysis, { api }: Call): Promise<TaskJson> {
  if ((taskId === undefined) === (video_id === undefined)) {
    throw new AppError('request.invalid', 'Give video_id to begin an analysis, or task_id to go on waiting for one; not both.');
  }
  if (taskId !== undefined) return api.task(taskId);
  return api.analyze(video_id ?? '', { ...range, ...(fps !== undefined && { sampling: { fps } }), ...(kinds && { segment_definitions: kinds }) });
}

/** The task when it has finished, or as it stands when the time is over. */
async function follow(task: TaskJson, waitSeconds: number, call: Call): Promise<TaskJson> {
  call.onCancel((api) => api.cancelTask(task.id));
  const tell = ({ progress, stage, windows }: TaskJson): void => call.progress(progress, `${stage}: ${windows.done} of ${windows.total} windows`, 1);
  return (await within(waitSeconds, call, (api) => api.follow(task, tell))) ?? call.api.task(task.id);
}

async function presentTask(task: TaskJson, { api }: Call): Promise<ToolResult> {
  if (task.error) throw new AppError(task.error.code as ErrorCode, task.error.message);
  const { id, video_id, status, progress, eta_seconds } = task;
  const what = isRunning(task) ? `It goes on: call analyze with task_id ${id} to wait for it.` : 'Read what was found with list_segments.';
  const state = { task_id: id, video_id, status, progress, eta_seconds, warnings: presentWarnings(task.warnings) };
  return { structured: { ...state, limitation: await limitationOf(api), next: what } };
}

export const listSegments = tool({
  name: 'list_segments',
  title: 'List segments',
  description:
    'Lists what was found in a video, in order of time, a page at a time: events that the model described, and what is measured without it ' +
    '(shots, fades, black or frozen pictures, silence, camera movement) or comes with the file (speech of subtitles, chapters).',
  input: z.strictObject({
    video_id: videoId,
    task_id: z.uuid().optional().describe('The analysis to read; default the current one.'),
    type: z.string().min(1).max(64).optional().describe('Only this type, for instance event, shot, speech, chapter or a kind that analyze was given.'),
    source: z.enum(['model', 'signal', 'track']).optional().describe('Only what the model said, what was measured, or what tracks of the file say.'),
    start_time: z.number().min(0).optional().describe('Only segments that end after this second.'),
    end_time: z.number().positive().optional().describe('Only segments that start before this second.'),
    min_confidence: z.number().min(0).max(1).optional().describe('Only segments at least this sure.'),
    limit: z.number().int().min(1).max(200).default(50).describe('Segments per page.'),
    cursor,
  }),
  output: z.object({
    segments: z.array(
      z.object({
        segment_id: z.uuid(),
        start_time: seconds,
        end_time: seconds,
        type: z.string(),
        text: z.string(),
        confidence,
        source: z.enum(['model', 'signal', 'track']),
        fields: z.record(z.string(), z.unknown()).nullable().describe('What a segment definition asked to note.'),
      }),
    ),
    next_cursor: nextCursor,
  }),
  readOnly: true,
  run: async ({ video_id, ...query }, { api }) => {
    const { data, next_cursor } = await api.segmentPage(video_id, query);
    const segments = data.map(({ id, start_time, end_time, type, text, confidence, source, fields }) => ({ segment_id: id, start_time, end_time, type, text, confidence, source, fields }));
    return { structured: { segments, next_cursor } };
  },
});

// The task resource: what a caller may ask for, and what the API shows.
import { z } from 'zod';
import { type Sampling } from '../model/grounding/frame-plan.js';
import { VIDEO_PIXELS } from '../model/qwen2-5-vl/smart-resize.js';
import { pageOf } from '../platform/http/cursor.js';
import { plainText } from '../platform/http/text.js';
import { subjectWebhook } from '../webhooks/index.js';
import { presetId, segmentDefinitions } from '../presets/index.js';
import { responseFormat } from './answer-form.schema.js';
import { type Task, type TaskWarning } from './task.entity.js';
import { type WindowView } from './window.entity.js';

/** The place in the list is the number that is stored. */
export const PRIORITIES = ['high', 'normal', 'low'] as const;

export const taskId = z.uuid().describe('Id of a task.');

/** Pixels and rates as in docs/ARCHITECTURE.md, "Which frames are looked at". */
export const sampling = z
  .strictObject({
    fps: z.number().positive().max(30).optional().describe('Frames per second; the default is what the model recommends.'),
    max_frames: z.number().int().min(4).max(2048).optional().describe('Most frames a window may have.'),
    min_pixels: z.number().int().min(784).max(12_845_056).optional().describe('Least pixels per frame after resizing; default 100352.'),
    max_pixels: z.number().int().min(784).max(12_845_056).optional().describe('Most pixels per frame after resizing.'),
    total_pixels: z.number().int().min(784).max(1_000_000_000).optional().describe('Pixel budget of all frames of a window.'),
  })
  .refine((value) => (value.min_pixels ?? VIDEO_PIXELS.minPixels) <= (value.max_pixels ?? Infinity), {
    path: ['max_pixels'],
    message: `must not be below min_pixels, ${VIDEO_PIXELS.minPixels} by default`,
  })
  .transform((value) => ({
    fps: value.fps,
    maxFrames: value.max_frames,
    minPixels: value.min_pixels,
    maxPixels: value.max_pixels,
    totalPixels: value.total_pixels,
  }));

/** A range of seconds of the video; either end may be left open. */
export const range = {
  start_time: z.number().min(0).optional().describe('First second to look at; default 0.'),
  end_time: z.number().min(0.001).optional().describe('Second to stop at; default the end of the video.'),
};

export const taskRequest = z
  .strictObject({
    video_id: z.uuid().describe('The video to analyse.'),
    prompt: plainText(4000).optional().describe('Replaces the dense-description prompt.'),
    segment_definitions: segmentDefinitions.optional(),
    preset_id: presetId.optional().describe('A preset whose segment definitions are to be used, as they are now.'),
    response_format: responseFormat.optional(),
    ...range,
    sampling: sampling.optional(),
    priority: z.enum(PRIORITIES).default('normal').describe('Windows of a higher priority are done first; those of one priority take turns.'),
    webhook: subjectWebhook.optional(),
  })
  .refine((body) => body.end_time === undefined || body.end_time > (body.start_time ?? 0), {
    path: ['end_time'],
    message: 'must be after start_time',
  })
  .refine((body) => !body.segment_definitions || (!body.prompt && !body.response_format), {
    path: ['segment_definitions'],
    message: 'cannot be given together with prompt or response_format',
  })
  .refine((body) => !body.preset_id || (!body.prompt && !body.response_format && !body.segment_definitions), {
    path: ['preset_id'],
    message: 'cannot be given together with prompt, response_format or segment_definitions',
  });

export type TaskBody = z.infer<typeof taskRequest>;

const problem = z.object({ code: z.string(), message: z.string() });

export const taskResource = z
  .object({
    id: taskId,
    object: z.literal('task'),
    video_id: z.uuid(),
    batch_id: z.uuid().nullable(),
    batch_item: z.number().int().nullable().describe('Index of the item of the batch that it was made of.'),
    status: z.enum(['queued', 'processing', 'ready', 'failed', 'canceled']),
    stage: z.enum(['queued', 'scan', 'windows', 'done']).describe('scan: windows are planned, and looked at, as far as the video is scanned.'),
    priority: z.enum(PRIORITIES),
    progress: z.number().min(0).max(1).describe('Share of the work that is done.'),
    eta_seconds: z.number().nullable().describe('Seconds that the rest will take at the rate so far; null before there is one.'),
    windows: z.object({ done: z.number().int(), total: z.number().int() }).describe('total: of those planned so far, see planned_until.'),
    start_time: z.number(),
    end_time: z.number(),
    planned_until: z.number().nullable().describe('Windows are planned up to this second; none is to come once that is the end.'),
    processed_until: z.number().nullable().describe('Everything before this second has been looked at.'),
    prompt: z.string().nullable(),
    segment_definitions: segmentDefinitions.nullable(),
    preset_id: presetId.nullable().describe('The preset that the segment definitions are of; it may have been changed or deleted since.'),
    response_schema: z.record(z.string(), z.unknown()).nullable(),
    sampling: z.record(z.string(), z.number()),
    webhook_id: z.uuid().nullable().describe('The webhook that is told of this task alone: its log is under /v1/webhooks/{id}/deliveries.'),
    model: z.object({ name: z.string(), hash: z.string() }).nullable(),
    unparsed: z.number().int().describe('Events in the answers of the model that could not be read.'),
    warnings: z
      .array(problem.extend({ start_time: z.number().optional(), end_time: z.number().optional() }))
      .describe('Of more than a hundred, the last entry counts the rest.'),
    error: problem.nullable(),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Task' });

export const taskPage = pageOf(taskResource).meta({ id: 'TaskPage' });

export function presentTask(task: Task): z.infer<typeof taskResource> {
  return {
    id: task.id,
    object: 'task',
    video_id: task.videoId,
    batch_id: task.batchId,
    batch_item: task.batchItem,
    status: task.status,
    stage: task.stage,
    priority: PRIORITIES[task.priority] ?? 'normal',
    progress: progressOf(task),
    eta_seconds: etaOf(task),
    windows: { done: task.windowsDone, total: task.windowsTotal },
    start_time: task.startTime,
    end_time: task.endTime,
    planned_until: task.plannedUntil,
    processed_until: task.processedUntil,
    prompt: task.request.prompt ?? null,
    segment_definitions: task.request.segmentDefinitions ? [...task.request.segmentDefinitions] as never : null,
    preset_id: task.request.presetId ?? null,
    response_schema: task.request.responseSchema ?? null,
    sampling: presentSampling(task.request.sampling),
    webhook_id: task.request.webhookId ?? null,
    model: task.modelName && task.modelHash ? { name: task.modelName, hash: task.modelHash } : null,
    unparsed: task.unparsed,
    warnings: presentWarnings(task.warnings),
    error: task.errorCode ? { code: task.errorCode, message: task.errorMessage ?? '' } : null,
    created_at: task.createdAt.toISOString(),
    finished_at: task.finishedAt?.toISOString() ?? null,
  };
}

const MOST_WARNINGS = 100;

/** The first ones; of very many, the last entry counts the rest. */
export function presentWarnings(warnings: readonly TaskWarning[]): TaskWarning[] {
  const more = warnings.length - MOST_WARNINGS;
  if (more <= 0) return [...warnings];
  return [...warnings.slice(0, MOST_WARNINGS), { code: 'task.more_warnings', message: `${more} more warning(s) are not listed.` }];
}

/** Being scanned and planned counts for a tenth, having been looked at for the rest. */
function progressOf(task: Task): number {
  if (task.status === 'ready') return 1;
  const length = task.endTime - task.startTime;
  const share = (until: number | null): number => (until === null || length <= 0 ? 0 : Math.min(1, Math.max(0, (until - task.startTime) / length)));
  return 0.1 * share(task.plannedUntil) + 0.9 * share(task.processedUntil);
}

function etaOf(task: Task): number | null {
  const progress = progressOf(task);
  if (!task.startedAt || task.finishedAt || progress === 0) return null;
  const elapsed = (Date.now() - task.startedAt.getTime()) / 1000;
  return Math.round((elapsed / progress) * (1 - progress) * 10) / 10;
}

export const windowResource = z
  .object({
    object: z.literal('window'),
    ordinal: z.number().int(),
    start_time: z.number(),
    end_time: z.number(),
    status: z.enum(['queued', 'processing', 'ready', 'failed', 'canceled']).describe('canceled: the task ended without it.'),
    attempt: z.number().int().describe('Times it was begun.'),
    sampling: z.record(z.string(), z.number()).describe('How densely and how largely it is looked at.'),
    why: z.record(z.string(), z.unknown()).describe('What the plan was made of.'),
    effective_fps: z.number().nullable().describe('Of the frames that were really looked at; null before.'),
    second_per_grid_ts: z.number().nullable(),
    frames: z.number().int().nullable(),
    video_grid_thw: z.array(z.number().int()).nullable(),
    error: problem.nullable(),
  })
  .meta({ id: 'Window' });

export const windowList = z.object({ data: z.array(windowResource) }).meta({ id: 'WindowList' });

export function presentWindow({ ordinal, status, attempt, why, frames, ...window }: WindowView): z.infer<typeof windowResource> {
  return {
    object: 'window',
    ...{ ordinal, status, attempt, why, frames },
    start_time: window.startTime,
    end_time: window.endTime,
    sampling: presentSampling(window.sampling),
    effective_fps: window.effectiveFps,
    second_per_grid_ts: window.secondPerGrid,
    video_grid_thw: window.videoGridThw && [...window.videoGridThw],
    error: window.errorCode ? { code: window.errorCode, message: window.errorMessage ?? '' } : null,
  };
}

/** In the names of the API; what was not asked for is left out. */
function presentSampling({ fps, maxFrames, minPixels, maxPixels, totalPixels }: Sampling): Record<string, number> {
  const named = { fps, max_frames: maxFrames, min_pixels: minPixels, max_pixels: maxPixels, total_pixels: totalPixels };
  return Object.fromEntries(Object.entries(named).filter((entry): entry is [string, number] => entry[1] !== undefined));
}

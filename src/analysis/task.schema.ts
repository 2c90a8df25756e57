// The task resource: what a caller may ask for, and what the API shows.
import { z } from 'zod';
import { VIDEO_PIXELS } from '../model/qwen2-5-vl/smart-resize.js';
import { pageOf } from '../platform/http/cursor.js';
import { plainText } from '../platform/http/text.js';
import { type Task } from './task.entity.js';

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
  end_time: z.number().positive().optional().describe('Second to stop at; default the end of the video.'),
};

export const taskRequest = z
  .strictObject({
    video_id: z.uuid().describe('The video to analyse.'),
    prompt: plainText(4000).optional().describe('Replaces the dense-description prompt.'),
    ...range,
    sampling: sampling.optional(),
  })
  .refine((body) => body.end_time === undefined || body.end_time > (body.start_time ?? 0), {
    path: ['end_time'],
    message: 'must be after start_time',
  });

export type TaskBody = z.infer<typeof taskRequest>;

const problem = z.object({ code: z.string(), message: z.string() });

export const taskResource = z
  .object({
    id: taskId,
    object: z.literal('task'),
    video_id: z.uuid(),
    status: z.enum(['queued', 'processing', 'ready', 'failed', 'canceled']),
    stage: z.enum(['queued', 'scan', 'plan', 'windows', 'done']),
    progress: z.number().min(0).max(1).describe('Share of the work that is done.'),
    windows: z.object({ done: z.number().int(), total: z.number().int() }),
    start_time: z.number(),
    end_time: z.number(),
    processed_until: z.number().nullable().describe('Everything before this second has been looked at.'),
    prompt: z.string().nullable(),
    sampling: z.record(z.string(), z.number()),
    model: z.object({ name: z.string(), hash: z.string() }).nullable(),
    unparsed: z.number().int().describe('Events in the answers of the model that could not be read.'),
    warnings: z.array(problem.extend({ start_time: z.number().optional(), end_time: z.number().optional() })),
    error: problem.nullable(),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Task' });

export const taskPage = pageOf(taskResource).meta({ id: 'TaskPage' });

export function presentTask(task: Task): z.infer<typeof taskResource> {
  const { fps, maxFrames, minPixels, maxPixels, totalPixels } = task.request.sampling;
  const asked = { fps, max_frames: maxFrames, min_pixels: minPixels, max_pixels: maxPixels, total_pixels: totalPixels };
  return {
    id: task.id,
    object: 'task',
    video_id: task.videoId,
    status: task.status,
    stage: task.stage,
    progress: progressOf(task),
    windows: { done: task.windowsDone, total: task.windowsTotal },
    start_time: task.startTime,
    end_time: task.endTime,
    processed_until: task.processedUntil,
    prompt: task.request.prompt ?? null,
    sampling: Object.fromEntries(Object.entries(asked).filter((entry): entry is [string, number] => entry[1] !== undefined)),
    model: task.modelName && task.modelHash ? { name: task.modelName, hash: task.modelHash } : null,
    unparsed: task.unparsed,
    warnings: task.warnings,
    error: task.errorCode ? { code: task.errorCode, message: task.errorMessage ?? '' } : null,
    created_at: task.createdAt.toISOString(),
    finished_at: task.finishedAt?.toISOString() ?? null,
  };
}

/** The scan counts for a tenth, the windows for the rest. */
function progressOf(task: Task): number {
  if (task.status === 'ready') return 1;
  if (task.windowsTotal === 0) return task.stage === 'plan' ? 0.1 : 0;
  return 0.1 + 0.9 * (task.windowsDone / task.windowsTotal);
}

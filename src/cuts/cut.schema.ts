// The cut resource as the API shows it, and what one is asked for with.
import { z } from 'zod';
import { clipsInOrder } from '../clips/index.js';
import { pageOf } from '../platform/http/cursor.js';
import { plainText } from '../platform/http/text.js';
import { type Cut, type CutClip, type CutFile } from './cut.entity.js';

export const cutId = z.uuid().describe('Id of a cut.');

export const cutBody = z
  .strictObject({
    clips: clipsInOrder,
    files: z.enum(['one', 'each']).default('one').describe('One file of all clips in turn, or a file for each.'),
    name: plainText(120).default('Clip list').describe('Name of the file.'),
  })
  .meta({ id: 'CutRequest' });

export type CutBody = z.infer<typeof cutBody>;

export const contentQuery = z.object({ file: z.coerce.number().int().min(1).max(1000).default(1).describe('Which file, the first is 1.') });
export type ContentQuery = z.infer<typeof contentQuery>;

export const cutResource = z
  .object({
    id: cutId,
    object: z.literal('cut'),
    name: z.string(),
    status: z.enum(['queued', 'processing', 'ready', 'failed', 'canceled']),
    progress: z.number().describe('0 to 1, of the seconds that are to be rendered.'),
    duration: z.number().describe('Seconds of all clips together.'),
    width: z.number().int().describe('Pixels of the picture: those of the first clip; clips of another shape stand in the middle.'),
    height: z.number().int(),
    clips: z.array(z.object({ video_id: z.uuid(), start_time: z.number(), end_time: z.number(), text: z.string().nullable() })),
    files: z.array(z.object({ number: z.number().int(), bytes: z.number().int(), frames: z.number().int(), duration: z.number(), url: z.string() })).describe('Empty until it is ready.'),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })).describe('range.clipped: a clip ends beyond the end of its video.'),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
    expires_at: z.iso.datetime().nullable().describe('When it is deleted with its files.'),
  })
  .meta({ id: 'Cut' });

export const cutPage = pageOf(cutResource).meta({ id: 'CutPage' });

/** A cut with its clips and files, in their order. */
export interface WholeCut {
  readonly cut: Cut;
  readonly clips: readonly CutClip[];
  readonly files: readonly CutFile[];
}

export function presentCut({ cut, clips, files }: WholeCut, keepHours: number): z.infer<typeof cutResource> {
  const { id, name, status, seconds, secondsDone, width, height, errorCode, errorMessage, createdAt, finishedAt, warnings } = cut;
  return {
    ...{ id, object: 'cut', name, status, width, height, warnings },
    progress: status === 'ready' ? 1 : Math.min(1, secondsDone / seconds),
    duration: seconds,
    clips: clips.map(({ videoId, startTime, endTime, text }) => ({ video_id: videoId, start_time: startTime, end_time: endTime, text })),
    files: files.map(({ ordinal, bytes, frames, seconds: duration }) => ({ number: ordinal + 1, bytes: Number(bytes), frames, duration, url: `/v1/cuts/${id}/content?file=${ordinal + 1}` })),
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
    created_at: createdAt.toISOString(),
    finished_at: finishedAt?.toISOString() ?? null,
    expires_at: finishedAt && new Date(finishedAt.getTime() + keepHours * 3600 * 1000).toISOString(),
  };
}

// The scan resource as the API shows it.
import { z } from 'zod';
import { type Scan } from './scan.entity.js';

export const scanResource = z
  .object({
    object: z.literal('scan'),
    video_id: z.uuid(),
    status: z.enum(['queued', 'processing', 'ready', 'failed']),
    progress: z.number().min(0).max(1),
    chunks: z.object({ done: z.number().int(), total: z.number().int() }),
    warnings: z.array(z.object({ code: z.string(), message: z.string(), start_time: z.number().optional(), end_time: z.number().optional() })),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'Scan' });

const values = <Value extends z.ZodType>(value: Value) => z.array(value.nullable());

export const curvesResource = z
  .object({
    start_time: z.number().describe('Second of the first value.'),
    step_seconds: z.literal(1),
    motion: values(z.number()).describe('Mean change of the picture, grey levels a second.'),
    camera: values(z.enum(['still', 'pan', 'shake'])),
    loudness: values(z.number()).describe('EBU R128 momentary loudness, the loudest of the second, LUFS.'),
  })
  .meta({ id: 'Curves' });

export const curvesQuery = z
  .object({
    start_time: z.coerce.number().min(0).default(0).describe('First second.'),
    end_time: z.coerce.number().positive().optional().describe('Second to stop at; default the end of the video.'),
  })
  .refine(({ start_time: from, end_time: to = Infinity }) => to > from, { path: ['end_time'], message: 'must be after start_time' });

export const spriteName = z
  .string()
  .regex(/^\d{1,6}\.jpg$/, 'must be the number of a sheet, as in 0.jpg')
  .transform((name) => Number.parseInt(name, 10))
  .describe('Number of the sheet, as in 0.jpg.');

export function presentScan(videoId: string, scan: Scan | undefined): z.infer<typeof scanResource> {
  const { chunksDone: done = 0, chunksTotal: total = 0 } = scan ?? {};
  return {
    object: 'scan',
    video_id: videoId,
    status: scan?.status ?? 'queued',
    progress: scan?.status === 'ready' ? 1 : total === 0 ? 0 : done / total,
    chunks: { done, total },
    warnings: scan?.warnings ?? [],
    error: scan?.errorCode ? { code: scan.errorCode, message: scan.errorMessage ?? '' } : null,
  };
}

// The proxy resource as the API shows it.
import { z } from 'zod';
import { type Video } from '../videos/index.js';
import { type Proxy } from './proxy.entity.js';

export const proxyResource = z
  .object({
    object: z.literal('proxy'),
    video_id: z.uuid(),
    status: z.enum(['queued', 'processing', 'ready', 'failed']),
    progress: z.number().describe('0 to 1.'),
    width: z.number().int().nullable(),
    height: z.number().int().nullable(),
    bytes: z.number().int().nullable(),
    url: z.string().nullable().describe('H.264 and AAC in MP4; second 0 is the first frame, and every frame is at the second that it has in the video. Null until it is ready.'),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'Proxy' });

export function presentProxy({ id, status, secondsDone, width, height, bytes, errorCode, errorMessage }: Proxy, { duration }: Video): z.infer<typeof proxyResource> {
  return {
    ...{ object: 'proxy', video_id: id, status, width, height },
    progress: status === 'ready' ? 1 : Math.min(1, secondsDone / duration),
    bytes: bytes === null ? null : Number(bytes),
    url: status === 'ready' ? `/v1/videos/${id}/proxy/content` : null,
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
  };
}

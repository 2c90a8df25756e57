// The video resource as the API shows it.
import { z } from 'zod';
import { pageOf } from '../platform/http/cursor.js';
import { type Video } from './video.entity.js';

export const videoId = z.uuid().describe('Id of a video.');

export const videoResource = z
  .object({
    id: videoId,
    object: z.literal('video'),
    name: z.string().describe('File name given at upload.'),
    bytes: z.number().int(),
    sha256: z.string(),
    container: z.string(),
    codec: z.string(),
    width: z.number().int().describe('Pixels as a player shows them.'),
    height: z.number().int(),
    rotation: z.number().int(),
    frame_rate: z.number().nullable().describe('Average frames per second; null when unknown.'),
    time_base: z.string().describe('Seconds per tick of the video stream, as a fraction.'),
    start_time: z.number().describe("Presentation time of the first frame on the file's own clock, seconds."),
    duration: z.number().describe('Seconds from the first presented frame to the end of the last.'),
    decoded_until: z.number().nullable().describe('Last decodable second; null until a scan has read the video.'),
    recorded_at: z.iso.datetime().nullable().describe('Wall clock at second 0, where the file tells it.'),
    has_audio: z.boolean(),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })).describe('What is wrong with the file: video.truncated, video.frames_lost, and after its scan video.damaged.'),
    content_removed_at: z.iso.datetime().nullable().describe('When its bytes and pictures were removed, as the retention asks; null: they are there.'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Video' });

/** A video as whoever uploads it is told of it. */
export const acceptedResource = videoResource
  .extend({ duplicate: z.boolean().describe('True where the same bytes were a video already: it is this one, under the name it had.') })
  .meta({ id: 'AcceptedVideo' });

export const videoPage = pageOf(videoResource).meta({ id: 'VideoPage' });

export function presentVideo(video: Video): z.infer<typeof videoResource> {
  return {
    id: video.id,
    object: 'video',
    name: video.name,
    bytes: Number(video.bytes),
    sha256: video.sha256,
    container: video.container,
    codec: video.codec,
    width: video.width,
    height: video.height,
    rotation: video.rotation,
    frame_rate: video.frameRate,
    time_base: `${video.timeBaseNum}/${video.timeBaseDen}`,
    start_time: video.startTime,
    duration: video.duration,
    decoded_until: video.decodedUntil,
    recorded_at: video.recordedAt?.toISOString() ?? null,
    has_audio: video.hasAudio,
    warnings: video.warnings,
    content_removed_at: video.contentRemovedAt?.toISOString() ?? null,
    created_at: video.createdAt.toISOString(),
  };
}

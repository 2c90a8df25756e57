// The clips that somebody names, each with its video.
import { AppError, type ErrorCode } from '../app-error.js';
import { type Video, type VideosService } from '../videos/index.js';
import { type ClipBody } from './clip.schema.js';
import { type ClipOf } from './reel.js';

/** Rejects with `video.not_found`, or with `clip.range_outside_video` when a clip begins where its video has ended. */
export async function placeClips(videos: VideosService, tenantId: string, clips: readonly ClipBody[]): Promise<ClipOf<Video>[]> {
  const known = new Map<string, Video>();
  const placed: ClipOf<Video>[] = [];
  for (const [index, clip] of clips.entries()) {
    const video = known.get(clip.video_id) ?? (await videoOf(videos, tenantId, { index, clip }));
    known.set(video.id, video);
    if (clip.start_time >= video.duration) {
      throw atClip('clip.range_outside_video', { index, clip }, 'start_time', `start_time ${clip.start_time} is not before the end of video ${video.id}, ${video.duration} s.`);
    }
    placed.push({ clip, video });
  }
  return placed;
}

interface Listed {
  readonly index: number;
  readonly clip: ClipBody;
}

async function videoOf(videos: VideosService, tenantId: string, listed: Listed): Promise<Video> {
  try {
    return await videos.get(listed.clip.video_id, tenantId);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'video.not_found')) throw error;
    throw atClip(error.code, listed, 'video_id', error.message, error);
  }
}

/** Says which clip of the list is at fault, by its place and by its words. */
function atClip(code: ErrorCode, { index, clip: { text } }: Listed, field: keyof ClipBody, message: string, cause?: unknown): AppError {
  const name = text === undefined ? '' : ` (${text})`;
  return new AppError(code, `clips.${index}${name}: ${message}`, { cause, details: { errors: [{ path: `clips.${index}.${field}`, message }] } });
}

// The clips that somebody names, each with its video.
import { AppError } from '../app-error.js';
import { type Video, type VideosService } from '../videos/index.js';
import { type ClipBody } from './clip.schema.js';
import { type ClipOf } from './reel.js';

/** Rejects with `video.not_found`, or with `clip.range_outside_video` when a clip begins where its video has ended. */
export async function placeClips(videos: VideosService, tenantId: string, clips: readonly ClipBody[]): Promise<ClipOf<Video>[]> {
  const known = new Map<string, Video>();
  const placed: ClipOf<Video>[] = [];
  for (const [index, clip] of clips.entries()) {
    const video = known.get(clip.video_id) ?? (await videos.get(clip.video_id, tenantId));
    known.set(video.id, video);
    if (clip.start_time >= video.duration) {
      throw new AppError('clip.range_outside_video', `clips.${index}: start_time ${clip.start_time} is not before the end of video ${video.id}, ${video.duration} s.`);
    }
    placed.push({ clip, video });
  }
  return placed;
}

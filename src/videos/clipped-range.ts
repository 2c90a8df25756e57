// Says that a range reaches beyond its video, and so was made shorter than it was asked for.
import { type Video, type VideoWarning } from './video.entity.js';

export function clippedRange({ end_time: end }: { readonly end_time?: number | undefined }, { duration }: Pick<Video, 'duration'>, of = ''): VideoWarning[] {
  if (end === undefined || end <= duration) return [];
  return [{ code: 'range.clipped', message: `${of}end_time ${end} is beyond the end of the video, ${duration} s; it ends there.` }];
}

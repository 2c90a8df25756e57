// Which file of a video is played: the upload, or the copy that is made where this browser cannot play it.
import { proxyAddress, useProxy } from '../api/proxies';
import type { Video } from '../api/resources';
import { contentAddress } from '../api/videos';
import type { AskedCopy } from './refusal-words';

export interface Playable extends AskedCopy {
  readonly src: string;
  /** Presentation time of the first frame on the clock of the file. */
  readonly startTime: number;
  readonly isProxy: boolean;
}

/** `refused`: this browser has tried the upload in vain. */
export function usePlayable(video: Video, refused: boolean): Playable {
  const { data: proxy, error } = useProxy(video.id, refused);
  if (refused && proxy?.status === 'ready') return { src: proxyAddress(video.id), startTime: 0, proxy, error, isProxy: true };
  return { src: contentAddress(video.id), startTime: video.start_time, proxy, error, isProxy: false };
}

// Which file of a video is played: the upload, or the copy that is made where this browser cannot play it.
import { proxyAddress, useProxy } from '../api/proxies';
import type { Proxy, Video } from '../api/resources';
import { contentAddress } from '../api/videos';

export interface Playable {
  readonly src: string;
  /** Presentation time of the first frame on the clock of the file. */
  readonly startTime: number;
  /** Of the copy, once it was asked for. */
  readonly proxy: Proxy | undefined;
  readonly isProxy: boolean;
}

/** `refused`: this browser has tried the upload in vain. */
export function usePlayable(video: Video, refused: boolean): Playable {
  const { data: proxy } = useProxy(video.id, refused);
  if (refused && proxy?.status === 'ready') return { src: proxyAddress(video.id), startTime: 0, proxy, isProxy: true };
  return { src: contentAddress(video.id), startTime: video.start_time, proxy, isProxy: false };
}

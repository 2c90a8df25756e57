// What is said while a browser cannot play a video.
import type { Proxy, Video } from '../api/resources';

/** `proxy`: the copy that was asked for. */
export const refusalWords = (video: Video, proxy: Proxy | undefined): string => `This browser cannot play ${kindOf(video)}. ${copyWords(proxy)}`;

/** `hevc in mov`. */
export const kindOf = ({ codec, container }: Video): string => `${codec} in ${container.split(',')[0] ?? container}`;

function copyWords(proxy: Proxy | undefined): string {
  switch (proxy?.status) {
    case 'processing':
      return `A copy that it can play is being made: ${Math.round(proxy.progress * 100)} %.`;
    case 'failed':
      return `No copy could be made (${proxy.error?.code ?? 'unknown'}): ${proxy.error?.message ?? ''}`;
    case 'ready':
      return 'Nor does it play the copy that was made.';
    case 'queued':
    case undefined:
      return 'A copy that it can play is to be made.';
  }
}

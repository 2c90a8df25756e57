// What is said while a browser cannot play a video.
import { remedyOf } from '../api/problem';
import type { Proxy, Video } from '../api/resources';

/** The copy that was asked for, or why none can be. */
export interface AskedCopy {
  readonly proxy: Proxy | undefined;
  readonly error: Error | null;
}

export const refusalWords = (video: Video, copy: AskedCopy): string => `This browser cannot play ${kindOf(video)}. ${copyWords(copy)}`;

/** `hevc in mov`. */
export const kindOf = ({ codec, container }: Video): string => `${codec} in ${container.split(',')[0] ?? container}`;

function copyWords({ proxy, error }: AskedCopy): string {
  if (error && !proxy) return `No copy can be asked for: ${error.message} ${remedyOf(error)}`;
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

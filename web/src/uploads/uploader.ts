// What the page asks of a way to send a file.
import type { Video } from '../api/resources';

export interface UploadOptions {
  /** Bytes that have arrived so far. */
  readonly onProgress: (sent: number) => void;
  readonly signal: AbortSignal;
}

export interface Uploader {
  /** What becomes of an upload when the page is loaded again. */
  readonly survivesReload: boolean;
  /** Resolves with the accepted video; rejects with an ApiProblem. */
  send(file: File, options: UploadOptions): Promise<Video>;
}

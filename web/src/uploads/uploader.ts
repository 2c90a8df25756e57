// What the page asks of a way to bring in a video.

export interface SendOptions {
  /** Bytes that have arrived so far, of how many; null while that is not known. */
  readonly onProgress: (sent: number, bytes: number | null) => void;
  /** Ends the upload for good, at the service too. */
  readonly signal: AbortSignal;
}

/** Resolves with the id of the accepted video; rejects with an ApiProblem. */
export type Send = (options: SendOptions) => Promise<string>;

// What the page asks of a way to bring in a video.

export interface SendOptions {
  /** Bytes that have arrived so far, of how many; null while that is not known. */
  readonly onProgress: (sent: number, bytes: number | null) => void;
  /** Ends the upload for good, at the service too. */
  readonly signal: AbortSignal;
}

export interface Arrival {
  readonly videoId: string;
  /** The same bytes were a video already: it is this one. */
  readonly isDuplicate: boolean;
}

/** Rejects with an ApiProblem. */
export type Send = (options: SendOptions) => Promise<Arrival>;

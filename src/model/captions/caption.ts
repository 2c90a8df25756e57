// What is said or shown as text during a stretch of a video: the cues of a caption file or stream.

/** Seconds of the video. */
export interface Caption {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Without markup; lines are kept. */
  readonly text: string;
}

export interface ParsedCaptions {
  /** By start; cues may overlap. */
  readonly captions: readonly Caption[];
  /** Cues that could not be read and were left out. */
  readonly broken: number;
}

// The frame plan: which pictures of a window the model looks at, and when each of them is presented.

/** A rational number of seconds a tick, as containers write it (for instance 1/90000). */
export interface TimeBase {
  readonly num: number;
  readonly den: number;
}

/**
 * The presented frames of a video stream, or of a stretch of it, from the container's own index.
 * `pts` is ascending, in ticks of `timeBase`. Second 0 of the product is `originPts`, the first presented frame of the video;
 * `endPts` is where the last frame of the video stops being shown.
 */
export interface FrameIndex {
  readonly timeBase: TimeBase;
  readonly originPts: number;
  readonly pts: Float64Array; // [frames], integers below 2^53
  readonly endPts: number;
}

/** How densely and how largely a window is looked at; `undefined` means the model's default. Pixels as in the spec's section 3.2. */
export interface Sampling {
  readonly fps?: number | undefined;
  readonly maxFrames?: number | undefined;
  readonly minPixels?: number | undefined;
  readonly maxPixels?: number | undefined;
  readonly totalPixels?: number | undefined;
}

/** One grid cell: the picture shown to the model at model time `cell / effectiveFps`. */
export interface PlannedFrame {
  /** Presentation time of the picture, seconds from the first presented frame of the video. */
  readonly seconds: number;
  readonly pts: number;
  /** True when no new frame falls into the cell: the picture a viewer sees then is repeated. */
  readonly held: boolean;
}

/** The frames of one window on an absolute grid: cell k of the whole video covers [k / fps, (k + 1) / fps). */
export interface FramePlan {
  readonly timeBase: TimeBase;
  /** Presentation time of the first frame of the video, in ticks. */
  readonly originPts: number;
  /** Index of the first cell; model time 0 is `firstCell / effectiveFps` seconds of the video. */
  readonly firstCell: number;
  readonly effectiveFps: number;
  /** 2 / effectiveFps: seconds a temporal group of two frames covers. */
  readonly secondPerGrid: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly frames: readonly PlannedFrame[]; // an even number
}

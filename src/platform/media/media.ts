// What the product knows of a media file before it looks at a single picture.

/** A rational number, for instance a time base of 1/90000 seconds or a rate of 30000/1001 frames per second. */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** The video stream that is analysed. Width and height are those a player shows: rotation and pixel aspect applied. */
export interface VideoStream {
  readonly streamIndex: number;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Size of the decoded picture: rotation applied, pixel aspect not. */
  readonly storedWidth: number;
  readonly storedHeight: number;
  /** Degrees by which a player turns the picture, clockwise. */
  readonly rotation: 0 | 90 | 180 | 270;
  readonly averageFrameRate: Rational | undefined;
  readonly timeBase: Rational;
}

/** What a container says of its video stream, as far as it does. */
export interface ListedFrames {
  readonly frames: number | undefined;
  readonly seconds: number | undefined;
}

export interface MediaProbe {
  readonly container: string;
  readonly bytes: number;
  readonly video: VideoStream;
  readonly listed: ListedFrames;
  readonly hasAudio: boolean;
}

/** Every presented frame, ascending, or those of a stretch; see `FrameIndex` in src/model/grounding/frame-plan.ts, which this satisfies. */
export interface StreamIndex {
  readonly timeBase: Rational;
  readonly originPts: number;
  readonly pts: Float64Array; // [frames]
  readonly endPts: number;
  readonly keyframePts: Float64Array; // [keyframes]
  /** Of one that was just read from its file: whether that ends too early, and how many frames it lists at its end that do not decode. */
  readonly loss?: { readonly isCutShort: boolean; readonly undecodable: number } | undefined;
}

/** One decoded picture, upright, rgb24 in rows. `width` and `height` are stored pixels after rotation (pixel aspect not applied). */
export interface Picture {
  readonly pts: number;
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array; // [height, width, 3]
}

/** Seconds from the first frame. */
export const secondsOf = ({ originPts, timeBase }: Pick<StreamIndex, 'originPts' | 'timeBase'>, pts: number): number =>
  ((pts - originPts) * timeBase.num) / timeBase.den;

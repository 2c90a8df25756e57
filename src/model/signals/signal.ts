// What can be told of a video from its pixels and its sound alone, without a model.

/** One small picture of the video; all of a video have the same size. */
export interface SignalFrame {
  /** Presentation time from the first frame of the video. */
  readonly seconds: number;
  readonly rgb: Uint8Array; // [36, 64, 3]
}

export type SignalType = 'shot' | 'dissolve' | 'fade' | 'black' | 'freeze' | 'silence' | 'camera';

/** A stretch of the video with a property; shots cover the analysed part without gap or overlap. */
export interface Signal {
  readonly type: SignalType;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  readonly confidence: number; // 0 to 1
  readonly method: string;
  /** What was measured, by name. */
  readonly measured: Readonly<Record<string, number>>;
}

/** A moment or a stretch in which one shot gives way to the next. For a cut, start and end are the time of the first new frame. */
export interface Transition {
  readonly type: 'cut' | 'dissolve' | 'fade-in' | 'fade-out';
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly confidence: number;
  readonly measured: Readonly<Record<string, number>>;
}

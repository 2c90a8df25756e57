// Begins decoding at a keyframe early enough for a wanted frame to be whole, and makes sure that the container went there.
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type FrameStreamOptions, type RawFrame, streamFrames } from './frame-stream.js';
import { type Rational } from './media.js';

/** A place to begin; `seconds` is on the file's own clock, undefined for the beginning of the file. */
export interface SeekPoint {
  readonly seconds: number | undefined;
  /** The first decoded frame must not be later than this, else the container has gone too far. */
  readonly landBy: number; // pts
}

export interface SeekOptions extends Omit<FrameStreamOptions, 'seekSeconds'> {
  /** The first frame that matters. */
  readonly fromPts: number;
  /** Where decoding may begin, ascending; none means at the beginning of the file. */
  readonly keyframePts: ArrayLike<number>;
}

/** Containers that are searched by bytes land anywhere near; for them the second try begins this much earlier. */
const SECOND_TRY_SECONDS = 10;

/** ffmpeg goes back by 3/23 s on its own when a stream has reordered frames; without this it would land one keyframe early. */
const REORDER_SECONDS = 0.15;

/**
 * Frames from `fromPts` on, and some before it. With a `select`, the first frame decoded must be among those selected:
 * it tells where decoding began.
 */
export async function* streamFramesFrom(binaries: FfmpegBinaries, options: SeekOptions): AsyncGenerator<RawFrame> {
  for (const { seconds, landBy } of seekPoints(options.keyframePts, options.fromPts, options.timeBase)) {
    const attempt = new Attempt(options);
    if (seconds === undefined) attempt.land();
    for await (const frame of streamFrames(binaries, { ...options, ...attempt.listeners(), seekSeconds: seconds })) {
      if (frame.pts <= landBy) attempt.land();
      if (!attempt.landed) break;
      yield frame;
    }
    if (attempt.landed) return;
  }
}

/** Keeps to itself what a run of ffmpeg tells beside its frames, until it is known to have begun early enough. */
class Attempt {
  landed = false;
  private held: (() => void)[] = [];

  constructor(private readonly options: SeekOptions) {}

  land(): void {
    if (this.landed) return;
    this.landed = true;
    for (const tell of this.held) tell();
    this.held = [];
  }

  listeners(): Pick<SeekOptions, 'sidePictures' | 'onDecodeError'> {
    const { sidePictures, onDecodeError } = this.options;
    return {
      onDecodeError: onDecodeError && ((line) => this.tell(() => onDecodeError(line))),
      sidePictures: sidePictures && { ...sidePictures, onPicture: (picture) => this.tell(() => sidePictures.onPicture(picture)) },
    };
  }

  private tell(what: () => void): void {
    if (this.landed) what();
    else this.held.push(what);
  }
}

/** What to try in turn until decoding begins early enough for the frame at `pts`; the last one always does. */
export function seekPoints(keyframePts: ArrayLike<number>, pts: number, timeBase: Rational): SeekPoint[] {
  const secondsOf = (ticks: number): number => (ticks * timeBase.num) / timeBase.den;
  const beginning = { seconds: undefined, landBy: Infinity };
  const last = lastNotAfter(keyframePts, pts);
  const [keyframe, next] = [keyframePts[last], keyframePts[last + 1]];
  if (last < 1 || keyframe === undefined) return [beginning];
  const slack = next === undefined ? REORDER_SECONDS : Math.min(REORDER_SECONDS, secondsOf(next - keyframe) / 2);
  const earlier = secondsOf(keyframe) - SECOND_TRY_SECONDS;
  const points = [secondsOf(keyframe) + slack, ...(earlier > secondsOf(keyframePts[0] ?? 0) ? [earlier] : [])];
  return [...points.filter((seconds) => seconds > 0).map((seconds) => ({ seconds, landBy: keyframe })), beginning];
}

/** Index of the last of the ascending `values` that is not after `value`; -1 if all are. */
export function lastNotAfter(values: ArrayLike<number>, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

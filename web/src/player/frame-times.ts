// The true times of frames, known in stretches around where somebody has been.
import { frameAt, ROUNDING_SECONDS } from '../time/time-format';

export interface FrameStretch {
  /** Frames of the whole video. */
  readonly total: number;
  /** Number of the first of `times`. */
  readonly first: number;
  readonly times: readonly number[];
  readonly end_time: number;
}

export interface ShownFrame {
  readonly number: number;
  /** Seconds at which it is first shown. */
  readonly start: number;
  /** Seconds at which the next one is. */
  readonly end: number;
}

const STRETCHES_KEPT = 20;
/** After a failure. */
const PAUSE_MS = 5000;

export class FrameTimes {
  private stretches: FrameStretch[] = [];
  private asked: Promise<void> | undefined;
  /** Nobody is asked before then, of performance.now(). */
  private quietUntil = 0;

  constructor(
    private readonly load: (seconds: number) => Promise<FrameStretch>,
    /** Used until the true times are known. */
    private readonly frameRate: number,
    private readonly onLoaded: () => void,
  ) {}

  /** The frame that is shown at a second; undefined where that is not known yet. */
  at(seconds: number): ShownFrame | undefined {
    const found = this.find(seconds);
    if (!found) return undefined;
    const { stretch, place } = found;
    return { number: stretch.first + place, start: stretch.times[place] ?? 0, end: stretch.times[place + 1] ?? stretch.end_time };
  }

  /** Asks for what is not known, one stretch at a time. */
  prepare(seconds: number): Promise<void> {
    const found = this.find(seconds);
    const { stretch, place } = found ?? {};
    const isInside = stretch && place !== undefined && (place > 0 || stretch.first === 0) && (place < stretch.times.length - 1 || stretch.first + place === stretch.total - 1);
    if (isInside || performance.now() < this.quietUntil) return Promise.resolve();
    this.asked ??= this.load(seconds).then(
      (loaded) => {
        this.asked = undefined;
        this.stretches = [loaded, ...this.stretches].slice(0, STRETCHES_KEPT);
        if (!this.find(seconds)) this.rest();
        this.onLoaded();
      },
      () => {
        this.asked = undefined;
        this.rest();
      },
    );
    return this.asked;
  }

  /** The average rate stands in meanwhile. */
  private rest(): void {
    this.quietUntil = performance.now() + PAUSE_MS;
  }

  /** Where the frame `by` frames on begins; by the average rate where the true times cannot be had. */
  async stepped(seconds: number, by: number): Promise<number> {
    await this.prepare(seconds);
    const found = this.find(seconds);
    const time = found?.stretch.times[Math.max(0, Math.min(found.stretch.times.length - 1, found.place + by))];
    return time ?? (frameAt(seconds, this.frameRate) + by) / this.frameRate;
  }

  private find(seconds: number): { stretch: FrameStretch; place: number } | undefined {
    const at = seconds + ROUNDING_SECONDS;
    const stretch = this.stretches.find(({ times, end_time: end, first, total }) => (times[0] ?? Infinity) <= at && (at < end || first + times.length === total));
    if (!stretch) return undefined;
    let [low, high] = [0, stretch.times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((stretch.times[middle] ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    return { stretch, place: Math.max(0, low - 1) };
  }
}

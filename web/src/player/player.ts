// The player as the rest of the page sees it: seconds of the video, exact to the frame, whatever clock the file has.
import { type FrameStretch, FrameTimes, type ShownFrame } from './frame-times';

export interface PlayerFacts {
  readonly duration: number;
  /** Average frames per second. */
  readonly frameRate: number;
  /** Presentation time of the first frame on the clock of the file as it was uploaded. */
  readonly startTime: number;
}

export interface PlayerState {
  readonly playing: boolean;
  readonly speed: number;
  readonly muted: boolean;
  /** The browser cannot show this second: the service draws it. */
  readonly drawnByService: boolean;
  /** The browser cannot play the file at all. */
  readonly broken: boolean;
}

/** A browser that is asked for the very edge of a frame may show the one before. */
const INSIDE_FRAME = 0.002;
const SPEEDS = [1, 2, 4, 8];
const FASTEST = 8;
/** Pictures of a second that plays backward. */
const BACKWARD_PER_SECOND = 8;

export class Player {
  private element: HTMLVideoElement | undefined;
  private wanted = 0;
  private readonly frames: FrameTimes;
  /** Presentation time of the first frame on the clock of the file that is played. */
  private fileStart: number;
  private steps = Promise.resolve();
  private broken = false;
  private backward: ReturnType<typeof setInterval> | undefined;
  /** Speed at which it begins to play. */
  private chosenSpeed = 1;
  /** Second at which it stops. */
  private until = Infinity;
  private state: PlayerState = { playing: false, speed: 1, muted: false, drawnByService: false, broken: false };
  private readonly timeListeners = new Set<(seconds: number) => void>();
  private readonly stateListeners = new Set<() => void>();

  constructor(
    readonly facts: PlayerFacts,
    loadFrames: (seconds: number) => Promise<FrameStretch>,
    /** Whether an address was out of reach; resolves when it is worth another try. */
    private readonly waitedFor: (address: string) => Promise<boolean>,
  ) {
    this.fileStart = facts.startTime;
    this.frames = new FrameTimes(loadFrames, facts.frameRate, () => this.showTrueFrame());
  }

  /** Another file of the same video is played from now on, whose first frame has this time on its clock. */
  changeFile(startTime: number): void {
    this.fileStart = startTime;
    this.broken = false;
    this.noteWhoDraws();
  }

  /** Returns how to let go of it. */
  attach(element: HTMLVideoElement): () => void {
    this.element = element;
    const events = new AbortController();
    const on = (name: keyof HTMLVideoElementEventMap, listener: () => void): void => element.addEventListener(name, listener, { signal: events.signal });
    const begin = (): void => (element.videoWidth === 0 ? this.fail() : this.seek(this.wanted)); // the sound of some can be played without the picture
    on('loadedmetadata', begin);
    on('error', () => void this.failUnlessAway(element, events.signal));
    on('timeupdate', () => {
      if (!element.paused && !element.seeking) this.noteWhoDraws();
    });
    for (const name of ['play', 'pause', 'ratechange', 'volumechange', 'ended'] as const) on(name, () => this.readState());
    this.followPictures(element, events.signal);
    if (element.error) void this.failUnlessAway(element, events.signal); // it was quicker
    else if (element.readyState > 0) begin();
    return () => {
      events.abort();
      this.stopBackward();
      this.element = undefined;
    };
  }

  /** Seconds of the video. */
  get seconds(): number {
    return this.wanted;
  }

  /** The frame that is shown; undefined where the true times are not known yet. */
  get frame(): ShownFrame | undefined {
    return this.frames.at(this.wanted);
  }

  get current(): PlayerState {
    return this.state;
  }

  readonly onTime = (listener: (seconds: number) => void): (() => void) => {
    this.timeListeners.add(listener);
    return () => this.timeListeners.delete(listener);
  };

  readonly onState = (listener: () => void): (() => void) => {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  };

  seek(seconds: number): void {
    const { duration, frameRate } = this.facts;
    this.until = Infinity;
    this.wanted = Math.min(Math.max(0, seconds), Math.max(0, duration - 0.5 / frameRate));
    if (this.element) this.element.currentTime = this.fileStart + this.insideFrame();
    this.noteWhoDraws();
    this.tell();
  }

  /** To the true time of the next frame, or of the one before; one after the other, however fast the key is pressed. */
  step(frames: number): void {
    this.pause();
    this.steps = this.steps.then(async () => this.seek(await this.frames.stepped(this.wanted, frames)));
  }

  toggle(): void {
    if (this.state.playing) this.pause();
    else this.play(this.chosenSpeed);
  }

  /** From one second up to another one. */
  playRange(start: number, end: number): void {
    this.seek(start);
    this.play(this.chosenSpeed);
    this.until = end;
  }

  pause(): void {
    this.stopBackward();
    this.until = Infinity;
    if (this.element) {
      this.element.pause();
      this.element.playbackRate = this.chosenSpeed;
    }
    this.readState();
  }

  /** J, K, L: one more of the same direction goes faster. */
  shuttle(direction: -1 | 1): void {
    const { speed, playing } = this.state;
    const same = playing && Math.sign(speed) === direction;
    const next = same ? (SPEEDS.find((faster) => faster > Math.abs(speed)) ?? FASTEST) : 1;
    if (direction === 1) this.play(next);
    else this.playBackward(next);
  }

  setSpeed(speed: number): void {
    this.chosenSpeed = speed;
    if (this.backward) return this.playBackward(speed);
    if (this.element) this.element.playbackRate = speed;
    this.readState();
  }

  toggleMuted(): void {
    if (this.element) this.element.muted = !this.element.muted;
  }

  private play(speed: number): void {
    this.stopBackward();
    if (!this.element || this.broken) return;
    this.element.playbackRate = speed;
    if (this.wanted >= this.facts.duration - 1 / this.facts.frameRate) this.seek(0);
    void this.element.play().catch(() => this.readState());
    this.readState(); // the next key counts on it
  }

  private playBackward(speed: number): void {
    this.element?.pause();
    this.stopBackward();
    this.backward = setInterval(() => {
      if (this.wanted <= 0) return this.pause();
      this.seek(this.wanted - speed / BACKWARD_PER_SECOND);
    }, 1000 / BACKWARD_PER_SECOND);
    this.setState({ playing: true, speed: -speed });
  }

  private stopBackward(): void {
    clearInterval(this.backward);
    this.backward = undefined;
  }

  /** A file that did not arrive says nothing of what this browser can play; browsers tell the one as they tell the other. */
  private async failUnlessAway(element: HTMLVideoElement, signal: AbortSignal): Promise<void> {
    const isDecoding = element.error?.code === MediaError.MEDIA_ERR_DECODE;
    const wasAway = !isDecoding && (await this.waitedFor(element.currentSrc));
    if (signal.aborted) return;
    if (wasAway) element.load();
    else this.fail();
  }

  private fail(): void {
    this.broken = true;
    this.setState({ drawnByService: true, broken: true, playing: false });
  }

  /** Tells the time of each picture as it is shown. */
  private followPictures(element: HTMLVideoElement, signal: AbortSignal): void {
    const next = (_now: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
      if (signal.aborted) return;
      if (!element.paused && !element.seeking) {
        this.wanted = Math.max(0, mediaTime - this.fileStart);
        if (this.wanted >= this.until) this.stopAt(this.until);
        else this.tell();
      }
      element.requestVideoFrameCallback(next);
    };
    element.requestVideoFrameCallback(next);
  }

  private stopAt(seconds: number): void {
    this.pause();
    this.seek(seconds);
  }

  private noteWhoDraws(): void {
    const { element } = this;
    const past = element !== undefined && element.readyState > 0 && this.fileStart + this.wanted > element.duration + 0.01;
    this.setState({ drawnByService: this.broken || past, broken: this.broken });
  }

  private readState(): void {
    const { element } = this;
    if (!element || this.backward) return;
    this.setState({ playing: !element.paused && !element.ended, speed: element.playbackRate, muted: element.muted });
  }

  private setState(change: Partial<PlayerState>): void {
    const next = { ...this.state, ...change };
    const keys = Object.keys(next) as (keyof PlayerState)[];
    if (keys.every((key) => next[key] === this.state[key])) return;
    this.state = next;
    this.stateListeners.forEach((listener) => listener());
  }

  /**
   * A second at which every browser shows the frame that is wanted. Files tell how long frames last in the order of decoding: where that
   * differs, a browser may hold a frame a little too long, or not long enough. Half a frame of the usual length is clear of both.
   */
  private insideFrame(): number {
    const { frame } = this;
    return frame ? frame.start + Math.min((frame.end - frame.start) / 2, 0.5 / this.facts.frameRate) : this.wanted + INSIDE_FRAME;
  }

  private showTrueFrame(): void {
    if (this.element?.paused && this.element.readyState > 0) this.element.currentTime = this.fileStart + this.insideFrame();
    this.tell();
  }

  private tell(): void {
    void this.frames.prepare(this.wanted);
    this.timeListeners.forEach((listener) => listener(this.wanted));
  }
}

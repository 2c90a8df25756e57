// All that the small pictures of a part of a video tell, in one pass, such that the findings of neighbouring parts can be joined.
import { type ChunkFindings, type ChunkTransition } from './chunk-findings.js';
import { CUT_LOOKAHEAD, CutDetector, type FoundCut } from './cuts.js';
import { fingerprint } from './fingerprint.js';
import { GRADUAL_LOOKBACK, GradualDetector } from './gradual.js';
import { MotionMeter } from './motion.js';
import { type Part } from './shots.js';
import { type SignalFrame } from './signal.js';
import { measurePicture, type SmallPicture } from './small-picture.js';
import { BlackDetector, FreezeDetector, LEAST_FREEZE_SECONDS } from './still.js';

/** Pictures from outside the part without which a detector would come to another result near its edges. */
export const DETECTOR_CONTEXT = {
  beforeSeconds: Math.max(GRADUAL_LOOKBACK, LEAST_FREEZE_SECONDS + 0.2),
  beforeFrames: 48, // of which some may be left out
  afterFrames: CUT_LOOKAHEAD + 1,
};

/** What the pictures alone tell; `loudness` and what decodes come from elsewhere. */
export type PictureFindings = Pick<ChunkFindings, 'transitions' | 'stretches' | 'motion' | 'camera' | 'cameraSpeed' | 'fingerprints'>;

/** Takes frames in order, those around the part included; memory grows only with what is found. */
export class SignalDetector {
  private readonly cutDetector = new CutDetector();
  private readonly gradualDetector: GradualDetector;
  private readonly stillDetectors: readonly (BlackDetector | FreezeDetector)[];
  private readonly motionMeter: MotionMeter;
  private readonly cuts: FoundCut[] = [];
  private readonly fingerprints = new Map<number, string>(); // by second
  private shown: SmallPicture | undefined;

  constructor(private readonly part: Part) {
    this.gradualDetector = new GradualDetector(part);
    this.stillDetectors = [new BlackDetector(part), new FreezeDetector(part)];
    this.motionMeter = new MotionMeter(part);
  }

  add({ seconds, rgb }: SignalFrame): void {
    const picture = measurePicture(seconds, rgb);
    this.cuts.push(...this.cutDetector.add(picture));
    this.gradualDetector.add(picture);
    for (const detector of this.stillDetectors) detector.add(picture);
    this.motionMeter.add(picture);
    this.takeFingerprint(picture);
  }

  /** The cuts of the part, to the picture: frames that were left out may be more exact. To be asked for after the last frame. */
  foundCuts(): FoundCut[] {
    this.cuts.push(...this.cutDetector.finish());
    const { startSeconds, endSeconds } = this.part;
    return this.cuts.filter((cut) => cut.startSeconds >= startSeconds && cut.startSeconds < endSeconds);
  }

  /** `cuts` are those found, made exact; `decodedUntil` is where the last picture of the part stops being shown. */
  finish(cuts: readonly ChunkTransition[], decodedUntil: number): PictureFindings {
    const { startSeconds, endSeconds } = this.part;
    this.holdFingerprint(Math.ceil(endSeconds - 1e-9));
    const seconds = Array.from({ length: Math.max(0, Math.ceil(endSeconds - 1e-9) - startSeconds) }, (_, i) => startSeconds + i);
    const measured = seconds.map((second) => (second < decodedUntil - 1e-9 ? this.motionMeter.of(second) : undefined));
    return {
      transitions: [...cuts, ...this.gradualDetector.finish()].sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds),
      stretches: this.stillDetectors.flatMap((detector) => detector.finish(decodedUntil)),
      motion: measured.map((second) => (second ? rounded(second.motion, 100) : null)),
      camera: measured.map((second) => second?.camera ?? null),
      cameraSpeed: measured.map((second) => (second?.cameraSpeed == null ? null : rounded(second.cameraSpeed, 10_000))),
      fingerprints: seconds.map((second, i) => (measured[i] ? (this.fingerprints.get(second) ?? null) : null)),
    };
  }

  private takeFingerprint(picture: SmallPicture): void {
    const second = Math.floor(picture.seconds + 1e-6);
    const isFirst = this.shown === undefined || second > Math.floor(this.shown.seconds + 1e-6);
    if (isFirst) this.holdFingerprint(Math.min(second, this.part.endSeconds));
    if (isFirst && second >= this.part.startSeconds && picture.seconds < this.part.endSeconds) {
      this.fingerprints.set(second, fingerprint(picture));
    }
    this.shown = picture;
  }

  /** The seconds before `second` in which no picture begins have that of the one still on show. */
  private holdFingerprint(second: number): void {
    if (!this.shown) return;
    const first = Math.max(this.part.startSeconds, Math.floor(this.shown.seconds + 1e-6) + 1);
    if (first >= second) return;
    const held = fingerprint(this.shown);
    for (let at = first; at < second; at++) this.fingerprints.set(at, held);
  }
}

const rounded = (value: number, steps: number): number => Math.round(value * steps) / steps;

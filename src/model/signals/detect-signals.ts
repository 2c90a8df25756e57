// All signals of a video, or of a part of it, in one pass over its small pictures.
import { CutDetector } from './cuts.js';
import { GradualDetector } from './gradual.js';
import { type Part, shotsOf } from './shots.js';
import { type Signal, type SignalFrame, type Transition } from './signal.js';
import { measurePicture } from './small-picture.js';
import { BlackDetector, FreezeDetector } from './still.js';

/** Takes frames in order; memory does not grow with the length of the video. */
export class SignalDetector {
  private readonly cutDetector = new CutDetector();
  private readonly gradualDetector = new GradualDetector();
  private readonly stillDetectors = [new BlackDetector(), new FreezeDetector()];
  private readonly cuts: Transition[] = [];
  private readonly gradual: Transition[] = [];
  private readonly still: Signal[] = [];

  add({ seconds, rgb }: SignalFrame): void {
    const picture = measurePicture(seconds, rgb);
    this.cuts.push(...this.cutDetector.add(picture));
    this.gradual.push(...this.gradualDetector.add(picture));
    for (const detector of this.stillDetectors) this.still.push(...detector.add(picture));
  }

  /** Everything found in the part that was read, by start. */
  finish(part: Part): Signal[] {
    this.cuts.push(...this.cutDetector.finish());
    this.gradual.push(...this.gradualDetector.finish());
    for (const detector of this.stillDetectors) this.still.push(...detector.finish(part.endSeconds));
    const gradual = this.gradual.filter((transition) => !this.cuts.some((cut) => isInside(cut, transition)));
    const signals = [...shotsOf([...this.cuts, ...gradual], part), ...gradual.map(signalOf), ...this.still];
    return signals.sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds);
  }
}

/** What holds a cut is no gradual transition. */
const isInside = (cut: Transition, { startSeconds, endSeconds }: Transition): boolean =>
  cut.startSeconds > startSeconds && cut.startSeconds <= endSeconds;

function signalOf({ type, ...transition }: Transition): Signal {
  const method = 'mixture-of-pictures';
  if (type === 'dissolve') return { ...transition, method, type, text: 'One scene dissolves into another.' };
  return { ...transition, method, type: 'fade', text: type === 'fade-in' ? 'The picture fades in.' : 'The picture fades out.' };
}

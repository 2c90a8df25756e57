// Tells from the signs of progress of a window how long each stage took: what passes before a sign belongs to its stage.
import { type WindowProgress } from '../src/inference/inference.js';

/** `wait`: other windows have the model. */
export type Stage = WindowProgress['stage'] | 'wait';

export class StageClock {
  readonly seconds: Record<Stage, number> = { wait: 0, decode: 0, encode: 0, answer: 0 };
  private last: number;

  /** `now`: milliseconds of a clock that never steps back. */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.last = now();
  }

  pass(stage: Stage): void {
    const now = this.now();
    this.seconds[stage] += (now - this.last) / 1000;
    this.last = now;
  }
}

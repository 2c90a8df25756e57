// Finds hard cuts, to the picture: one that cannot be made of the one before it, while its neighbours can.
import { type Transition } from './signal.js';
import { changedShare, correlation, difference, novelty, type SmallPicture } from './small-picture.js';

/** Pictures on either side that a cut is compared with. */
const NEIGHBOURS = 5;

/** A flash or a torn frame lasts no longer; after it the old scene is back. */
const FLASH_FRAMES = 3;
const FLASH_SECONDS = 0.2; // where pictures are few, one alone may last longer

/** So many pictures after the last one that matters decide about it. */
export const CUT_LOOKAHEAD = NEIGHBOURS;

/** So many neighbours may be cuts themselves. */
const OTHER_CUTS = 2;

/** Grey levels; less is noise. */
const LEAST_DIFFERENCE = 3;

/**
 * Any of them is enough. The ratio is to the neighbours: wild motion is new in every frame, a cut in one. In calm footage little is
 * needed, as between two slides on white, if the pictures have little in common in place either; with much, only the light has changed.
 */
const RULES = [
  { novelty: 0.36, ratio: 1.5, mostCorrelation: 0.8 },
  { novelty: 0.25, ratio: 4, mostCorrelation: 0.8 },
  { novelty: 0.12, ratio: 5, mostCorrelation: 0.5 },
];
/** Share of the picture that a cut changes at least: on hand-checked cuts 0.77 to 1, where one thing appears up to 0.46. */
const LEAST_CHANGED = 0.55;

const LEAST_NOVELTY = Math.min(...RULES.map((rule) => rule.novelty));

/** A cut that lies after the picture at `afterSeconds`, and not after that at `startSeconds`: between them there may be frames unseen. */
export interface FoundCut extends Transition {
  readonly afterSeconds: number;
}

interface Step {
  readonly picture: SmallPicture;
  /** From the picture before, grey levels. */
  readonly difference: number;
  novelty?: number;
}

/** Takes pictures in order and keeps only the last few; each cut is told a few pictures late. */
export class CutDetector {
  private readonly steps: Step[] = [];

  add(picture: SmallPicture): FoundCut[] {
    const before = this.steps.at(-1)?.picture;
    this.steps.push({ picture, difference: before ? difference(before, picture) : 0 });
    if (this.steps.length > NEIGHBOURS + FLASH_FRAMES + 2 + NEIGHBOURS) this.steps.shift();
    return this.judge(this.steps.length - 1 - NEIGHBOURS);
  }

  /** The cuts among the last few pictures. */
  finish(): FoundCut[] {
    const from = Math.max(1, this.steps.length - NEIGHBOURS);
    return this.steps.slice(from).flatMap((_, i) => this.judge(from + i));
  }

  private judge(at: number): FoundCut[] {
    const [before, step] = [this.steps[at - 1], this.steps[at]];
    if (at < 1 || !before || !step || step.difference < LEAST_DIFFERENCE || !this.isPeak(at)) return [];
    if (changedShare(before.picture, step.picture) < LEAST_CHANGED) return []; // the cheaper measure first
    const found = this.noveltyOf(at);
    if (found < LEAST_NOVELTY) return [];
    const usual = this.usualNovelty(at);
    const common = correlation(before.picture, step.picture);
    const isNew = RULES.some((rule) => found >= rule.novelty && found >= rule.ratio * usual && common <= rule.mostCorrelation);
    if (!isNew || this.isFlash(at, found)) return [];
    const { seconds } = step.picture;
    const confidence = Math.min(0.99, 1 - usual / found / 2);
    const measured = { novelty: found, nearby: usual, correlation: common };
    return [{ type: 'cut', startSeconds: seconds, endSeconds: seconds, afterSeconds: before.picture.seconds, confidence, measured }];
  }

  /** Larger than the steps next to it: the rest need not be searched. */
  private isPeak(at: number): boolean {
    const here = this.steps[at]?.difference ?? 0;
    return [at - 1, at + 1].every((other) => (this.steps[other]?.difference ?? 0) <= here);
  }

  private noveltyOf(at: number): number {
    const [before, step] = [this.steps[at - 1], this.steps[at]];
    if (!before || !step) return 0;
    return (step.novelty ??= novelty(before.picture, step.picture));
  }

  /** Seconds from the picture before. */
  private gapAt(at: number): number {
    return (this.steps[at]?.picture.seconds ?? 0) - (this.steps[at - 1]?.picture.seconds ?? 0);
  }

  /** The largest novelty nearby, as it would be in as short a time, not counting those that may be cuts themselves. */
  private usualNovelty(at: number): number {
    const nearby: number[] = [];
    const gap = this.gapAt(at);
    for (let i = Math.max(1, at - NEIGHBOURS); i <= Math.min(this.steps.length - 1, at + NEIGHBOURS); i++) {
      if (i !== at) nearby.push(this.noveltyOf(i) * Math.max(0.5, Math.min(1, gap / this.gapAt(i))));
    }
    return nearby.sort((a, b) => b - a)[OTHER_CUTS] ?? 0;
  }

  /** The scene before comes back at once, or the scene after was there just before. */
  private isFlash(at: number, found: number): boolean {
    const same = (a: number, b: number): boolean => {
      const [first, second] = [this.steps[a], this.steps[b]];
      if (first === undefined || second === undefined) return false;
      const between = second.picture.seconds - first.picture.seconds;
      return (b - a === 2 || between <= FLASH_SECONDS) && novelty(first.picture, second.picture) < found / 2;
    };
    for (let frames = 1; frames <= FLASH_FRAMES; frames++) {
      if (same(at - 1, at + frames) || same(at - 1 - frames, at)) return true;
    }
    return false;
  }
}

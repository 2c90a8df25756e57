// Finds hard cuts, to the frame: a picture that cannot be made of the one before it, while its neighbours can.
import { difference, novelty, type SmallPicture } from './small-picture.js';
import { type Transition } from './signal.js';

/** Frames on either side that a cut is compared with. */
const NEIGHBOURS = 5;

/** A flash or a torn frame lasts no longer; after it the old scene is back. */
const FLASH_FRAMES = 3;

/** Grey levels: less than this is noise. */
const LEAST_DIFFERENCE = 3;

/** Measured on hand-checked cuts and on hand-held, panning and time-lapse footage. */
const NEW_SCENE = { novelty: 0.4, ratio: 1.5 };
const CALM_NEW_SCENE = { novelty: 0.25, ratio: 4 };

/** Takes pictures in order and keeps only the last few. */
export class CutDetector {
  private readonly pictures: SmallPicture[] = [];
  private readonly differences: number[] = []; // [i] between pictures i - 1 and i
  private readonly novelties: (number | undefined)[] = [];
  private ahead = 0;

  /** The cut at the picture `NEIGHBOURS` before this one, if there is one. */
  add(picture: SmallPicture): Transition | undefined {
    const before = this.pictures.at(-1);
    this.pictures.push(picture);
    this.differences.push(before ? difference(before, picture) : 0);
    this.novelties.push(undefined);
    if (this.pictures.length > 2 * NEIGHBOURS + FLASH_FRAMES + 2) {
      this.pictures.shift();
      this.differences.shift();
      this.novelties.shift();
    } else {
      this.ahead = this.pictures.length - 1 - NEIGHBOURS;
    }
    return this.judge(this.pictures.length - 1 - NEIGHBOURS);
  }

  /** The cuts among the last pictures. */
  finish(): Transition[] {
    const cuts: Transition[] = [];
    for (let i = this.pictures.length - NEIGHBOURS; i < this.pictures.length; i++) {
      const cut = this.judge(i);
      if (cut) cuts.push(cut);
    }
    return cuts;
  }
}

// Finds black stretches and frozen ones: pictures without light, and pictures that do not change.
import { type ChunkStretch } from './chunk-findings.js';
import { type Part } from './shots.js';
import { isNear, PIXELS, type SmallPicture } from './small-picture.js';
import { StretchFinder } from './stretches.js';

const BLACK = { light: 26, share: 0.98 }; // light of 255
export const LEAST_BLACK_SECONDS = 0.2;

/** Grey levels; what a camera records is never so still. */
const FROZEN = { largest: 4, mean: 0.5 };
export const LEAST_FREEZE_SECONDS = 2;

export class BlackDetector {
  private readonly finder: StretchFinder;

  constructor(part: Part) {
    const measured = { light: BLACK.light, share: BLACK.share };
    this.finder = new StretchFinder(part, { type: 'black', text: 'The picture is black.', confidence: 0.95, method: 'dark-pixels', measured });
  }

  add(picture: SmallPicture): void {
    this.finder.add(picture.seconds, isBlack(picture));
  }

  finish(untilSeconds: number): ChunkStretch[] {
    return this.finder.finish(untilSeconds);
  }
}

/**
 * A picture is frozen when it is like the one on show two seconds before and like the one just before, so that nothing older matters:
 * each chunk comes to the same result. A black stretch is not called frozen as well.
 */
export class FreezeDetector {
  private readonly recent: SmallPicture[] = []; // from the one on show two seconds ago
  private changedAt = -Infinity; // seconds of the last picture unlike the one before it
  private readonly finder: StretchFinder;

  constructor(part: Part) {
    const text = 'The picture stands still.';
    this.finder = new StretchFinder(part, { type: 'freeze', text, confidence: 0.9, method: 'unchanged-picture', measured: { ...FROZEN } });
  }

  add(picture: SmallPicture): void {
    const { recent } = this;
    const { seconds } = picture;
    const before = recent.at(-1);
    recent.push(picture);
    while ((recent[1]?.seconds ?? Infinity) <= seconds - LEAST_FREEZE_SECONDS + 1e-6) recent.shift();
    const goesOn = before !== undefined && isNear(before, picture, FROZEN);
    if (!goesOn) this.changedAt = seconds;
    const [reference] = recent;
    const isOld = reference !== undefined && reference.seconds <= seconds - LEAST_FREEZE_SECONDS + 1e-6;
    const still = goesOn && isOld && isNear(reference, picture, FROZEN) && !isBlack(picture);
    this.finder.add(seconds, still, still ? Math.max(reference.seconds, this.changedAt) : seconds);
  }

  finish(untilSeconds: number): ChunkStretch[] {
    return this.finder.finish(untilSeconds);
  }
}

function isBlack({ light, mean }: SmallPicture): boolean {
  if (mean > BLACK.light + 255 * (1 - BLACK.share)) return false;
  let dark = 0;
  for (const value of light) if (value < BLACK.light) dark += 1;
  return dark >= BLACK.share * PIXELS;
}

// Finds black stretches and frozen ones: pictures without light, and pictures that do not change.
import { type Signal } from './signal.js';
import { difference, largestDifference, PIXELS, type SmallPicture } from './small-picture.js';

const BLACK = { light: 26, share: 0.98, leastSeconds: 0.2 }; // light of 255

/** Against the first picture of the stretch, grey levels; what a camera records is never so still. */
const FROZEN = { largest: 4, mean: 0.5, leastSeconds: 2 };

/** A stretch that is still open, told by the pictures as they come. */
class Stretch {
  private since: number | undefined;

  constructor(
    private readonly leastSeconds: number,
    private readonly describe: (startSeconds: number, endSeconds: number) => Signal,
  ) {}

  /** The stretch that ends at `seconds`, where one does and was long enough. */
  step(seconds: number, goesOn: boolean): Signal[] {
    if (goesOn) {
      this.since ??= seconds;
      return [];
    }
    const { since } = this;
    this.since = undefined;
    return since !== undefined && seconds - since >= this.leastSeconds ? [this.describe(since, seconds)] : [];
  }
}

export class BlackDetector {
  private readonly stretch = new Stretch(BLACK.leastSeconds, (startSeconds, endSeconds) => ({
    ...{ type: 'black', startSeconds, endSeconds, text: 'The picture is black.', confidence: 0.95, method: 'dark-pixels' },
    measured: { light: BLACK.light, share: BLACK.share },
  }));

  add(picture: SmallPicture): Signal[] {
    return this.stretch.step(picture.seconds, isBlack(picture));
  }

  finish(endSeconds: number): Signal[] {
    return this.stretch.step(endSeconds, false);
  }
}

/** A black stretch is not called frozen as well. */
export class FreezeDetector {
  private reference: SmallPicture | undefined;
  private readonly stretch = new Stretch(FROZEN.leastSeconds, (startSeconds, endSeconds) => ({
    ...{ type: 'freeze', startSeconds, endSeconds, text: 'The picture stands still.', confidence: 0.9, method: 'unchanged-picture' },
    measured: { largest: FROZEN.largest, mean: FROZEN.mean },
  }));

  add(picture: SmallPicture): Signal[] {
    const { reference } = this;
    const still =
      reference !== undefined && largestDifference(reference, picture) <= FROZEN.largest && difference(reference, picture) <= FROZEN.mean;
    const ended = still ? [] : this.stretch.step(picture.seconds, false);
    if (!still) this.reference = isBlack(picture) ? undefined : picture;
    if (this.reference) this.stretch.step(this.reference.seconds, true);
    return ended;
  }

  finish(endSeconds: number): Signal[] {
    return this.stretch.step(endSeconds, false);
  }
}

function isBlack({ light }: SmallPicture): boolean {
  let dark = 0;
  for (const value of light) if (value < BLACK.light) dark += 1;
  return dark >= BLACK.share * PIXELS;
}

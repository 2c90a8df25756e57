// Says at which of a few consecutive frames a cut is, once the frames between two pictures of a scan have been looked at too.
import { novelty, type SmallPicture } from './small-picture.js';

/** A cut happens in one step; motion spreads over all of them. */
const LEAST_SHARE = 0.6;

/**
 * Index of the first picture of the new scene, from the last known picture of the old scene to the first known one of the new;
 * undefined when the change comes little by little, so that it was motion.
 */
export function locateCut(pictures: readonly SmallPicture[]): number | undefined {
  const [first, last] = [pictures[0], pictures.at(-1)];
  if (!first || !last || pictures.length <= 2) return pictures.length - 1;
  const steps = pictures.slice(1).map((picture, i) => novelty(pictures[i] ?? first, picture));
  const best = steps.indexOf(Math.max(...steps));
  return (steps[best] ?? 0) >= LEAST_SHARE * novelty(first, last) ? best + 1 : undefined;
}

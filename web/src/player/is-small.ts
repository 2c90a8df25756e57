// A picture of so few pixels that smoothing would only blur it: its pixels are shown as they are.
import type { Video } from '../api/resources';

const SMALL_PIXELS = 240;

/** The value of `data-small`. */
export const isSmall = ({ width, height }: Video): true | undefined => (Math.max(width, height) <= SMALL_PIXELS ? true : undefined);

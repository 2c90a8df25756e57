// How other releases choose a resolution, for comparison with them; the product does not use these rules.
import { AppError } from '../../app-error.js';
import { BLOCK_SIZE } from './patches.js';
import { roundHalfEven } from './rounding.js';
import { type Size, smartResize, type SmartResizeInput } from './smart-resize.js';

/** Where a release departs from the canonical rule. */
interface Departure {
  /** A side below the factor is an error. */
  readonly refusesSmallSides?: boolean;
  /** A small side is rounded without being raised to the factor first. */
  readonly roundsToZero?: boolean;
  /** A side that would vanish under the budget becomes the factor. */
  readonly clampsShrunkSides?: boolean;
}

/** By the names of the golden vectors. Spec 3.1. */
export const smartResizeVariants: Readonly<Record<string, (input: SmartResizeInput) => Size>> = {
  qwen_vl_utils_0_0_10: (input) => variant(input, {}),
  qwen_vl_utils_0_0_11: (input) => variant(input, { clampsShrunkSides: true }),
  qwen_vl_utils_0_0_14: smartResize,
  transformers_4_49_0: (input) => variant(input, { refusesSmallSides: true, roundsToZero: true }),
  transformers_4_57_6: (input) => variant(input, { roundsToZero: true, clampsShrunkSides: true }),
};

function variant({ height, width, minPixels, maxPixels, factor = BLOCK_SIZE }: SmartResizeInput, departure: Departure): Size {
  if (Math.max(height, width) / Math.min(height, width) > 200) throw new AppError('resize.too_thin', `${width} x ${height} is too thin.`);
  if (departure.refusesSmallSides && Math.min(height, width) < factor) {
    throw new AppError('resize.size_invalid', `A side of ${width} x ${height} is below ${factor}.`);
  }
  const round = (length: number): number => Math.max(departure.roundsToZero ? 0 : factor, roundHalfEven(length / factor) * factor);
  const pixels = round(height) * round(width);
  if (pixels > maxPixels) {
    const shrink = Math.sqrt((height * width) / maxPixels);
    const floor = (length: number): number =>
      Math.max(departure.clampsShrunkSides ? factor : 0, Math.floor(length / shrink / factor) * factor);
    return { height: floor(height), width: floor(width) };
  }
  if (pixels < minPixels) {
    const grow = Math.sqrt(minPixels / (height * width));
    const ceil = (length: number): number => Math.ceil((length * grow) / factor) * factor;
    return { height: ceil(height), width: ceil(width) };
  }
  return { height: round(height), width: round(width) };
}

// Cosines and sines of the rotary embeddings: by row and column in the vision tower, by time, height and width in the decoder.
import { type Grid } from './patches.js';

/**
 * [rows, headDim / 2] each. The second half of a head repeats these angles; a rotation is "rotate half":
 * `x * cos + concat(-x[half..], x[..half]) * sin`.
 */
export interface RotaryTables {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** Row and column of every patch within its own frame, in the order of `pixel_values`: block by block. */
export function patchPositions(grids: readonly Grid[], mergeSize: number): { rows: Int32Array; columns: Int32Array } {
  const patches = grids.reduce((sum, [t, h, w]) => sum + t * h * w, 0);
  const rows = new Int32Array(patches);
  const columns = new Int32Array(patches);
  let at = 0;
  for (const [t, h, w] of grids) {
    // Spec 6.2: there is no temporal angle, every temporal group repeats the same values.
    for (let group = 0; group < t; group++) {
      for (let top = 0; top < h; top += mergeSize) {
        for (let left = 0; left < w; left += mergeSize) {
          for (let y = top; y < top + mergeSize; y++) {
            for (let x = left; x < left + mergeSize; x++, at++) {
              rows[at] = y;
              columns[at] = x;
            }
          }
        }
      }
    }
  }
  return { rows, columns };
}

const VISION_THETA = 10_000;

/**
 * Spec 6.2: the first half of the angles are those of the patch's row, the second half those of its column, for the patches of `grids`
 * in the order of `pixel_values`, or in window order where a `windowIndex` is given (spec 6.4).
 */
export function visionRotary(
  grids: readonly Grid[],
  { headDim, mergeSize, windowIndex }: { headDim: number; mergeSize: number; windowIndex?: Int32Array },
): RotaryTables {
  const { rows, columns } = patchPositions(grids, mergeSize);
  const angles = headDim / 2;
  const perAxis = angles / 2;
  const frequencies = Float32Array.from({ length: perAxis }, (_, j) => 1 / VISION_THETA ** ((2 * j) / angles));
  const patchesPerCell = mergeSize * mergeSize;
  return tables(rows.length, angles, (place, j) => {
    const cell = Math.floor(place / patchesPerCell);
    const patch = windowIndex ? windowIndex[cell]! * patchesPerCell + (place % patchesPerCell) : place;
    return j < perAxis ? rows[patch]! * frequencies[j]! : columns[patch]! * frequencies[j - perAxis]!;
  });
}

export interface TextRotaryOptions {
  readonly headDim: number;
  readonly mropeSection: readonly [number, number, number];
  readonly theta: number;
}

/**
 * Spec 8.5. `positionIds` is [3, rows] (temporal, height, width), where rows may be a batch of sequences end to end.
 * The sections are contiguous: with [16, 24, 24] the temporal id drives frequencies 0 to 15, the height id 16 to 39, the width id 40 to 63.
 */
export function textRotary(positionIds: ArrayLike<number>, { headDim, mropeSection, theta }: TextRotaryOptions): RotaryTables {
  const rows = positionIds.length / 3;
  const frequencies = Float32Array.from({ length: headDim / 2 }, (_, j) => 1 / Math.fround(theta ** Math.fround((2 * j) / headDim)));
  const axisOf = mropeSection.flatMap((count, axis) => Array.from({ length: count }, () => axis));
  return tables(rows, headDim / 2, (row, j) => positionIds[axisOf[j]! * rows + row]! * frequencies[j]!);
}

/** Angles are rounded to float32 before the cosine: in double they would differ from the reference by up to 4e-4 at ids near 7000. */
function tables(rows: number, angles: number, angleOf: (row: number, j: number) => number): RotaryTables {
  const cos = new Float32Array(rows * angles);
  const sin = new Float32Array(rows * angles);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let j = 0; j < angles; j++, at++) {
      const angle = Math.fround(angleOf(row, j));
      cos[at] = Math.cos(angle);
      sin[at] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

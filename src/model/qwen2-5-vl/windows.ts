// Divides the merged cells of each temporal group into attention windows and says where each attention segment begins.
import { type Grid } from './patches.js';

export interface WindowGeometry {
  readonly windowSize: number; // pixels
  readonly patchSize: number; // pixels
  readonly mergeSize: number; // patches a side
}

export interface WindowPlan {
  /** [cells] A permutation of all merged cells over all items: place i of the window order holds cell `windowIndex[i]`. */
  readonly windowIndex: Int32Array;
  /** [windows + 1] Where each window begins, counted in patches; for the blocks with window attention. */
  readonly cuWindowSeqlens: Int32Array;
  /** [groups + 1] Where each temporal group begins, counted in patches; for the blocks with full attention. */
  readonly cuSeqlens: Int32Array;
}

/**
 * Spec 6.3. Cells are numbered in raster order, temporal group by group, item by item.
 *
 * @example windowPlan([[1, 6, 10]], { windowSize: 112, patchSize: 14, mergeSize: 2 })
 * // 3 x 5 cells: one window of 3 x 4 and one of 3 x 1; cuWindowSeqlens 0, 48, 60; cuSeqlens 0, 60
 */
export function windowPlan(grids: readonly Grid[], { windowSize, patchSize, mergeSize }: WindowGeometry): WindowPlan {
  const side = Math.floor(windowSize / mergeSize / patchSize); // cells
  const patchesPerCell = mergeSize * mergeSize;
  const windowIndex: number[] = [];
  const cuWindowSeqlens = [0];
  const cuSeqlens = [0];
  let firstCell = 0;
  for (const [t, h, w] of grids) {
    const rows = h / mergeSize;
    const columns = w / mergeSize;
    for (let group = 0; group < t; group++) {
      for (let top = 0; top < rows; top += side) {
        for (let left = 0; left < columns; left += side) {
          for (let y = top; y < Math.min(top + side, rows); y++) {
            for (let x = left; x < Math.min(left + side, columns); x++) windowIndex.push(firstCell + y * columns + x);
          }
          cuWindowSeqlens.push(windowIndex.length * patchesPerCell);
        }
      }
      firstCell += rows * columns;
      // "Full" attention never crosses a temporal group.
      cuSeqlens.push(firstCell * patchesPerCell);
    }
  }
  return { windowIndex: Int32Array.from(windowIndex), cuWindowSeqlens: Int32Array.from(cuWindowSeqlens), cuSeqlens: Int32Array.from(cuSeqlens) };
}

/** Spec 6.7: the permutation that undoes another one; output cell `permutation[i]` receives row i. */
export function invert(permutation: Int32Array): Int32Array {
  const inverse = new Int32Array(permutation.length);
  for (let i = 0; i < permutation.length; i++) inverse[permutation[i]!] = i;
  return inverse;
}

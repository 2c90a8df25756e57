// What the vision graph is fed for temporal groups of one size, besides the patches themselves.
import { type ModelConfig } from './config.js';
import { type Grid } from './patches.js';
import { type RotaryTables, visionRotary } from './rotary.js';
import { invert, windowPlan } from './windows.js';

/** Names and shapes are those of VISION_INPUTS in vision-graph.ts. */
export interface VisionFeeds extends RotaryTables {
  /** [cells] Which merged cell is at each place of the window order. */
  readonly windowIndex: Int32Array;
  readonly groupShape: readonly number[];
  readonly windowShape: readonly number[];
  readonly slotPatches: Int32Array;
  readonly windowLengths: Int32Array;
  readonly patchSlots: Int32Array;
  readonly rasterOrder: Int32Array;
}

export function visionFeeds(grid: Grid, vision: ModelConfig['vision']): VisionFeeds {
  const { windowSize, patchSize, spatialMergeSize: mergeSize, headDim, hiddenSize } = vision;
  const { windowIndex, cuWindowSeqlens } = windowPlan([grid], { windowSize, patchSize, mergeSize });
  const windowLengths = cuWindowSeqlens.subarray(1).map((end, window) => end - cuWindowSeqlens[window]!);
  const capacity = windowLengths.reduce((largest, length) => Math.max(largest, length), 0);
  const slotPatches = new Int32Array(windowLengths.length * capacity);
  const patchSlots = new Int32Array(grid[0] * grid[1] * grid[2]);
  windowLengths.forEach((length, window) => {
    for (let k = 0; k < length; k++) {
      const patch = cuWindowSeqlens[window]! + k;
      slotPatches[window * capacity + k] = patch;
      patchSlots[patch] = window * capacity + k;
    }
  });
  return {
    ...visionRotary([grid], { headDim, mergeSize, windowIndex }),
    windowIndex,
    groupShape: [grid[0], grid[1] * grid[2], hiddenSize],
    windowShape: [windowLengths.length, capacity, hiddenSize],
    slotPatches,
    windowLengths,
    patchSlots,
    rasterOrder: invert(windowIndex),
  };
}

/** Spec 6.4: rows `[cells * 4, rowLength]` in groups of four, the four patches of a merged cell, moved to the places of their cells. */
export function toWindowOrder(rows: Float32Array, windowIndex: Int32Array): Float32Array {
  const cellLength = rows.length / windowIndex.length;
  const ordered = new Float32Array(rows.length);
  windowIndex.forEach((cell, place) => ordered.set(rows.subarray(cell * cellLength, (cell + 1) * cellLength), place * cellLength));
  return ordered;
}

/** The way back from `toWindowOrder`. */
export function fromWindowOrder(rows: Float32Array, windowIndex: Int32Array): Float32Array {
  return toWindowOrder(rows, invert(windowIndex));
}

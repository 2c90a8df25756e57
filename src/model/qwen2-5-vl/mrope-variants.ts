// The two other position rules found in the wild, for comparison with the library releases that use them; the product does not.
import { type MultimodalPositions, multimodalPositions, type PositionInput, segmentRows, textIds, visionIds } from './mrope.js';
import { MERGE_SIZE } from './patches.js';

/** Spec 8.6, transformers 4.52 to 5.2: the seconds of a group are cut to an integer first, so that 0.999 becomes 0. */
export function intSecondRule(input: PositionInput): MultimodalPositions {
  return multimodalPositions(withWholeSeconds(input));
}

/**
 * Spec 8.6, transformers 5.6 to 5.16: whole seconds, and text after a vision block overlaps the video's time axis.
 * Padding gets 0, and the delta counts the unpadded length.
 */
export function v5Rule(given: PositionInput): MultimodalPositions {
  const input = withWholeSeconds(given);
  const rows = segmentRows(input);
  const length = input.inputIds[0]?.length ?? 0;
  const positionIds = new Int32Array(3 * rows.length * length);
  const ropeDeltas = new Int32Array(rows.length);
  rows.forEach((segments, row) => {
    let next = 0;
    let largest = -1;
    let unpadded = 0;
    for (const { columns, item } of segments) {
      const ids = item ? visionIds(item, input.tokensPerSecond) : textIds(columns.length);
      ids.forEach((axisIds, axis) => {
        const offset = (axis * rows.length + row) * length;
        axisIds.forEach((id, k) => {
          positionIds[offset + columns[k]!] = next + id;
          largest = Math.max(largest, next + id);
        });
      });
      next += item ? Math.max(item.grid[1], item.grid[2]) / MERGE_SIZE : columns.length;
      unpadded += columns.length;
    }
    ropeDeltas[row] = largest + 1 - unpadded;
  });
  return { positionIds, ropeDeltas };
}

function withWholeSeconds(input: PositionInput): PositionInput {
  return { ...input, secondPerGrids: input.secondPerGrids?.map(Math.trunc) };
}

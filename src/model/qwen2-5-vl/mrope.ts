// Multimodal rotary positions with absolute time: a temporal, a height and a width id for every token of the prompt.
import { AppError } from '../../app-error.js';
import { type ModelConfig } from './config.js';
import { type Grid, MERGE_SIZE, tokensOf } from './patches.js';

export interface PositionInput {
  /** [batch][length] Rows of equal length, padded on either side. */
  readonly inputIds: readonly ArrayLike<number>[];
  /** [batch][length] 0 marks padding; absent means none. */
  readonly attentionMask?: readonly ArrayLike<number>[] | undefined;
  /** Grids in order of appearance over the whole batch, images and videos apart. */
  readonly imageGrids?: readonly Grid[] | undefined;
  readonly videoGrids?: readonly Grid[] | undefined;
  /** Seconds a temporal group covers, one per video: 2 / effective frame rate, never rounded. Absent means 1.0 each. */
  readonly secondPerGrids?: readonly number[] | undefined;
  readonly tokens: Pick<ModelConfig, 'imageTokenId' | 'videoTokenId' | 'visionStartTokenId'>;
  readonly tokensPerSecond: number;
}

export interface MultimodalPositions {
  /** [3, batch, length] Temporal, height and width ids; 1 at masked places. */
  readonly positionIds: Int32Array;
  /** [batch] What a row's cache length plus this gives is the position of its next generated token. */
  readonly ropeDeltas: Int32Array;
}

/**
 * Spec 8.1, the rule of the training code. Throws `positions.grid_mismatch` where pad tokens and grids do not match.
 *
 * @example Five text tokens, `<|vision_start|>`, a video of grid [2, 4, 4] at 1.0 s per group with 2 ids a second, one more token:
 * // temporal 0 1 2 3 4 5 | 6 6 6 6 8 8 8 8 | 9;  height ... 6 6 7 7 6 6 7 7 | 9;  width ... 6 7 6 7 6 7 6 7 | 9
 */
export function multimodalPositions(input: PositionInput): MultimodalPositions {
  const rows = segmentRows(input);
  const length = input.inputIds[0]?.length ?? 0;
  const positionIds = new Int32Array(3 * rows.length * length).fill(1);
  const ropeDeltas = new Int32Array(rows.length);
  rows.forEach((segments, row) => {
    let next = 0;
    for (const { columns, item } of segments) {
      const ids = item ? visionIds(item, input.tokensPerSecond) : textIds(columns.length);
      let largest = -1;
      ids.forEach((axisIds, axis) => {
        const offset = (axis * rows.length + row) * length;
        axisIds.forEach((id, k) => (positionIds[offset + columns[k]!] = next + id));
        largest = axisIds.reduce((max, id) => Math.max(max, id), largest);
      });
      // Text after a vision block continues behind the largest id of any axis.
      next += largest + 1;
    }
    // The padded length, because the cache of a left-padded row includes its padding (spec 8.4).
    ropeDeltas[row] = next - length;
  });
  return { positionIds, ropeDeltas };
}

/**
 * Ids of the `groups` temporal groups of a video, relative to its first one. Float32 product, truncated last.
 *
 * @example temporalIds(4, 9.375, 2) // 0, 18, 37, 56: an hour looked at 768 times
 */
export function temporalIds(groups: number, secondPerGrid: number, tokensPerSecond: number): Int32Array {
  const seconds = Math.fround(secondPerGrid);
  return Int32Array.from({ length: groups }, (_, group) => Math.trunc(Math.fround(Math.fround(group * seconds) * Math.fround(tokensPerSecond))));
}

export interface VisionItem {
  readonly grid: Grid;
  readonly secondPerGrid: number;
}

/** A stretch of unmasked places of one row: the pad tokens of one item, or text. */
export interface Segment {
  readonly columns: readonly number[];
  readonly item: VisionItem | undefined;
}

/** Ids of an item's tokens on each axis, relative to where the item begins; the tokens are in raster order, group by group. */
export function visionIds({ grid: [t, h, w], secondPerGrid }: VisionItem, tokensPerSecond: number): [Int32Array, Int32Array, Int32Array] {
  const [rows, columns] = [h / MERGE_SIZE, w / MERGE_SIZE];
  const times = temporalIds(t, secondPerGrid, tokensPerSecond);
  const perGroup = rows * columns;
  return [
    Int32Array.from({ length: t * perGroup }, (_, k) => times[Math.floor(k / perGroup)]!),
    Int32Array.from({ length: t * perGroup }, (_, k) => Math.floor((k % perGroup) / columns)),
    Int32Array.from({ length: t * perGroup }, (_, k) => k % columns),
  ];
}

export function textIds(length: number): [Int32Array, Int32Array, Int32Array] {
  const ids = Int32Array.from({ length }, (_, k) => k);
  return [ids, ids, ids];
}

/** Spec 8.3: an item is known by the token after `<|vision_start|>`, and takes the next grid of its kind. */
export function segmentRows(input: PositionInput): Segment[][] {
  const { imageTokenId, videoTokenId, visionStartTokenId } = input.tokens;
  const images = (input.imageGrids ?? []).map((grid): VisionItem => ({ grid, secondPerGrid: 0 }));
  const videos = (input.videoGrids ?? []).map((grid, k): VisionItem => ({ grid, secondPerGrid: input.secondPerGrids?.[k] ?? 1 }));
  const waiting = new Map([[imageTokenId, images], [videoTokenId, videos]]);

  const rows = input.inputIds.map((ids, row) => {
    const mask = input.attentionMask?.[row];
    const kept = Array.from({ length: ids.length }, (_, column) => column).filter((column) => !mask || mask[column] !== 0);
    const segments: Segment[] = [];
    let text: number[] = [];
    for (let k = 0; k < kept.length; ) {
      const id = ids[kept[k]!]!;
      const items = k > 0 && ids[kept[k - 1]!] === visionStartTokenId ? waiting.get(id) : undefined;
      if (!items) {
        text.push(kept[k++]!);
        continue;
      }
      const item = items.shift();
      const columns = item ? kept.slice(k, k + tokensOf(item.grid)) : [];
      if (!item || columns.length < tokensOf(item.grid) || columns.some((column) => ids[column] !== id)) throw mismatch(row, item);
      segments.push({ columns: text, item: undefined }, { columns, item });
      text = [];
      k += columns.length;
    }
    return [...segments, { columns: text, item: undefined }];
  });
  if (images.length + videos.length > 0) throw mismatch(rows.length - 1, images[0] ?? videos[0]);
  return rows;
}

function mismatch(row: number, item: VisionItem | undefined): AppError {
  const wanted = item ? `the ${tokensOf(item.grid)} pad tokens of grid ${item.grid.join(' x ')} are not there` : 'a vision block has no grid';
  return new AppError('positions.grid_mismatch', `Row ${row} of the prompt and the grids do not match: ${wanted}.`);
}

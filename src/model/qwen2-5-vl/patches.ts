// Cuts frames into the rows of patch values that the vision tower reads, normalised, one temporal group at a time.
import { AppError } from '../../app-error.js';

export const PATCH_SIZE = 14; // pixels
export const TEMPORAL_PATCH_SIZE = 2; // frames
export const MERGE_SIZE = 2; // patches a side
/** Side of the block of patches that becomes one token, in pixels. */
export const BLOCK_SIZE = PATCH_SIZE * MERGE_SIZE;
const CHANNELS = 3;
/** Values of one channel of one frame. */
const PLANE = PATCH_SIZE * PATCH_SIZE;
/** Values in a row: channel (3), frame of the group (2), y (14), x (14). */
export const PATCH_LENGTH = CHANNELS * TEMPORAL_PATCH_SIZE * PLANE;

/** `image_grid_thw` or `video_grid_thw`: temporal groups, patch rows, patch columns, before merging. */
export type Grid = readonly [t: number, h: number, w: number];

/** Tokens that an image or video takes in the prompt. @example tokensOf([10, 40, 72]) // 7200 */
export function tokensOf([t, h, w]: Grid): number {
  return (t * h * w) / (MERGE_SIZE * MERGE_SIZE);
}

/**
 * Grid of `frames` frames (1 for an image) of a size in pixels whose sides are multiples of 28; an odd count is padded by the last frame.
 * Throws `patches.size_invalid`.
 */
export function gridOf({ frames, height, width }: { frames: number; height: number; width: number }): Grid {
  const sidesFit = [height, width].every((side) => side > 0 && side % BLOCK_SIZE === 0);
  if (!sidesFit || !Number.isInteger(frames) || frames < 1) {
    throw new AppError('patches.size_invalid', `${frames} frames of ${width} x ${height} cannot be cut into blocks of ${BLOCK_SIZE} pixels.`);
  }
  return [Math.ceil(frames / TEMPORAL_PATCH_SIZE), height / PATCH_SIZE, width / PATCH_SIZE];
}

/** Spec 4.2, in RGB order. */
const IMAGE_MEAN = [0.48145466, 0.4578275, 0.40821073];
const IMAGE_STD = [0.26862954, 0.26130258, 0.27577711];

/** Normalised value of each of the 256 levels. The tables make every pixel equal the reference bit for bit. */
const [RED, GREEN, BLUE] = [normalised(0), normalised(1), normalised(2)];

function normalised(channel: number): Float32Array {
  const [mean, std] = [Math.fround(IMAGE_MEAN[channel]!), Math.fround(IMAGE_STD[channel]!)];
  return Float32Array.from({ length: 256 }, (_, level) => Math.fround(Math.fround(level * (1 / 255)) - mean) / std);
}

/** Two frames of one temporal group, RGB bytes [height, width, 3]; for an image or the end of an odd video both are the same. */
export interface FramePair {
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/**
 * Writes the h * w patch rows of one temporal group to `rows` from `offset` on, and returns the offset behind them.
 * `rows` is [patches, 1176]. Spec 5: rows are ordered by block row, block column, row in block, column in block.
 */
export function patchifyGroup({ first, second, height, width }: FramePair, rows: Float32Array, offset = 0): number {
  const [, patchRows, patchColumns] = gridOf({ frames: TEMPORAL_PATCH_SIZE, height, width });
  const end = offset + patchRows * patchColumns * PATCH_LENGTH;
  if (first.length !== height * width * CHANNELS || second.length !== first.length || end > rows.length) {
    throw new AppError('patches.size_invalid', `Frames of ${width} x ${height} do not match ${first.length} and ${second.length} bytes.`);
  }
  let at = offset;
  for (let blockRow = 0; blockRow < patchRows; blockRow += MERGE_SIZE) {
    for (let blockColumn = 0; blockColumn < patchColumns; blockColumn += MERGE_SIZE) {
      for (let cell = 0; cell < MERGE_SIZE * MERGE_SIZE; cell++) {
        const top = (blockRow + Math.floor(cell / MERGE_SIZE)) * PATCH_SIZE;
        const left = (blockColumn + (cell % MERGE_SIZE)) * PATCH_SIZE;
        const corner = (top * width + left) * CHANNELS;
        writePatch({ frame: first, corner, width }, rows, at);
        writePatch({ frame: second, corner, width }, rows, at + PLANE);
        at += PATCH_LENGTH;
      }
    }
  }
  return at;
}

/** One patch of one frame. */
interface FramePatch {
  readonly frame: Uint8Array;
  /** Byte at which its upper left pixel begins. */
  readonly corner: number;
  /** Of the frame, pixels. */
  readonly width: number;
}

/** A plane of 14 x 14 values for each channel, those of the other frame between. */
function writePatch({ frame, corner, width }: FramePatch, rows: Float32Array, offset: number): void {
  let at = offset;
  for (let y = 0; y < PATCH_SIZE; y++) {
    let pixel = corner + y * width * CHANNELS;
    for (const end = at + PATCH_SIZE; at < end; at++, pixel += CHANNELS) {
      rows[at] = RED[frame[pixel]!]!;
      rows[at + TEMPORAL_PATCH_SIZE * PLANE] = GREEN[frame[pixel + 1]!]!;
      rows[at + 2 * TEMPORAL_PATCH_SIZE * PLANE] = BLUE[frame[pixel + 2]!]!;
    }
  }
}

/** `pixel_values` of a whole video (or an image, one frame) held in memory. Spec 5: an odd count repeats the last frame. */
export function patchify(frames: readonly Uint8Array[], height: number, width: number): { pixelValues: Float32Array; grid: Grid } {
  const grid = gridOf({ frames: frames.length, height, width });
  const pixelValues = new Float32Array(grid[0] * grid[1] * grid[2] * PATCH_LENGTH);
  let at = 0;
  for (let k = 0; k < frames.length; k += TEMPORAL_PATCH_SIZE) {
    const first = frames[k]!;
    at = patchifyGroup({ first, second: frames[k + 1] ?? first, height, width }, pixelValues, at);
  }
  return { pixelValues, grid };
}

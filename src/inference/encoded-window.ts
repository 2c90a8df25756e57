// What the model sees of a window: its pictures decoded at the size the model wants, cut into patches and encoded slice by slice, in flat memory.
import { type FrameGrid } from '../model/grounding/frame-grid.js';
import { type Grid, gridOf, PATCH_LENGTH, patchifyGroup, TEMPORAL_PATCH_SIZE, tokensOf } from '../model/qwen2-5-vl/patches.js';
import { type Size } from '../model/qwen2-5-vl/smart-resize.js';
import { type Media } from '../platform/media/index.js';
import { type SeenWindow } from './feature-record.js';
import { type WindowProgress } from './inference.js';
import { type VisionTower } from './vision-tower.js';
import { type PictureSource, windowPictures } from './window-pictures.js';

export interface EncodeRequest {
  readonly source: PictureSource;
  readonly frameGrid: FrameGrid;
  readonly size: Size;
  readonly hiddenSize: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WindowProgress) => void) | undefined;
}

/** Most patches encoded at once, so that memory stays flat and an abort is obeyed soon; one temporal group may have more. */
const SLICE_PATCHES = 1024;

/** Throws the signal's reason when it aborts, and what the media tools refuse. */
export async function encodeWindow(media: Media, tower: VisionTower, request: EncodeRequest): Promise<SeenWindow> {
  const { source, frameGrid, size, hiddenSize, signal, onProgress } = request;
  const frames = Math.ceil(frameGrid.cells / TEMPORAL_PATCH_SIZE) * TEMPORAL_PATCH_SIZE;
  const grid = gridOf({ frames, ...size });
  const features = new Float32Array(tokensOf(grid) * hiddenSize);
  const slice = new PatchSlice(tower, grid);
  let encodedValues = 0;
  const flush = async (): Promise<void> => {
    signal?.throwIfAborted();
    const encoded = await slice.encode();
    features.set(encoded, encodedValues);
    encodedValues += encoded.length;
    onProgress?.({ stage: 'encode', done: encodedValues / hiddenSize, total: tokensOf(grid) });
  };

  const pictures = windowPictures(media, source, { grid: frameGrid, size, signal });
  let done = 0;
  let first: Uint8Array | undefined;
  let next = await pictures.next();
  for (; !next.done; next = await pictures.next()) {
    const { rgb } = next.value.picture;
    onProgress?.({ stage: 'decode', done: ++done, total: frames });
    if (first) slice.add(first, rgb, size);
    first = first ? undefined : rgb;
    if (slice.isFull) await flush();
  }
  if (!slice.isEmpty) await flush();
  return { plan: next.value, size, grid, features };
}

/** Temporal groups waiting to be encoded together. */
class PatchSlice {
  private readonly patches: Float32Array;
  private readonly groupPatches: number;
  private readonly capacity: number; // groups
  private groups = 0;

  constructor(private readonly tower: VisionTower, private readonly grid: Grid) {
    this.groupPatches = grid[1] * grid[2];
    this.capacity = Math.min(grid[0], Math.max(1, Math.floor(SLICE_PATCHES / this.groupPatches)));
    this.patches = new Float32Array(this.capacity * this.groupPatches * PATCH_LENGTH);
  }

  get isFull(): boolean {
    return this.groups === this.capacity;
  }

  get isEmpty(): boolean {
    return this.groups === 0;
  }

  add(first: Uint8Array, second: Uint8Array, size: Size): void {
    patchifyGroup({ first, second, ...size }, this.patches, this.groups * this.groupPatches * PATCH_LENGTH);
    this.groups++;
  }

  async encode(): Promise<Float32Array> {
    const rows = this.patches.subarray(0, this.groups * this.groupPatches * PATCH_LENGTH);
    const grid: Grid = [this.groups, this.grid[1], this.grid[2]];
    this.groups = 0;
    return this.tower.encode(rows, grid);
  }
}

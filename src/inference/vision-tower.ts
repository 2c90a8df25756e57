// Runs the vision tower over a slice of temporal groups: patches in, one feature row per merged cell out.
import * as ort from 'onnxruntime-node';
import { type ModelConfig } from '../model/qwen2-5-vl/config.js';
import { type Grid } from '../model/qwen2-5-vl/patches.js';
import { toWindowOrder, type VisionFeeds, visionFeeds } from '../model/qwen2-5-vl/vision-feeds.js';
import { VISION_FEATURES, VISION_INPUTS } from '../model/qwen2-5-vl/vision-graph.js';

export class VisionTower {
  private last: { readonly key: string; readonly feeds: VisionFeeds } | undefined;

  constructor(
    private readonly session: ort.InferenceSession,
    private readonly config: ModelConfig['vision'],
  ) {}

  /**
   * `patches` are the rows of all temporal groups of `grid` in the order of `pixel_values`, [t * h * w, 1176].
   * Nothing couples temporal groups (spec 6), so the features of a long video are those of its slices one after the other.
   * Returns [t * h * w / 4, outHiddenSize], cells in raster order.
   */
  async encode(patches: Float32Array, grid: Grid): Promise<Float32Array> {
    const outputs = await this.trace(patches, grid, [VISION_FEATURES]);
    return outputs.get(VISION_FEATURES) ?? new Float32Array();
  }

  /** As `encode`, for outputs by name; those of a traced graph are in window order. */
  async trace(patches: Float32Array, grid: Grid, outputs: readonly string[]): Promise<Map<string, Float32Array>> {
    const feeds = this.feedsFor(grid);
    const { patchSlots, windowIndex } = feeds;
    const rows = patchSlots.length;
    const angles = [1, rows, this.config.headDim / 2];
    const results = await this.session.run(
      {
        [VISION_INPUTS.patches]: float32(toWindowOrder(patches, windowIndex), [rows, patches.length / rows]),
        [VISION_INPUTS.cos]: float32(feeds.cos, angles),
        [VISION_INPUTS.sin]: float32(feeds.sin, angles),
        [VISION_INPUTS.groupShape]: int64(feeds.groupShape),
        [VISION_INPUTS.windowShape]: int64(feeds.windowShape),
        [VISION_INPUTS.slotPatches]: int64(feeds.slotPatches),
        [VISION_INPUTS.windowLengths]: int64(feeds.windowLengths),
        [VISION_INPUTS.patchSlots]: int64(patchSlots),
        [VISION_INPUTS.rasterOrder]: int64(feeds.rasterOrder),
      },
      outputs,
    );
    return new Map(outputs.map((name) => [name, results[name]?.data as Float32Array]));
  }

  /** All slices of a video but the last have the same grid. */
  private feedsFor(grid: Grid): VisionFeeds {
    const key = grid.join();
    if (this.last?.key !== key) this.last = { key, feeds: visionFeeds(grid, this.config) };
    return this.last.feeds;
  }
}

function float32(values: Float32Array, dims: readonly number[]): ort.Tensor {
  return new ort.Tensor('float32', values, dims);
}

function int64(values: ArrayLike<number>): ort.Tensor {
  return new ort.Tensor('int64', BigInt64Array.from({ length: values.length }, (_, k) => BigInt(values[k] ?? 0)), [values.length]);
}

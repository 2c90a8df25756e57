// Parity of the vision tower's indices: patch positions, window order and attention segments.
import { type Grid, MERGE_SIZE, PATCH_SIZE } from '../model/qwen2-5-vl/patches.js';
import { patchPositions } from '../model/qwen2-5-vl/rotary.js';
import { invert, windowPlan } from '../model/qwen2-5-vl/windows.js';
import { Score, type VectorSuite } from './suite.js';
import { readVectors } from './vectors.js';

interface Vectors {
  readonly patch_size: number;
  readonly spatial_merge_size: number;
  readonly cases: readonly {
    readonly grid_thw: readonly Grid[];
    readonly window_size: number;
    readonly rot_pos_hw: readonly (readonly [number, number])[];
    readonly window_index: readonly number[];
    readonly reverse_index: readonly number[];
    readonly cu_window_seqlens: readonly number[];
    readonly cu_seqlens: readonly number[];
  }[];
}

export const visionIndex: VectorSuite = {
  file: 'vision_index.json',
  async run(directory) {
    const { patch_size: patchSize, spatial_merge_size: mergeSize, cases } = await readVectors<Vectors>(directory, this.file);
    const score = new Score();
    for (const { grid_thw: grids, window_size: windowSize, ...expected } of cases) {
      score.case(`${grids.map((grid) => grid.join(' x ')).join(', ')}, window ${windowSize}`, () => {
        score.same('the geometry', [patchSize, mergeSize], [PATCH_SIZE, MERGE_SIZE]);
        const { rows, columns } = patchPositions(grids, mergeSize);
        score.same('rot_pos_hw', Array.from(rows, (row, k) => [row, columns[k]]), expected.rot_pos_hw);
        const { windowIndex, cuWindowSeqlens, cuSeqlens } = windowPlan(grids, { windowSize, patchSize, mergeSize });
        score.same('window_index', [...windowIndex], expected.window_index);
        score.same('reverse_index', [...invert(windowIndex)], expected.reverse_index);
        score.same('cu_window_seqlens', [...cuWindowSeqlens], expected.cu_window_seqlens);
        score.same('cu_seqlens', [...cuSeqlens], expected.cu_seqlens);
      });
    }
    return score.report();
  },
};

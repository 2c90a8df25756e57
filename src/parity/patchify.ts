// Parity of patch values.
import { type Grid, patchify as cutPatches } from '../model/qwen2-5-vl/patches.js';
import { Score, type VectorSuite } from './suite.js';
import { readVectors, TensorFile } from './vectors.js';

interface Case {
  readonly name: string;
  readonly frames_shape: readonly [number, number, number, number];
  readonly grid_thw: Grid;
  readonly pixel_values_shape: readonly [number, number];
}

const TOLERANCE = 1e-6;

export const patchify: VectorSuite = {
  file: 'patchify.json',
  async run(directory) {
    const { cases, tensors_file: file } = await readVectors<{ cases: Case[]; tensors_file: string }>(directory, this.file);
    const tensors = await TensorFile.read(directory, file);
    const score = new Score();
    let exact = 0;
    for (const { name, frames_shape: [count, height, width], grid_thw: expectedGrid } of cases) {
      score.case(name, () => {
        const { pixelValues, grid } = cutPatches(frames(tensors.bytes(`${name}.frames`).data, count), height, width);
        score.same('the grid', grid, expectedGrid);
        const expected = tensors.floats(`${name}.pixel_values`).data;
        if (pixelValues.every((value, k) => value === expected[k])) exact += 1;
        score.close('pixel_values', pixelValues, expected, TOLERANCE);
      });
    }
    return score.report(`bit-exact in ${exact} of ${cases.length}`);
  },
};

/** The frames of a tensor [count, height, width, 3]. */
export function frames(data: Uint8Array, count: number): Uint8Array[] {
  const size = data.length / count;
  return Array.from({ length: count }, (_, k) => data.subarray(k * size, (k + 1) * size));
}

// Parity of the choice of resolution, in the canonical rule and in those of four other releases.
import { type Size, type SmartResizeInput } from '../model/qwen2-5-vl/smart-resize.js';
import { smartResizeVariants } from '../model/qwen2-5-vl/smart-resize-variants.js';
import { Score, type VectorSuite } from './suite.js';
import { readVectors } from './vectors.js';

interface Case {
  readonly height: number;
  readonly width: number;
  readonly factor: number;
  readonly min_pixels: number;
  readonly max_pixels: number;
  readonly expected: Readonly<Record<string, readonly [number, number] | { readonly error: string }>>;
}

const CANONICAL = 'qwen_vl_utils_0_0_14';

export const smartResizing: VectorSuite = {
  file: 'smart_resize.json',
  async run(directory) {
    const { cases } = await readVectors<{ cases: Case[] }>(directory, this.file);
    const score = new Score();
    for (const { height, width, factor, min_pixels: minPixels, max_pixels: maxPixels, expected } of cases) {
      score.case(`${width} x ${height} within ${minPixels} to ${maxPixels}`, () => {
        for (const [variant, size] of Object.entries(expected)) compareVariant(score, variant, { height, width, factor, minPixels, maxPixels }, size);
      });
    }
    return score.report();
  },
};

function compareVariant(score: Score, variant: string, input: SmartResizeInput, expected: readonly [number, number] | { readonly error: string }): void {
  const rule = smartResizeVariants[variant];
  if (!rule) throw new Error(`there is no rule named ${variant}`);
  const size = (): [number, number] => asPair(rule(input));
  // The reference of the canonical rule returns a side of 0, which nothing can be resized to.
  const isRefused = 'error' in expected || (variant === CANONICAL && expected.includes(0));
  if (isRefused) score.refused(variant, size);
  else score.same(variant, size(), expected);
}

const asPair = ({ height, width }: Size): [number, number] => [height, width];

// Parity of multimodal positions, under the canonical rule and the two others found in the wild.
import { multimodalPositions, type MultimodalPositions, type PositionInput } from '../model/qwen2-5-vl/mrope.js';
import { intSecondRule, v5Rule } from '../model/qwen2-5-vl/mrope-variants.js';
import { type Grid } from '../model/qwen2-5-vl/patches.js';
import { Score, type VectorSuite } from './suite.js';
import { readVectors, TensorFile } from './vectors.js';

/** Run lengths of each row: pairs of a value and how often it occurs. */
type RunLengths = readonly (readonly (readonly [number, number])[])[];

type ExpectedPositions = { readonly rope_deltas: readonly number[] } & (
  | { readonly position_ids: readonly (readonly (readonly number[])[])[] }
  | { readonly tensor: string }
);

interface Case {
  readonly name: string;
  readonly input_ids_rle: RunLengths;
  readonly attention_mask_rle: RunLengths | null;
  readonly image_grid_thw: readonly Grid[] | null;
  readonly video_grid_thw: readonly Grid[] | null;
  readonly second_per_grid_ts: readonly number[] | null;
  readonly tokens_per_second: number;
  readonly int_rule_equals_canonical: boolean | null;
  readonly v5_rule_equals_canonical: boolean | null;
  readonly canonical: ExpectedPositions;
  readonly int_second_rule?: ExpectedPositions;
  readonly v5_rule?: ExpectedPositions;
}

interface Vectors {
  readonly special_ids: { readonly vision_start: number; readonly image_pad: number; readonly video_pad: number };
  readonly tensors_file: string;
  readonly cases: readonly Case[];
}

export const mrope: VectorSuite = {
  file: 'mrope.json',
  async run(directory) {
    const { cases, special_ids: ids, tensors_file: file } = await readVectors<Vectors>(directory, this.file);
    const tensors = await TensorFile.read(directory, file);
    const tokens = { imageTokenId: ids.image_pad, videoTokenId: ids.video_pad, visionStartTokenId: ids.vision_start };
    const score = new Score();
    const compare = (rule: string, actual: MultimodalPositions, expected: ExpectedPositions): void => {
      const positions = 'tensor' in expected ? tensors.integers(expected.tensor).data : expected.position_ids.flat(2);
      score.close(`positions, ${rule},`, actual.positionIds, positions, 0);
      score.close(`deltas, ${rule},`, actual.ropeDeltas, expected.rope_deltas.flat(), 0);
    };
    for (const vector of cases) {
      score.case(vector.name, () => {
        const input = inputOf(vector, tokens);
        compare('canonical rule', multimodalPositions(input), vector.canonical);
        const intSecond = vector.int_second_rule ?? (vector.int_rule_equals_canonical ? vector.canonical : undefined);
        if (intSecond) compare('int_second_rule', intSecondRule(input), intSecond);
        const v5 = vector.v5_rule ?? (vector.v5_rule_equals_canonical ? vector.canonical : undefined);
        if (v5) compare('v5_rule', v5Rule(input), v5);
      });
    }
    return score.report();
  },
};

function inputOf(vector: Case, tokens: PositionInput['tokens']): PositionInput {
  return {
    inputIds: unroll(vector.input_ids_rle),
    attentionMask: vector.attention_mask_rle ? unroll(vector.attention_mask_rle) : undefined,
    imageGrids: vector.image_grid_thw ?? undefined,
    videoGrids: vector.video_grid_thw ?? undefined,
    secondPerGrids: vector.second_per_grid_ts ?? undefined,
    tokens,
    tokensPerSecond: vector.tokens_per_second,
  };
}

const unroll = (rows: RunLengths): number[][] =>
  rows.map((runs) => runs.flatMap(([value, count]) => Array.from({ length: count }, () => value)));

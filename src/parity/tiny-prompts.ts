// The prompts of a tiny model, as the decoder takes them: every row of a padded batch is a sequence of its own.
import { type Model } from '../inference/model.js';
import { type DecoderPrompt, type VisionSpan } from '../model/qwen2-5-vl/decoder-prompt.js';
import { multimodalPositions, type MultimodalPositions } from '../model/qwen2-5-vl/mrope.js';
import { type Grid, patchify, tokensOf } from '../model/qwen2-5-vl/patches.js';
import { type TensorFile } from './vectors.js';

export interface TinyPrompt {
  readonly name: string;
  readonly input_ids: readonly (readonly number[])[]; // [batch][length]
  readonly attention_mask: readonly (readonly number[])[];
  readonly image_grid_thw: readonly Grid[] | null;
  readonly video_grid_thw: readonly Grid[] | null;
  readonly second_per_grid_ts: readonly number[] | null;
  readonly new_tokens: readonly (readonly number[])[];
  readonly new_tokens_repetition_penalty_1_05: readonly (readonly number[])[];
}

export const KINDS = ['image', 'video'] as const;
export type Kind = (typeof KINDS)[number];

/** One image or video of a prompt. */
export interface VisionInput {
  readonly kind: Kind;
  readonly patches: Float32Array; // [t * h * w, 1176]
  readonly grid: Grid;
}

/** The images and videos of a prompt, cut into patches by us. */
export function visionInputs({ name, ...prompt }: TinyPrompt, inputs: TensorFile): VisionInput[] {
  return KINDS.flatMap((kind) =>
    (prompt[`${kind}_grid_thw`] ?? []).map((_, k): VisionInput => {
      const { shape, data } = inputs.bytes(`${name}.${kind}${k}.frames`);
      const [count = 0, height = 0, width = 0] = shape;
      const frames = Array.from({ length: count }, (__, t) => data.subarray(t * height * width * 3, (t + 1) * height * width * 3));
      const { pixelValues: patches, grid } = patchify(frames, height, width);
      return { kind, patches, grid };
    }),
  );
}

export function positionsOfBatch(prompt: TinyPrompt, { checkpoint: { config } }: Model): MultimodalPositions {
  return multimodalPositions({
    inputIds: prompt.input_ids,
    attentionMask: prompt.attention_mask,
    imageGrids: prompt.image_grid_thw ?? undefined,
    videoGrids: prompt.video_grid_thw ?? undefined,
    secondPerGrids: prompt.second_per_grid_ts ?? undefined,
    tokens: config,
    tokensPerSecond: config.vision.tokensPerSecond,
  });
}

/** A row of the batch without its padding, and which columns it has kept. */
export interface TinyRow {
  readonly prompt: DecoderPrompt;
  readonly columns: readonly number[];
}

/** `features` are those of the prompt's vision inputs, in their order. */
export function rowsOfBatch(prompt: TinyPrompt, model: Model, inputs: readonly VisionInput[], features: readonly Float32Array[]): TinyRow[] {
  const { config } = model.checkpoint;
  const { positionIds, ropeDeltas } = positionsOfBatch(prompt, model);
  const [batch, length] = [prompt.input_ids.length, prompt.input_ids[0]?.length ?? 0];
  const waiting = new Map(KINDS.map((kind) => [kind, inputs.map((input, k) => ({ ...input, features: features[k]! })).filter((input) => input.kind === kind)]));
  return prompt.input_ids.map((inputIds, row) => {
    const columns = [...inputIds.keys()].filter((column) => prompt.attention_mask[row]?.[column] !== 0);
    const ids = Int32Array.from(columns, (column) => inputIds[column]!);
    const vision: VisionSpan[] = [];
    for (let start = 0; start < ids.length; ) {
      const kind = ids[start] === config.imageTokenId ? 'image' : ids[start] === config.videoTokenId ? 'video' : undefined;
      const item = kind && waiting.get(kind)?.shift();
      if (item) vision.push({ start, rows: tokensOf(item.grid), features: item.features });
      start += item ? tokensOf(item.grid) : 1;
    }
    const ownPositions = [0, 1, 2].flatMap((axis) => columns.map((column) => positionIds[(axis * batch + row) * length + column]!));
    return { prompt: { ids, positionIds: Int32Array.from(ownPositions), vision, nextPosition: length + ropeDeltas[row]! }, columns };
  });
}

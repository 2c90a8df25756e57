// A checkpoint in the true shapes of Qwen2.5-VL-3B with fewer layers: random numbers for speed, or nothing but zeros, which take no room.
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfig } from '../../src/model/qwen2-5-vl/config.js';
import { seededRandom } from '../../src/model/qwen2-5-vl/seeded-random.js';
import { expectedShapes } from '../../src/model/qwen2-5-vl/weights.js';
import { tell } from '../harness/report.js';

export interface ShapeOptions {
  readonly visionLayers: number;
  readonly textLayers: number;
  readonly content: 'random' | 'zeros';
}

/** The whole model. */
export const LAYERS_3B = { visionLayers: 32, textLayers: 36 };

/** Spec 1.1. */
function configJson({ visionLayers, textLayers }: ShapeOptions): Record<string, unknown> {
  const whole = [7, 15, 23, 31].filter((block) => block < visionLayers);
  return {
    ...{ architectures: ['Qwen2_5_VLForConditionalGeneration'], model_type: 'qwen2_5_vl', hidden_act: 'silu', torch_dtype: 'bfloat16' },
    ...{ bos_token_id: 151643, eos_token_id: 151645, vision_start_token_id: 151652, vision_end_token_id: 151653, image_token_id: 151655, video_token_id: 151656 },
    ...{ hidden_size: 2048, intermediate_size: 11008, num_hidden_layers: textLayers, num_attention_heads: 16, num_key_value_heads: 2, vocab_size: 151936 },
    ...{ max_position_embeddings: 128000, max_window_layers: textLayers, rms_norm_eps: 1e-6, rope_theta: 1e6, sliding_window: 32768, use_sliding_window: false },
    ...{ tie_word_embeddings: true, rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] } },
    vision_config: {
      ...{ depth: visionLayers, hidden_act: 'silu', hidden_size: 1280, intermediate_size: 3420, num_heads: 16, in_chans: 3, out_hidden_size: 2048 },
      ...{ patch_size: 14, spatial_merge_size: 2, spatial_patch_size: 14, window_size: 112, temporal_patch_size: 2, tokens_per_second: 2 },
      fullatt_block_indexes: whole.length > 0 ? whole : [visionLayers - 1],
    },
  };
}

/** Makes it below `root`, unless it is there. Resolves with its folder. */
export async function shapedCheckpoint(root: string, options: ShapeOptions): Promise<string> {
  const folder = join(root, `like-3b-${options.visionLayers}-${options.textLayers}-${options.content}`);
  if (existsSync(folder)) return folder;
  tell(`making ${folder}`);
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const json = configJson(options);
  await writeFile(join(part, 'config.json'), JSON.stringify(json));
  await writeFile(join(part, 'generation_config.json'), JSON.stringify({ eos_token_id: [151645, 151643], do_sample: false }));
  await writeWeights(join(part, 'model.safetensors'), [...expectedShapes(parseConfig(json))], options.content === 'zeros' ? undefined : seededRandom(1));
  await rename(part, folder);
  return folder;
}

async function writeWeights(path: string, tensors: readonly [string, readonly number[]][], random: (() => number) | undefined): Promise<void> {
  const header: Record<string, object> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const [name, shape] of tensors) header[name] = { dtype: 'BF16', shape, data_offsets: [end, (end += 2 * sizeOf(shape))] };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = await open(path, 'wx');
  try {
    await file.write(Buffer.concat([length, json]));
    if (random) for (const [name, shape] of tensors) await file.write(randomNumbers(name, shape, random));
    await file.truncate(8 + json.length + end);
  } finally {
    await file.close();
  }
}

/** Of a size that keeps what flows through the layers of order one; norms are about 1. */
function randomNumbers(name: string, shape: readonly number[], random: () => number): Uint8Array {
  const count = sizeOf(shape);
  const isNorm = /norm\d?\.weight|ln_q\.weight/.test(name);
  const reach = shape.length === 1 ? (isNorm ? 0.2 : 0.05) : (name.includes('embed_tokens') ? 0.07 : 2.4 / Math.sqrt(count / (shape[0] ?? 1)));
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  const words = new Uint16Array(count);
  for (let k = 0; k < count; k++) {
    value[0] = (random() - 0.5) * reach + (isNorm ? 1 : 0);
    words[k] = bits[0]! >>> 16;
  }
  return new Uint8Array(words.buffer);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

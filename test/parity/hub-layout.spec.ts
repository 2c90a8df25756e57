// Checkpoints in the very layout of the hub's Qwen2.5-VL-3B, 7B and 72B: their names, shards and shapes are taken, and what they hold is run.
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { loadModel } from '../../src/inference/model.js';
import { seededRandom } from '../../src/model/qwen2-5-vl/seeded-random.js';

/** Spec 1.1, as config.json has it at the top level. `shards`: how many files the hub has. */
const MODELS = {
  '3B': { hidden_size: 2048, num_hidden_layers: 36, num_attention_heads: 16, num_key_value_heads: 2, intermediate_size: 11008, vocab_size: 151936, tie: true, visionIntermediate: 3420, shards: 2, tensors: 824, billions: 3.75 },
  '7B': { hidden_size: 3584, num_hidden_layers: 28, num_attention_heads: 28, num_key_value_heads: 4, intermediate_size: 18944, vocab_size: 152064, tie: false, visionIntermediate: 3420, shards: 5, tensors: 729, billions: 8.29 },
  '72B': { hidden_size: 8192, num_hidden_layers: 80, num_attention_heads: 64, num_key_value_heads: 8, intermediate_size: 29568, vocab_size: 152064, tie: false, visionIntermediate: 3456, shards: 38, tensors: 1353, billions: 73.41 },
} as const;
type Shapes = { [Key in keyof (typeof MODELS)['3B']]: Key extends 'tie' ? boolean : number };

/** The same layers, heads and files, each a few numbers wide. */
const narrow = (model: Shapes): Shapes => ({ ...model, hidden_size: model.num_attention_heads * 8, intermediate_size: 24, vocab_size: 64, visionIntermediate: 24 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub layout '));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const VISION = { depth: 32, heads: 16 };

function configOf(model: Shapes, visionHidden: number): object {
  const { tie, visionIntermediate, shards: _shards, tensors: _tensors, billions: _billions, ...text } = model;
  const half = model.hidden_size / model.num_attention_heads / 2;
  return {
    ...{ ...text, architectures: ['Qwen2_5_VLForConditionalGeneration'], model_type: 'qwen2_5_vl', hidden_act: 'silu', torch_dtype: 'bfloat16' },
    ...{ bos_token_id: 151643, eos_token_id: 151645, vision_start_token_id: 151652, vision_end_token_id: 151653, image_token_id: 151655, video_token_id: 151656 },
    ...{ max_position_embeddings: 128000, rms_norm_eps: 1e-6, rope_theta: 1e6, sliding_window: 32768, use_sliding_window: false, tie_word_embeddings: tie },
    rope_scaling: { type: 'mrope', mrope_section: half === 64 ? [16, 24, 24] : [2, 1, 1] },
    vision_config: {
      ...{ depth: VISION.depth, hidden_act: 'silu', hidden_size: visionHidden, intermediate_size: visionIntermediate, num_heads: VISION.heads, in_chans: 3 },
      ...{ out_hidden_size: model.hidden_size, patch_size: 14, spatial_merge_size: 2, spatial_patch_size: 14, window_size: 112 },
      ...{ fullatt_block_indexes: [7, 15, 23, 31], tokens_per_second: 2, temporal_patch_size: 2 },
    },
  };
}

/** Spec 10, written out by hand: the names as published. */
function tensorsOf(model: Shapes, width: number): [name: string, shape: number[]][] {
  const { hidden_size: hidden, intermediate_size: inter, visionIntermediate } = model;
  const kv = (hidden / model.num_attention_heads) * model.num_key_value_heads;
  const tensors: [string, number[]][] = [['model.embed_tokens.weight', [model.vocab_size, hidden]], ['visual.patch_embed.proj.weight', [width, 3, 2, 14, 14]]];
  const biased = (name: string, to: number, from: number) => tensors.push([`${name}.weight`, [to, from]], [`${name}.bias`, [to]]);
  for (let block = 0; block < VISION.depth; block++) {
    const name = `visual.blocks.${block}`;
    tensors.push([`${name}.norm1.weight`, [width]], [`${name}.norm2.weight`, [width]]);
    biased(`${name}.attn.qkv`, 3 * width, width);
    biased(`${name}.attn.proj`, width, width);
    for (const part of ['gate_proj', 'up_proj']) biased(`${name}.mlp.${part}`, visionIntermediate, width);
    biased(`${name}.mlp.down_proj`, width, visionIntermediate);
  }
  tensors.push(['visual.merger.ln_q.weight', [width]]);
  biased('visual.merger.mlp.0', 4 * width, 4 * width);
  biased('visual.merger.mlp.2', hidden, 4 * width);
  for (let layer = 0; layer < model.num_hidden_layers; layer++) {
    const name = `model.layers.${layer}`;
    tensors.push([`${name}.input_layernorm.weight`, [hidden]], [`${name}.post_attention_layernorm.weight`, [hidden]]);
    biased(`${name}.self_attn.q_proj`, hidden, hidden);
    for (const part of ['k_proj', 'v_proj']) biased(`${name}.self_attn.${part}`, kv, hidden);
    tensors.push([`${name}.self_attn.o_proj.weight`, [hidden, hidden]]);
    for (const part of ['gate_proj', 'up_proj']) tensors.push([`${name}.mlp.${part}.weight`, [inter, hidden]]);
    tensors.push([`${name}.mlp.down_proj.weight`, [hidden, inter]]);
  }
  tensors.push(['model.norm.weight', [hidden]]);
  if (!model.tie) tensors.push(['lm_head.weight', [model.vocab_size, hidden]]);
  return tensors;
}

/** Files of bfloat16; without `random` they only have their length, which takes no room on disk. */
async function write(model: Shapes, visionHidden: number, random?: () => number): Promise<void> {
  await writeFile(join(folder, 'config.json'), JSON.stringify(configOf(model, visionHidden)));
  const tensors = tensorsOf(model, visionHidden);
  const weightMap: Record<string, string> = {};
  for (let shard = 0; shard < model.shards; shard++) {
    const [from, to] = [shard, shard + 1].map((k) => Math.round((k * tensors.length) / model.shards));
    const file = `model-${String(shard + 1).padStart(5, '0')}-of-${String(model.shards).padStart(5, '0')}.safetensors`;
    const header: Record<string, object> = { __metadata__: { format: 'pt' } };
    let end = 0;
    for (const [name, shape] of tensors.slice(from, to)) {
      weightMap[name] = file;
      header[name] = { dtype: 'BF16', shape, data_offsets: [end, (end += 2 * shape.reduce((product, side) => product * side, 1))] };
    }
    const json = Buffer.from(JSON.stringify(header));
    const handle = await open(join(folder, file), 'wx');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    await handle.write(Buffer.concat([length, json]));
    if (random) await handle.write(Uint16Array.from({ length: end / 2 }, () => new Uint16Array(Float32Array.of((random() - 0.5) * 0.2).buffer)[1]!));
    await handle.truncate(8 + json.length + end);
    await handle.close();
  }
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ metadata: { total_size: 0 }, weight_map: weightMap }));
}

it.each(Object.entries(MODELS))('%s in its true shapes is read whole', async (_, model) => {
  await write(model, 1280);
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out += String(text)) !== '');
  await main(['model', 'inspect', folder, '--json']);
  const report = JSON.parse(out) as { parameters: { all: number }; shards: { tensors: number }[]; missing: string[]; odd: string[]; unknown: string[]; weights: Record<string, { bytes: number }> };
  expect(report).toMatchObject({ missing: [], odd: [], unknown: [] });
  expect(report.shards).toHaveLength(model.shards);
  expect(report.shards.reduce((sum, { tensors }) => sum + tensors, 0)).toBe(model.tensors);
  expect(report.parameters.all / 1e9).toBeCloseTo(model.billions, 2);
  expect(report.weights['int8']!.bytes).toBeLessThan(0.3 * report.weights['fp32']!.bytes);
});

it('7B, each layer a few numbers wide, is run', async () => {
  const model = MODELS['7B'];
  await write(narrow(model), 64, seededRandom(3));
  const loaded = await loadModel(folder, { threads: 1 });
  const features = await loaded.tower.encode(Float32Array.from({ length: 16 * 1176 }, (_unused, k) => Math.sin(k)), [1, 4, 4]);
  expect(features).toHaveLength(4 * narrow(model).hidden_size);
  const ids = Int32Array.of(1, 2, 3);
  const logits = await loaded.decoder.prefill({ ids, positionIds: Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2), vision: [], nextPosition: 3 });
  expect(logits).toHaveLength(64);
  expect([...features, ...logits].every(Number.isFinite)).toBe(true);
  await loaded.close();
});

it('tells what is missing, odd and unknown', async () => {
  const { shards: _, ...three } = narrow(MODELS['3B']);
  await write({ ...three, shards: 1, num_hidden_layers: 1 }, 64, seededRandom(3));
  await writeFile(join(folder, 'config.json'), JSON.stringify(configOf({ ...three, shards: 1, num_hidden_layers: 2, intermediate_size: 32 }, 64)));
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out += String(text)) !== '');
  expect(await main(['model', 'inspect', folder])).toBe(1);
  expect(out).toContain('missing: model.layers.1.input_layernorm.weight');
  expect(out).toContain('odd: model.layers.0.mlp.gate_proj.weight is [24, 128], config.json asks for [32, 128]');
});

// The weights of a checkpoint: every tensor the model needs, by its published name, with where it lies and the shape it must have.
import { AppError } from '../../app-error.js';
import { type StoredWeight } from '../onnx/graph.js';
import { type SafetensorsHeader, type StoredTensor } from '../safetensors/header.js';
import { type ModelConfig } from './config.js';

/** One .safetensors file. `location` is how the runtime finds it, `name` what people are told. */
export interface CheckpointFile {
  readonly name: string;
  readonly location: string;
  readonly header: SafetensorsHeader;
}

/** Every weight of the model by its published name. */
export type Weights = ReadonlyMap<string, StoredWeight>;

const WEIGHT_TYPES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

/**
 * Finds every weight in the files of a checkpoint; tensors the model does not know are left alone.
 * Throws `checkpoint.tensor_missing`, `.tensor_repeated`, `.shape_mismatch` or `.dtype_unsupported`, naming file and tensor.
 */
export function findWeights(config: ModelConfig, files: readonly CheckpointFile[]): Weights {
  const stored = byPublishedName(files);
  const weights = new Map<string, StoredWeight>();
  for (const [name, shape] of expectedShapes(config)) {
    const found = stored.get(name);
    const file = found?.file.name ?? files.map((each) => each.name).join(', ');
    const refuse = (code: `checkpoint.${string}`, what: string): AppError =>
      new AppError(code, `${file} ${what}.`, { details: { file, tensor: found?.storedName ?? name } });

    if (!found) throw refuse('checkpoint.tensor_missing', `does not hold ${name} [${shape.join(', ')}], which config.json asks for`);
    const { storedName, tensor } = found;
    if (tensor.shape.join() !== shape.join()) {
      throw refuse('checkpoint.shape_mismatch', `holds ${storedName} [${tensor.shape.join(', ')}], config.json asks for [${shape.join(', ')}]`);
    }
    const type = (WEIGHT_TYPES as Partial<Record<string, StoredWeight['type']>>)[tensor.dtype];
    if (!type) throw refuse('checkpoint.dtype_unsupported', `stores ${storedName} as ${tensor.dtype}; F32, F16 and BF16 can be read`);
    weights.set(name, { location: found.file.location, offset: tensor.start, byteLength: tensor.end - tensor.start, type, shape });
  }
  return weights;
}

/** The weight of that name; one that `findWeights` did not list is a fault of the caller. */
export function weightOf(weights: Weights, name: string): StoredWeight {
  const weight = weights.get(name);
  if (!weight) throw new Error(`no weight is called ${name}`);
  return weight;
}

interface FoundTensor {
  readonly file: CheckpointFile;
  readonly storedName: string;
  readonly tensor: StoredTensor;
}

function byPublishedName(files: readonly CheckpointFile[]): Map<string, FoundTensor> {
  const found = new Map<string, FoundTensor>();
  for (const file of files) {
    for (const [storedName, tensor] of file.header.tensors) {
      const name = publishedName(storedName);
      const earlier = found.get(name);
      if (earlier) {
        const details = { file: file.name, tensor: storedName };
        throw new AppError('checkpoint.tensor_repeated', `${file.name} holds ${storedName}, which ${earlier.file.name} holds too.`, { details });
      }
      found.set(name, { file, storedName, tensor });
    }
  }
  return found;
}

/** Spec 10: newer files put `model.` before the tower and `model.language_model.` before the decoder. */
export function publishedName(name: string): string {
  if (name.startsWith('model.visual.')) return name.slice('model.'.length);
  if (name.startsWith('model.language_model.')) return `model.${name.slice('model.language_model.'.length)}`;
  return name;
}

/** Spec 10: the names and shapes of all weights. */
export function* expectedShapes({ text, vision, tieWordEmbeddings }: ModelConfig): Generator<[string, number[]]> {
  const width = vision.hiddenSize;
  yield ['visual.patch_embed.proj.weight', [width, vision.inChannels, vision.temporalPatchSize, vision.patchSize, vision.patchSize]];
  for (let block = 0; block < vision.depth; block++) {
    const prefix = `visual.blocks.${block}`;
    yield [`${prefix}.norm1.weight`, [width]];
    yield [`${prefix}.norm2.weight`, [width]];
    yield* linear(`${prefix}.attn.qkv`, width, 3 * width);
    yield* linear(`${prefix}.attn.proj`, width, width);
    yield* linear(`${prefix}.mlp.gate_proj`, width, vision.intermediateSize);
    yield* linear(`${prefix}.mlp.up_proj`, width, vision.intermediateSize);
    yield* linear(`${prefix}.mlp.down_proj`, vision.intermediateSize, width);
  }
  const merged = width * vision.spatialMergeSize ** 2;
  yield ['visual.merger.ln_q.weight', [width]];
  yield* linear('visual.merger.mlp.0', merged, merged);
  yield* linear('visual.merger.mlp.2', merged, vision.outHiddenSize);

  const keyWidth = text.numKeyValueHeads * text.headDim;
  const queryWidth = text.numAttentionHeads * text.headDim;
  yield ['model.embed_tokens.weight', [text.vocabSize, text.hiddenSize]];
  for (let layer = 0; layer < text.numHiddenLayers; layer++) {
    const prefix = `model.layers.${layer}`;
    yield [`${prefix}.input_layernorm.weight`, [text.hiddenSize]];
    yield [`${prefix}.post_attention_layernorm.weight`, [text.hiddenSize]];
    yield* linear(`${prefix}.self_attn.q_proj`, text.hiddenSize, queryWidth);
    yield* linear(`${prefix}.self_attn.k_proj`, text.hiddenSize, keyWidth);
    yield* linear(`${prefix}.self_attn.v_proj`, text.hiddenSize, keyWidth);
    yield [`${prefix}.self_attn.o_proj.weight`, [text.hiddenSize, queryWidth]];
    yield [`${prefix}.mlp.gate_proj.weight`, [text.intermediateSize, text.hiddenSize]];
    yield [`${prefix}.mlp.up_proj.weight`, [text.intermediateSize, text.hiddenSize]];
    yield [`${prefix}.mlp.down_proj.weight`, [text.hiddenSize, text.intermediateSize]];
  }
  yield ['model.norm.weight', [text.hiddenSize]];
  if (!tieWordEmbeddings) yield ['lm_head.weight', [text.vocabSize, text.hiddenSize]];
}

function* linear(name: string, from: number, to: number): Generator<[string, number[]]> {
  yield [`${name}.weight`, [to, from]];
  yield [`${name}.bias`, [to]];
}

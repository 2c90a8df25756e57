// Reads a checkpoint's config.json, in any of its three layouts, into the numbers that the model is built from.
import { AppError } from '../../app-error.js';
import { JsonObject } from './json-object.js';

export interface TextConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  readonly numKeyValueHeads: number;
  readonly headDim: number;
  readonly vocabSize: number; // rows of the embedding matrix
  readonly maxPositionEmbeddings: number; // tokens of a prompt and its answer together
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  /** Frequencies driven by the temporal, the height and the width id; they add up to half a head. */
  readonly mropeSection: readonly [number, number, number];
}

export interface VisionConfig {
  readonly depth: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numHeads: number;
  readonly headDim: number;
  readonly outHiddenSize: number;
  readonly inChannels: number;
  readonly patchSize: number; // pixels
  readonly temporalPatchSize: number; // frames
  readonly spatialMergeSize: number; // patches a side
  readonly windowSize: number; // pixels
  readonly fullattBlockIndexes: readonly number[];
  readonly tokensPerSecond: number;
}

export interface ModelConfig {
  readonly text: TextConfig;
  readonly vision: VisionConfig;
  readonly imageTokenId: number;
  readonly videoTokenId: number;
  readonly visionStartTokenId: number;
  readonly visionEndTokenId: number;
  readonly tieWordEmbeddings: boolean;
}

/**
 * Spec 1.2: text keys lie at the top level (as published) or in `text_config` (re-saved by transformers 4.52 and later).
 * A missing key is an error and never a default, as the library's defaults differ from the checkpoints.
 * Throws `config.*` with the key's path in `details.key`.
 */
export function parseConfig(json: unknown): ModelConfig {
  const root = new JsonObject(json, '');
  root.oneOf('model_type', ['qwen2_5_vl']);
  const textRoot = root.has('text_config') ? root.object('text_config') : root;
  const text = parseText(textRoot);
  const vision = parseVision(root.object('vision_config'));
  if (vision.outHiddenSize !== text.hiddenSize) {
    throw conflict('vision_config.out_hidden_size', `is ${vision.outHiddenSize}, but the text model takes ${text.hiddenSize}`);
  }
  return {
    text,
    vision,
    imageTokenId: root.integer('image_token_id'),
    videoTokenId: root.integer('video_token_id'),
    visionStartTokenId: root.integer('vision_start_token_id'),
    visionEndTokenId: root.integer('vision_end_token_id'),
    tieWordEmbeddings: parseTie(root, textRoot),
  };
}

function parseText(keys: JsonObject): TextConfig {
  keys.oneOf('hidden_act', ['silu']);
  // Spec 1.1: published checkpoints name a sliding window and do not use it.
  if (keys.has('use_sliding_window')) keys.oneOf('use_sliding_window', [false]);
  const hiddenSize = keys.positive('hidden_size');
  const numAttentionHeads = keys.positive('num_attention_heads');
  const numKeyValueHeads = keys.positive('num_key_value_heads');
  const headDim = keys.has('head_dim') ? keys.positive('head_dim') : hiddenSize / numAttentionHeads;
  if (!Number.isInteger(headDim)) throw conflict(keys.path('num_attention_heads'), `does not divide hidden_size ${hiddenSize}`);
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    throw conflict(keys.path('num_key_value_heads'), `does not divide num_attention_heads ${numAttentionHeads}`);
  }
  return {
    hiddenSize,
    intermediateSize: keys.positive('intermediate_size'),
    numHiddenLayers: keys.positive('num_hidden_layers'),
    numAttentionHeads,
    numKeyValueHeads,
    headDim,
    vocabSize: keys.positive('vocab_size'),
    maxPositionEmbeddings: keys.positive('max_position_embeddings'),
    rmsNormEps: keys.number('rms_norm_eps'),
    ...parseRope(keys, headDim),
  };
}

/** Spec 1.2: `rope_parameters` (transformers 5) holds what `rope_scaling` and `rope_theta` held before. */
function parseRope(keys: JsonObject, headDim: number): Pick<TextConfig, 'ropeTheta' | 'mropeSection'> {
  const isNew = keys.has('rope_parameters');
  const rope = keys.object(isNew ? 'rope_parameters' : 'rope_scaling');
  if (!rope.has('type') && !rope.has('rope_type')) throw rope.missing('rope_type');
  for (const key of ['type', 'rope_type']) if (rope.has(key)) rope.oneOf(key, ['mrope', 'default']);
  const [temporal, height, width, ...rest] = rope.integers('mrope_section');
  if (temporal === undefined || height === undefined || width === undefined || rest.length > 0) {
    throw conflict(rope.path('mrope_section'), 'needs three numbers: temporal, height, width');
  }
  if (2 * (temporal + height + width) !== headDim) {
    throw conflict(rope.path('mrope_section'), `adds up to ${temporal + height + width}, not to half the head size ${headDim}`);
  }
  return { ropeTheta: (isNew ? rope : keys).number('rope_theta'), mropeSection: [temporal, height, width] };
}

function parseVision(keys: JsonObject): VisionConfig {
  keys.oneOf('hidden_act', ['silu']);
  const hiddenSize = keys.positive('hidden_size');
  const numHeads = keys.positive('num_heads');
  const headDim = hiddenSize / numHeads;
  // Spec 6.2: half of the angles of a head belong to the row, half to the column, and all of them occur twice.
  if (headDim % 4 !== 0) throw conflict(keys.path('num_heads'), `makes heads of ${headDim}, which is no multiple of 4`);
  const depth = keys.positive('depth');
  const fullattBlockIndexes = keys.integers('fullatt_block_indexes');
  if (fullattBlockIndexes.some((block) => block < 0 || block >= depth)) {
    throw conflict(keys.path('fullatt_block_indexes'), `names a block outside 0 to ${depth - 1}`);
  }
  return {
    depth,
    hiddenSize,
    intermediateSize: keys.positive('intermediate_size'),
    numHeads,
    headDim,
    outHiddenSize: keys.positive('out_hidden_size'),
    // Spec 5: the patch layout is that of every published checkpoint.
    inChannels: keys.oneOf(keys.has('in_channels') ? 'in_channels' : 'in_chans', [3]),
    patchSize: keys.oneOf('patch_size', [14]),
    temporalPatchSize: keys.oneOf('temporal_patch_size', [2]),
    spatialMergeSize: keys.oneOf('spatial_merge_size', [2]),
    windowSize: keys.positive('window_size'),
    fullattBlockIndexes,
    tokensPerSecond: keys.number('tokens_per_second'),
  };
}

/** Spec 1.2: `tie_word_embeddings` may sit at either level; where it sits at both, they must agree. */
function parseTie(root: JsonObject, text: JsonObject): boolean {
  const holders = [root, text].filter((keys) => keys.has('tie_word_embeddings'));
  const [first, second] = holders.map((keys) => keys.boolean('tie_word_embeddings'));
  if (first === undefined) throw root.missing('tie_word_embeddings');
  if (second !== undefined && second !== first) throw conflict('tie_word_embeddings', `is ${first}, but ${second} in text_config`);
  return first;
}

function conflict(key: string, what: string): AppError {
  return new AppError('config.value_conflict', `config.json: ${key} ${what}.`, { details: { key } });
}

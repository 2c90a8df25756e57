// The configuration of a checkpoint, in every layout in which it is saved, and what is refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../app-error.js';
import { parseConfig } from './config.js';

type Json = Record<string, unknown>;

/** config.json of the published 7B checkpoint, as far as it is read (spec 1.1). */
const published = (): Json => ({
  model_type: 'qwen2_5_vl',
  vision_start_token_id: 151652, vision_end_token_id: 151653, image_token_id: 151655, video_token_id: 151656,
  hidden_act: 'silu', hidden_size: 3584, intermediate_size: 18944, num_hidden_layers: 28,
  num_attention_heads: 28, num_key_value_heads: 4, vocab_size: 152064, max_position_embeddings: 128000,
  rms_norm_eps: 1e-6, rope_theta: 1_000_000, sliding_window: 32768, use_sliding_window: false, tie_word_embeddings: false,
  rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] },
  vision_config: {
    depth: 32, hidden_act: 'silu', hidden_size: 1280, intermediate_size: 3420, num_heads: 16, in_chans: 3, out_hidden_size: 3584,
    patch_size: 14, spatial_merge_size: 2, window_size: 112, fullatt_block_indexes: [7, 15, 23, 31], tokens_per_second: 2, temporal_patch_size: 2,
  },
});

const TOP_LEVEL = ['model_type', 'vision_config', 'image_token_id', 'video_token_id', 'vision_start_token_id', 'vision_end_token_id'];

function without(json: Json, ...keys: string[]): Json {
  return Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));
}

/** As transformers 4.52 and later save it again. */
function nested(json: Json): Json {
  const top = Object.fromEntries(Object.entries(json).filter(([key]) => TOP_LEVEL.includes(key)));
  return { ...top, text_config: without(json, ...TOP_LEVEL) };
}

/** As transformers 5 saves it again. */
function version5(json: Json): Json {
  const { text_config: text, ...top } = nested(json) as { text_config: Json };
  const rope = { rope_type: 'default', rope_theta: 1_000_000, mrope_section: [16, 24, 24] };
  return { ...top, text_config: { ...without(text, 'rope_scaling', 'rope_theta'), rope_parameters: rope } };
}

function refusal(json: unknown): { code: string; key: unknown } {
  try {
    parseConfig(json);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, key: error.details?.['key'] };
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('parseConfig', () => {
  it('reads the published layout', () => {
    expect(parseConfig(published())).toEqual({
      text: {
        hiddenSize: 3584, intermediateSize: 18944, numHiddenLayers: 28, numAttentionHeads: 28, numKeyValueHeads: 4, headDim: 128,
        vocabSize: 152064, maxPositionEmbeddings: 128000, rmsNormEps: 1e-6, ropeTheta: 1_000_000, mropeSection: [16, 24, 24],
      },
      vision: {
        depth: 32, hiddenSize: 1280, intermediateSize: 3420, numHeads: 16, headDim: 80, outHiddenSize: 3584, inChannels: 3, patchSize: 14,
        temporalPatchSize: 2, spatialMergeSize: 2, windowSize: 112, fullattBlockIndexes: [7, 15, 23, 31], tokensPerSecond: 2,
      },
      imageTokenId: 151655, videoTokenId: 151656, visionStartTokenId: 151652, visionEndTokenId: 151653, tieWordEmbeddings: false,
    });
  });

  it('reads the same from the two layouts in which libraries save it again', () => {
    expect(parseConfig(nested(published()))).toEqual(parseConfig(published()));
    expect(parseConfig(version5(published()))).toEqual(parseConfig(published()));
  });

  it.each(['tiny_a', 'tiny_b'])('reads the stored configuration of %s', (name) => {
    const file = join(import.meta.dirname, '../../../test/parity/golden', name, 'config.json');
    expect(parseConfig(JSON.parse(readFileSync(file, 'utf8'))).tieWordEmbeddings).toBe(name === 'tiny_b');
  });

  it('refuses a configuration that lacks a key, naming its path', () => {
    const optional = ['sliding_window', 'use_sliding_window'];
    for (const key of Object.keys(published()).filter((name) => !optional.includes(name))) {
      expect(refusal(without(published(), key))).toEqual({ code: 'config.key_missing', key });
    }
    const vision = published()['vision_config'] as Json;
    for (const key of Object.keys(vision)) {
      expect(refusal({ ...published(), vision_config: without(vision, key) })).toEqual({ code: 'config.key_missing', key: `vision_config.${key}` });
    }
    expect(refusal(without(version5(published()), 'text_config'))).toMatchObject({ code: 'config.key_missing' });
  });

  it.each([
    ['another architecture', { model_type: 'qwen2_vl' }, 'config.value_unsupported'],
    ['a stretched context', { rope_scaling: { type: 'yarn', mrope_section: [16, 24, 24] } }, 'config.value_unsupported'],
    ['a sliding window in use', { use_sliding_window: true }, 'config.value_unsupported'],
    ['sections that do not fill half a head', { rope_scaling: { type: 'mrope', mrope_section: [16, 24, 23] } }, 'config.value_conflict'],
    ['heads that do not divide', { num_key_value_heads: 3 }, 'config.value_conflict'],
    ['a vision tower of another width', { hidden_size: 2048, num_attention_heads: 16 }, 'config.value_conflict'],
    ['a text for a number', { hidden_size: '3584' }, 'config.value_invalid'],
    ['two answers about tied embeddings', { text_config: { ...published(), tie_word_embeddings: true } }, 'config.value_conflict'],
  ])('refuses %s', (_, change, code) => expect(refusal({ ...published(), ...change })).toMatchObject({ code }));

  it('refuses what is no object at all', () => expect(refusal([])).toMatchObject({ code: 'config.value_invalid' }));
});

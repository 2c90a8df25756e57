// Which linear layers of a checkpoint are packed into whole numbers, and how, under each scheme.
import { type BlockForm } from '../quantization/block-quantization.js';
import { type ModelConfig } from './config.js';
import { headName } from './language-graph.js';
import { type Weights } from './weights.js';

/** What the weights of a running model are; fp32 are the checkpoint's own numbers. */
export const WEIGHT_SCHEMES = ['fp32', 'int8', 'int4'] as const;
export type WeightScheme = (typeof WEIGHT_SCHEMES)[number];
export type PackingScheme = Exclude<WeightScheme, 'fp32'>;

export type PackedForm = ({ readonly kind: 'blocks' } & BlockForm) | { readonly kind: 'columns' };

/** Values of a row beyond which it is multiplied fast; where rows are shorter that matters little, and fewer values share a scale. */
const LONG_ROW = 1024;
const BLOCK = { long: 128, short: 32 };

/**
 * Every linear layer by its name without `.weight`. Of 8 bits, bytes with a scale for each output are multiplied fastest, but a row then
 * has one scale as well: what flows into a down_proj has few values far larger than the rest (spec 12, trap 26), which scales of blocks keep
 * apart. The head decides between tokens and keeps 8 bits, in blocks, under every scheme; so does the tower, whose weights are few.
 */
export function packedForms(config: ModelConfig, weights: Weights, scheme: PackingScheme): Map<string, PackedForm> {
  const head = headName(config);
  const forms = new Map<string, PackedForm>();
  for (const [stored, { shape }] of weights) {
    const name = stored.slice(0, -'.weight'.length);
    if (!stored.endsWith('.weight') || shape.length !== 2) continue; // a bias, a norm, the kernel of the patches
    if (name === 'model.embed_tokens' && name !== head) continue; // only looked up
    const isLong = (shape[1] ?? 0) >= LONG_ROW;
    const bits = scheme === 'int8' || name === head || name.startsWith('visual.') ? 8 : 4;
    const isEven = name !== head && !name.endsWith('.down_proj');
    forms.set(name, isLong && bits === 8 && isEven ? { kind: 'columns' } : { kind: 'blocks', bits, blockSize: isLong ? BLOCK.long : BLOCK.short });
  }
  return forms;
}

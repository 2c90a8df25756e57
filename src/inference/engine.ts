// A checkpoint ready to answer: its graphs, its tokenizer, its limits and its card.
import { type WeightScheme } from '../model/qwen2-5-vl/packing.js';
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import { type ModelCard } from './inference.js';
import { type Model, type ModelOptions, openModel } from './model.js';
import { describeModel, withoutAbsoluteTime, withPackedWeights } from './model-card.js';
import { requirePacked } from './packed/packed-folder.js';
import { type PixelLimits, readPixelLimits } from './pixel-limits.js';
import { loadTokenizer, type TextTokenizer } from './text-tokenizer.js';

export interface Engine extends Model {
  readonly card: ModelCard;
  readonly tokenizer: TextTokenizer;
  readonly pixelLimits: PixelLimits;
  /** False: positions count groups, as if each took the same time. */
  readonly absoluteTime: boolean;
}

export interface EngineOptions extends ModelOptions {
  /** Default true; see docs/decisions/0017-ablations-are-settings.md. */
  readonly absoluteTime?: boolean | undefined;
  /** Default fp32: the checkpoint's own; others must have been packed. */
  readonly weights?: WeightScheme | undefined;
  /** Folder of everything that is packed, where `weights` is not fp32. */
  readonly packedRoot?: string | undefined;
}

/** Throws `checkpoint.*`, naming the file and, where there is one, the tensor, and `inference.provider_unavailable`. */
export async function loadEngine(directory: string, { absoluteTime = true, weights = 'fp32', packedRoot = '', ...options }: EngineOptions = {}): Promise<Engine> {
  const checkpoint: Checkpoint = await readCheckpoint(directory);
  const tokenizer = await loadTokenizer(directory);
  const pixelLimits = await readPixelLimits(directory);
  const described = await describeModel(checkpoint);
  const scheme = weights === 'fp32' ? undefined : weights;
  const packedFolder = scheme ? await requirePacked({ root: packedRoot, modelHash: described.hash, scheme }, directory) : options.packedFolder;
  const timed = absoluteTime ? described : withoutAbsoluteTime(described);
  const card = { ...(scheme ? withPackedWeights(timed, scheme) : timed), framePixels: pixelLimits };
  return { ...(await openModel(checkpoint, { ...options, packedFolder })), card, tokenizer, pixelLimits, absoluteTime };
}

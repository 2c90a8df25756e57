// A checkpoint ready to answer: its graphs, its tokenizer, its limits and its card.
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import { type ModelCard } from './inference.js';
import { type Model, type ModelOptions, openModel } from './model.js';
import { describeModel, withoutAbsoluteTime } from './model-card.js';
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
}

/** Throws `checkpoint.*`, naming the file and, where there is one, the tensor, and `inference.provider_unavailable`. */
export async function loadEngine(directory: string, { absoluteTime = true, ...options }: EngineOptions = {}): Promise<Engine> {
  const checkpoint: Checkpoint = await readCheckpoint(directory);
  const tokenizer = await loadTokenizer(directory);
  const pixelLimits = await readPixelLimits(directory);
  const described = await describeModel(checkpoint);
  const card = { ...(absoluteTime ? described : withoutAbsoluteTime(described)), framePixels: pixelLimits };
  return { ...(await openModel(checkpoint, options)), card, tokenizer, pixelLimits, absoluteTime };
}

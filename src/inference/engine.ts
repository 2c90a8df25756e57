// A checkpoint ready to answer: its graphs, its tokenizer, its limits and its card.
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import { type ModelCard } from './inference.js';
import { type Model, type ModelOptions, openModel } from './model.js';
import { describeModel } from './model-card.js';
import { type PixelLimits, readPixelLimits } from './pixel-limits.js';
import { loadTokenizer, type TextTokenizer } from './text-tokenizer.js';

export interface Engine extends Model {
  readonly card: ModelCard;
  readonly tokenizer: TextTokenizer;
  readonly pixelLimits: PixelLimits;
}

/** Throws `checkpoint.*`, naming the file and, where there is one, the tensor, and `inference.provider_unavailable`. */
export async function loadEngine(directory: string, options: ModelOptions = {}): Promise<Engine> {
  const checkpoint: Checkpoint = await readCheckpoint(directory);
  const tokenizer = await loadTokenizer(directory);
  const pixelLimits = await readPixelLimits(directory);
  const card = { ...(await describeModel(checkpoint)), framePixels: pixelLimits };
  return { ...(await openModel(checkpoint, options)), card, tokenizer, pixelLimits };
}

// Widens the placeholders of a tokenized prompt to the tokens of their pictures and videos.
import { AppError } from '../../app-error.js';
import { type ModelConfig } from './config.js';
import { type Grid, tokensOf } from './patches.js';

export interface Pads {
  readonly ids: Int32Array; // [length]
  /** Row of the first pad of each item, in the order in which they stand in the prompt. */
  readonly starts: readonly number[];
}

/**
 * Spec 1.4: one pad for each token of an item. Done on ids, which is the same as on text and spares the tokenizer thousands of pads.
 * `grids` are those of all items in the order of the prompt. Throws `prompt.grid_mismatch` unless there are as many placeholders.
 */
export function widenPads(short: ArrayLike<number>, { imageTokenId, videoTokenId }: Pick<ModelConfig, 'imageTokenId' | 'videoTokenId'>, grids: readonly Grid[]): Pads {
  const isPad = (id: number): boolean => id === imageTokenId || id === videoTokenId;
  const places = Array.from(short).filter(isPad).length;
  if (places !== grids.length) throw new AppError('prompt.grid_mismatch', `The prompt has ${places} placeholders for ${grids.length} grids.`);
  const ids = new Int32Array(short.length + grids.reduce((sum, grid) => sum + tokensOf(grid) - 1, 0));
  const starts: number[] = [];
  let row = 0;
  for (let k = 0; k < short.length; k++) {
    const id = short[k]!;
    const grid = isPad(id) ? grids[starts.length] : undefined;
    if (grid) starts.push(row);
    ids.fill(id, row, (row += grid ? tokensOf(grid) : 1));
  }
  return { ids, starts };
}

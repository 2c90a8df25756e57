// How many tokens the answer of a conversation may have.
import { AppError } from '../app-error.js';
import { type ChatRequest } from './inference.js';

/** Length of an answer where the caller sets none. */
const USUAL_NEW_TOKENS = 1024;

/** `modelTokens`: what the model takes of prompt and answer together. Throws `chat.too_long`. */
export function answerRoom(promptTokens: number, { contextTokens, maxNewTokens }: ChatRequest, modelTokens: number): number {
  const most = Math.min(contextTokens, modelTokens);
  const room = most - promptTokens;
  if (room >= (maxNewTokens ?? 1)) return maxNewTokens ?? Math.min(room, USUAL_NEW_TOKENS);
  const wanted = maxNewTokens === undefined ? '' : ` and the answer may have ${maxNewTokens}`;
  throw new AppError('chat.too_long', `The messages take ${promptTokens} tokens${wanted}; together there is room for ${most}. Shorten them, or lower fps or max_pixels.`);
}

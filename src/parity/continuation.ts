// A greedy continuation with the logits of every step, as reference runs keep them.
import { type Decoder } from '../inference/decoder.js';
import { type DecoderPrompt } from '../model/qwen2-5-vl/decoder-prompt.js';
import { nextToken } from '../model/qwen2-5-vl/generation.js';

export interface ContinuationOptions {
  /** Most tokens. */
  readonly count: number;
  readonly repetitionPenalty: number;
  readonly eosTokenIds: readonly number[];
}

/** Ends after a token that ends the answer; that token is part of the continuation. `logits` are those each token was chosen from. */
export async function continueGreedily(
  decoder: Decoder,
  prompt: DecoderPrompt,
  { count, repetitionPenalty, eosTokenIds }: ContinuationOptions,
): Promise<{ tokens: number[]; logits: Float32Array[] }> {
  const settings = { repetitionPenalty, eosTokenIds, doSample: false, temperature: 1, topK: 0, topP: 1 };
  const seenIds = new Set(prompt.ids);
  const tokens: number[] = [];
  const logits = [await decoder.prefill(prompt, { room: count })];
  while (tokens.length < count) {
    const scores = logits[tokens.length]!;
    const { id, ends } = nextToken(scores, { seenIds, knownTokens: scores.length, settings, random: () => 0 });
    tokens.push(id);
    seenIds.add(id);
    if (ends || tokens.length === count) break;
    logits.push(await decoder.step(id));
  }
  return { tokens, logits };
}

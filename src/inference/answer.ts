// One answer: prefill of its prompt, then token by token until the model ends it or the limit is reached.
import { type DecoderPrompt } from '../model/qwen2-5-vl/decoder-prompt.js';
import { type GenerationSettings, nextToken, type Random } from '../model/qwen2-5-vl/generation.js';
import { type Decoder } from './decoder.js';
import { type GeneratedToken, type WindowAnswer } from './inference.js';
import { type TextTokenizer } from './text-tokenizer.js';

export interface AnswerOptions {
  readonly maxNewTokens: number;
  readonly settings: GenerationSettings;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  /** Called with the tokens so far, and with 0 for each chunk of the prompt: a sign of life. */
  readonly onToken?: (tokens: number) => void;
}

type Answer = Omit<WindowAnswer, 'promptHash'>;

/** Stops between chunks and tokens when the signal aborts, by throwing its reason. The token that ends the answer is not part of it. */
export async function generateAnswer(decoder: Decoder, tokenizer: TextTokenizer, prompt: DecoderPrompt, options: AnswerOptions): Promise<Answer> {
  const { maxNewTokens, settings, random, signal, onToken } = options;
  const seenIds = new Set(prompt.ids);
  const textOf = tokenizer.stream();
  const tokens: GeneratedToken[] = [];
  const answer = (finishReason: Answer['finishReason']): Answer => ({ text: tokens.map(({ text }) => text).join(''), tokens, finishReason });

  const onChunk = (): void => {
    signal?.throwIfAborted();
    onToken?.(0);
  };
  let logits = await decoder.prefill(prompt, { room: maxNewTokens, onChunk });
  while (tokens.length < maxNewTokens) {
    const { id, logProbability, ends } = nextToken(logits, { seenIds, knownTokens: tokenizer.knownTokens, settings, random });
    if (ends) return answer('stop');
    tokens.push({ id, text: textOf(id), logprob: logProbability });
    seenIds.add(id);
    onToken?.(tokens.length);
    signal?.throwIfAborted();
    if (tokens.length < maxNewTokens) logits = await decoder.step(id);
  }
  return answer('length');
}

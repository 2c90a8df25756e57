// One answer: prefill of its prompt, then token by token until the model ends it, or its form, or the limit is reached.
import { AppError } from '../app-error.js';
import { type HeldAnswer } from '../model/grammar/held-answer.js';
import { type DecoderPrompt } from '../model/qwen2-5-vl/decoder-prompt.js';
import { choiceLogProbabilities, type GenerationSettings, likeliestTokens, nextToken, type Random } from '../model/qwen2-5-vl/generation.js';
import { type Decoder } from './decoder.js';
import { type GeneratedToken, type WindowAnswer } from './inference.js';
import { type TextTokenizer } from './text-tokenizer.js';

interface Stoppable {
  readonly signal?: AbortSignal | undefined;
  /** Called with the tokens so far, and with 0 for each chunk of the prompt: a sign of life. */
  readonly onToken?: (tokens: number) => void;
}

export interface AnswerOptions extends Stoppable {
  readonly maxNewTokens: number;
  readonly settings: GenerationSettings;
  readonly random: Random;
  /** What the answer is held to. */
  readonly held?: HeldAnswer | undefined;
  /** How many of the likeliest tokens to tell with each. */
  readonly topLogprobs?: number | undefined;
  /** Called with each token of the answer; true ends it there. */
  readonly follow?: ((token: GeneratedToken) => boolean) | undefined;
}

type Answer = Omit<WindowAnswer, 'promptHash'>;

/** Stops between chunks and tokens when the signal aborts, by throwing its reason. The token that ends the answer is not part of it. */
export async function generateAnswer(decoder: Decoder, tokenizer: TextTokenizer, prompt: DecoderPrompt, options: AnswerOptions): Promise<Answer> {
  const { maxNewTokens, settings, random, held, topLogprobs = 0, follow, signal, onToken } = options;
  const { knownTokens } = tokenizer;
  const seenIds = new Set(prompt.ids);
  const textOf = tokenizer.stream();
  const tokens: GeneratedToken[] = [];

  let logits = await decoder.prefill(prompt, { room: maxNewTokens, onChunk: signOfLife(options) });
  let hasEnded = false;
  let isStopped = false;
  while (!hasEnded && tokens.length < maxNewTokens) {
    const { id, logProbability, ends } = nextToken(logits, { seenIds, knownTokens, settings, random, rule: held });
    if (ends) {
      hasEnded = true;
      continue;
    }
    held?.take(id);
    const top = topLogprobs > 0 ? { top: likeliestTokens(logits, topLogprobs, knownTokens).map((each) => ({ id: each.id, logprob: each.logProbability })) } : {};
    const token = { id, text: textOf(id), logprob: logProbability, ...top };
    tokens.push(token);
    seenIds.add(id);
    onToken?.(tokens.length);
    isStopped = follow?.(token) ?? false;
    signal?.throwIfAborted();
    hasEnded = isStopped || (held?.isFinished ?? false);
    if (!hasEnded && tokens.length < maxNewTokens) logits = await decoder.step(id);
  }
  const isWhole = isStopped || (held ? !held.isCut : hasEnded);
  return { text: tokens.map(({ text }) => text).join(''), tokens, finishReason: isWhole ? 'stop' : 'length' };
}

/**
 * Nothing is generated: how likely each option's first token is to begin the answer. Throws `choice.ambiguous` where two begin alike.
 */
export async function chooseAnswer(
  decoder: Decoder,
  tokenizer: TextTokenizer,
  prompt: DecoderPrompt,
  { options, ...stoppable }: Stoppable & { options: readonly string[] },
): Promise<Answer> {
  const ids = options.map((option) => tokenizer.encode(option)[0] ?? -1);
  if (ids.length === 0 || ids.includes(-1) || new Set(ids).size < ids.length) {
    throw new AppError('choice.ambiguous', `The options ${options.map((option) => JSON.stringify(option)).join(', ')} must begin with different tokens.`);
  }
  const logits = await decoder.prefill(prompt, { onChunk: signOfLife(stoppable) });
  const logprobs = choiceLogProbabilities(logits, ids, tokenizer.knownTokens);
  const choices = options.map((text, k) => ({ text, logprob: logprobs[k] ?? -Infinity }));
  const best = choices.reduce((likeliest, each, k) => (each.logprob > (logprobs[likeliest] ?? -Infinity) ? k : likeliest), 0);
  const { text = '', logprob = -Infinity } = choices[best] ?? {};
  const id = ids[best] ?? -1;
  return { text, tokens: [{ id, text: tokenizer.stream()(id), logprob }], finishReason: 'stop', choices };
}

function signOfLife({ signal, onToken }: Stoppable): () => void {
  return () => {
    signal?.throwIfAborted();
    onToken?.(0);
  };
}

// What vLLM's server answers, as far as it is looked at: the OpenAI forms and a few of its own.
import { z } from 'zod';

export const modelList = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.number().int().positive().nullish() })),
});

export const serverVersion = z.object({ version: z.string() });

export const tokenized = z.object({ count: z.number().int().nonnegative(), tokens: z.array(z.number().int()) });

const scoredToken = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number().int()).nullish() });
const writtenToken = scoredToken.extend({ top_logprobs: z.array(scoredToken).nullish() });
export type ScoredToken = z.output<typeof scoredToken>;
export type WrittenToken = z.output<typeof writtenToken>;

const logprobs = z.object({ content: z.array(writtenToken).nullish() }).nullish();
const usage = z.object({ prompt_tokens: z.number().int() });

export const completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish(), logprobs })).min(1),
  usage,
  system_fingerprint: z.string().nullish(),
});
export type Completion = z.output<typeof completion>;

/** One event of a streamed answer; the last one may have a usage and no choice. */
export const completionChunk = z.object({
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish(), logprobs })),
  usage: usage.nullish(),
  system_fingerprint: z.string().nullish(),
});
export type CompletionChunk = z.output<typeof completionChunk>;

/** How a server says in the middle of a stream that it goes no further. */
export const streamedError = z.object({ error: z.object({ message: z.string() }) });

// What a conversation may be asked with: the parameters of OpenAI's chat completions that can be kept, and what is refused says so.
import { z } from 'zod';
import { chatMessage } from './chat-message.schema.js';

/** Largest JSON body: pictures and short videos come inside it. */
export const CHAT_BODY_BYTES = 48 * 1024 ** 2;

const schemaObject = z.record(z.string(), z.unknown());

const toolFunction = z.strictObject({
  name: z.string().regex(/^[\w-]{1,64}$/, 'must hold letters, digits, _ and - only'),
  description: z.string().max(4000).optional(),
  parameters: schemaObject.optional().describe('JSON schema of the arguments. The model is only held to it where a call is forced.'),
  strict: z.boolean().nullish(),
});

const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string().min(1) }) }),
]);

const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({ name: z.string().max(64).optional(), description: z.string().max(4000).optional(), schema: schemaObject, strict: z.boolean().nullish() }),
  }),
]);

const stopText = z.string().min(1).max(200);

export const chatRequest = z
  .strictObject({
    model: z.string().min(1).max(200).describe('One of GET /v1/models.'),
    messages: z.array(chatMessage).min(1).max(1000),
    max_completion_tokens: z.number().int().min(1).max(1_000_000).nullish().describe('Most tokens of the answer; default 1024.'),
    max_tokens: z.number().int().min(1).max(1_000_000).nullish().describe('The older name of max_completion_tokens.'),
    temperature: z.number().min(0).max(2).nullish().describe('0 is greedy; the default is what the checkpoint says.'),
    top_p: z.number().gt(0).max(1).nullish(),
    seed: z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER).nullish().describe('Same seed, same answer.'),
    stop: z.union([stopText, z.array(stopText).max(4)]).nullish(),
    n: z.literal(1).nullish(),
    stream: z.boolean().nullish(),
    stream_options: z.strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.literal(false).optional() }).nullish(),
    logprobs: z.boolean().nullish(),
    top_logprobs: z.number().int().min(0).max(20).nullish(),
    response_format: responseFormat.optional(),
    tools: z.array(z.strictObject({ type: z.literal('function'), function: toolFunction })).min(1).max(128).optional(),
    tool_choice: toolChoice.optional(),
    parallel_tool_calls: z.boolean().optional(),
    frequency_penalty: z.literal(0).nullish(),
    presence_penalty: z.literal(0).nullish(),
    store: z.boolean().nullish().describe('Answers are kept for CHAT_KEEP_SECONDS either way.'),
    user: z.string().max(512).optional(),
    metadata: z.record(z.string(), z.string()).nullish(),
    grounding: z
      .union([z.boolean(), z.strictObject({ media: z.number().int().min(0) })])
      .optional()
      .describe('Boxes and points of the answer in pixels of the original: of the only picture or video, or of the one with this index in `media`.'),
    document: z.boolean().optional().describe('The answer is QwenVL HTML: return its blocks and Markdown too.'),
  })
  .refine((body) => body.top_logprobs == null || body.logprobs === true, { path: ['top_logprobs'], message: 'needs logprobs: true' })
  .refine((body) => body.stream_options == null || body.stream === true, { path: ['stream_options'], message: 'needs stream: true' })
  .refine((body) => body.tool_choice === undefined || body.tool_choice === 'none' || body.tools !== undefined, { path: ['tool_choice'], message: 'needs tools' })
  .refine((body) => !body.tools || body.tool_choice === 'none' || (body.response_format?.type ?? 'text') === 'text', {
    path: ['response_format'],
    message: 'cannot be held together with tools; set tool_choice to none',
  });

export type ChatBody = z.infer<typeof chatRequest>;

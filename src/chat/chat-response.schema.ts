// The answer of a conversation as the API shows it.
import { z } from 'zod';

const tokenLogprob = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number().int()) });

const logprobs = z.object({ content: z.array(tokenLogprob.extend({ top_logprobs: z.array(tokenLogprob) })) }).nullable();

const toolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const box = z.array(z.number()).describe('left, top, right, bottom in pixels of the original.');

const medium = z
  .object({
    type: z.enum(['image', 'video']),
    tokens: z.number().int(),
    width: z.number().int().describe('Pixels as the model saw them: what it writes as boxes and points counts in these.'),
    height: z.number().int(),
    original_width: z.number().int(),
    original_height: z.number().int(),
    image_grid_thw: z.array(z.number().int()).optional(),
    video_grid_thw: z.array(z.number().int()).optional(),
    effective_fps: z.number().optional(),
    second_per_grid_ts: z.number().optional(),
    start_time: z.number().optional().describe('The range that was looked at; times in the answer count from the first of frame_times.'),
    end_time: z.number().optional(),
    frame_times: z.array(z.number()).optional().describe('Seconds of the video.'),
  })
  .meta({ id: 'ChatMedium' });

const groundingItem = z.object({
  kind: z.enum(['box', 'point']),
  label: z.string().nullable(),
  bbox_2d: box.optional(),
  point_2d: z.array(z.number()).optional().describe('x, y in pixels of the original.'),
  media: z.number().int().describe('Index in `media`.'),
});

const document = z.object({
  blocks: z.array(z.object({ kind: z.string(), level: z.number().int().optional(), bbox: box.nullable(), image_bbox: box.optional(), text: z.string(), markdown: z.string() })),
  markdown: z.string(),
});

const usage = z.object({ prompt_tokens: z.number().int(), completion_tokens: z.number().int(), total_tokens: z.number().int() });

/** What is told beside OpenAI's own fields. */
const extras = {
  media: z.array(medium).describe('What the model saw, in the order of the messages.'),
  grounding: z.array(groundingItem).optional(),
  grounding_unparsed: z.number().int().optional().describe('Things in the answer that look like places and cannot be read.'),
  document: document.optional(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })).describe('What to know of the model before its answer is believed.'),
};

export const chatCompletion = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.number().int(),
    model: z.string(),
    system_fingerprint: z.string().describe('Hash of the checkpoint.'),
    choices: z.array(
      z.object({
        index: z.literal(0),
        message: z.object({ role: z.literal('assistant'), content: z.string().nullable(), refusal: z.null(), tool_calls: z.array(toolCall).optional() }),
        logprobs,
        finish_reason: z.enum(['stop', 'length', 'tool_calls']),
      }),
    ),
    usage,
    ...extras,
  })
  .meta({ id: 'ChatCompletion' });

export type ChatCompletionResource = z.infer<typeof chatCompletion>;
export type FinishReason = ChatCompletionResource['choices'][number]['finish_reason'];
export type ChatExtras = Pick<ChatCompletionResource, keyof typeof extras>;

/** One event of a stream. */
export interface ChatChunk extends Partial<ChatExtras> {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly {
    readonly index: 0;
    readonly delta: { readonly role?: 'assistant'; readonly content?: string; readonly tool_calls?: readonly (z.infer<typeof toolCall> & { readonly index: number })[] };
    readonly logprobs: z.infer<typeof logprobs>;
    readonly finish_reason: FinishReason | null;
  }[];
  readonly usage?: z.infer<typeof usage> | null;
}

export const modelResource = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.number().int().describe('When the first of the workers that serve it came up.'),
    owned_by: z.literal('secondsight'),
    hash: z.string(),
    parameters: z.number().int(),
    limitation: z.string().nullable().describe('What to know before its answers are believed.'),
    window_seconds: z.number().nullable().describe('Seconds of video that it is asked about at a time, where its folder says so.'),
    fps: z.number().nullable().describe('Frames a second at which it is best asked.'),
    calibrated: z.boolean().describe('How sure its answers say to be was fitted on questions with known answers.'),
    trained_for: z.array(z.string()).nullable().describe('What it was trained to be asked for; of anything else its answers mean nothing. null: its folder does not say.'),
    figures: z.array(z.object({ name: z.string(), value: z.string(), of: z.string().describe('What it was measured on, and by what command.') })),
  })
  .meta({ id: 'Model' });

export const modelList = z.object({ object: z.literal('list'), data: z.array(modelResource) }).meta({ id: 'ModelList' });

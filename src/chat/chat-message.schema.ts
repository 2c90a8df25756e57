// The messages of a conversation, as OpenAI writes them, with pictures and videos.
import { z } from 'zod';
import { range, sampling } from '../analysis/index.js';
import { storable } from '../platform/http/text.js';

const MOST_CHARACTERS = 1_000_000;

const text = z.string().max(MOST_CHARACTERS).refine(storable, { message: 'must not contain NUL or half of a surrogate pair' });

/** Checked by what it is: a data: URL is as long as its file. */
const address = z.string().min(1);
const pixels = z.number().int().min(784).max(12_845_056).optional();

const textPart = z.strictObject({ type: z.literal('text'), text });

const imagePart = z
  .strictObject({
    type: z.literal('image_url'),
    image_url: z.strictObject({ url: address.describe('`data:` with base64, or an https address.'), detail: z.literal('auto').optional() }),
    min_pixels: pixels.describe('Least pixels after resizing; default 3136.'),
    max_pixels: pixels.describe('Most pixels after resizing; default 12845056.'),
  })
  .refine(({ min_pixels: least, max_pixels: most }) => least === undefined || most === undefined || least <= most, { path: ['max_pixels'], message: 'must not be below min_pixels' });

const videoPart = z
  .strictObject({
    type: z.literal('video_url'),
    video_url: z.strictObject({ url: address.describe('`secondsight://videos/{id}`, `data:` with base64, or an https address.') }),
    ...range,
    ...Object.fromEntries(['fps', 'max_frames', 'min_pixels', 'max_pixels', 'total_pixels'].map((key) => [key, z.number().optional()])),
  })
  .transform(({ type, video_url, start_time, end_time, ...sampled }, context) => {
    const result = sampling.safeParse(sampled);
    if (!result.success) for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path: [...path], message });
    return { type, video_url, start_time, end_time, sampling: result.data ?? {} };
  })
  .refine((part) => part.end_time === undefined || part.end_time > (part.start_time ?? 0), { path: ['end_time'], message: 'must be after start_time' });

const texts = z.union([text, z.array(textPart).min(1)]);

const toolCall = z.strictObject({
  id: z.string().min(1).max(200),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string().min(1).max(64), arguments: text.describe('A JSON object, as text.') }),
});

const system = z.strictObject({ role: z.enum(['system', 'developer']), content: texts, name: z.string().max(64).optional() });
const user = z.strictObject({
  role: z.literal('user'),
  content: z.union([text, z.array(z.discriminatedUnion('type', [textPart, imagePart, videoPart])).min(1)]),
  name: z.string().max(64).optional(),
});
const assistant = z.strictObject({
  role: z.literal('assistant'),
  content: texts.nullish(),
  tool_calls: z.array(toolCall).max(128).optional(),
  refusal: z.null().optional(),
  name: z.string().max(64).optional(),
});
const tool = z.strictObject({ role: z.literal('tool'), content: texts, tool_call_id: z.string().min(1).max(200) });

export const chatMessage = z.discriminatedUnion('role', [system, user, assistant, tool]);
export type ChatMessageBody = z.infer<typeof chatMessage>;
export type ImagePart = z.infer<typeof imagePart>;
export type VideoPart = z.infer<typeof videoPart>;

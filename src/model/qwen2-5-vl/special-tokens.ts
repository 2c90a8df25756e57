// The special tokens of the family: their texts, which are the same in every checkpoint, and their published ids.

/** Spec 1.3, in the order of their ids. A checkpoint with another vocabulary has the same texts under other ids: read those from its tokenizer. */
const ADDED_TOKENS = [
  '<|endoftext|>', '<|im_start|>', '<|im_end|>',
  '<|object_ref_start|>', '<|object_ref_end|>', '<|box_start|>', '<|box_end|>', '<|quad_start|>', '<|quad_end|>',
  '<|vision_start|>', '<|vision_end|>', '<|vision_pad|>', '<|image_pad|>', '<|video_pad|>',
  '<tool_call>', '</tool_call>',
  '<|fim_prefix|>', '<|fim_middle|>', '<|fim_suffix|>', '<|fim_pad|>', '<|repo_name|>', '<|file_sep|>',
] as const;

export type AddedToken = (typeof ADDED_TOKENS)[number];

const FIRST_ADDED_ID = 151_643;

/** Published id of each added token. */
export const PUBLISHED_IDS = Object.fromEntries(ADDED_TOKENS.map((token, k) => [token, FIRST_ADDED_ID + k])) as Readonly<Record<AddedToken, number>>;

/** Texts that people may not write: the tool tags are ordinary text by the tokenizer's own flags. */
const RESERVED = ADDED_TOKENS.filter((token) => token.startsWith('<|'));

/** The first special token spelled out in a text, if there is one. */
export function findSpecialToken(text: string): AddedToken | undefined {
  return RESERVED.find((token) => text.includes(token));
}

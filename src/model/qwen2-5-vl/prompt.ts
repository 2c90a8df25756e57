// Renders a conversation with the published chat template, and widens its image and video placeholders to their token counts.
import { AppError } from '../../app-error.js';
import { type Grid, tokensOf } from './patches.js';
import { findSpecialToken } from './special-tokens.js';
import { ANSWER_BEGIN, ANSWER_END, callText, findToolTag, type ToolCall, toolsSection } from './tool-format.js';

/** Extra keys, such as the address of the picture, are carried along and ignored. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' | 'image_url'; readonly [key: string]: unknown }
  | { readonly type: 'video'; readonly [key: string]: unknown };

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | readonly ContentPart[];
  /** Of the assistant: the calls that follow its words. */
  readonly calls?: readonly ToolCall[] | undefined;
}

export interface RenderOptions {
  /** End with the beginning of the assistant's turn. Default true. */
  readonly addGenerationPrompt?: boolean;
  /** Name pictures and videos ("Picture 1: ", "Video 1: "). Default false. */
  readonly addVisionId?: boolean;
  /** Functions that the model may call, as their caller describes them. */
  readonly tools?: readonly object[] | undefined;
}

const DEFAULT_SYSTEM = 'You are a helpful assistant.';
const IMAGE_PAD = '<|image_pad|>';
const VIDEO_PAD = '<|video_pad|>';

/** A turn of a conversation in the template's own terms: text, pictures and videos alone. */
export interface PlainTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: readonly ContentPart[];
}

/**
 * Spec 1.4: any system message of the caller, even an empty one, replaces the default. Tools are told in the system message; calls and what
 * tools answered become text, and answers in a row one turn of the user. Throws `prompt.special_token` where a text spells out a special
 * token, which would end a turn or ask for pictures that are not there.
 */
export function plainTurns(messages: readonly ChatMessage[], tools: readonly object[] = []): PlainTurn[] {
  for (const message of messages) refuseSpecialTokens(message);
  refuse(findSpecialToken(JSON.stringify(tools)));
  const section = tools.length > 0 ? toolsSection(tools) : '';
  const [first] = messages;
  const turns: { role: PlainTurn['role']; content: ContentPart[] }[] = [];
  if (first?.role !== 'system') turns.push({ role: 'system', content: [text(DEFAULT_SYSTEM + section)] });
  for (const [k, message] of messages.entries()) {
    const { role } = message;
    const content = contentOf(message);
    if (role === 'tool' && messages[k - 1]?.role === 'tool') turns.at(-1)?.content.push(text('\n'), ...content);
    else if (role === 'tool') turns.push({ role: 'user', content });
    else turns.push({ role, content: k === 0 && role === 'system' ? [...content, text(section)] : content });
  }
  return turns;
}

/** Spec 1.4: nothing is inserted between parts. Throws `prompt.special_token`, see `plainTurns`. */
export function renderChat(messages: readonly ChatMessage[], { tools = [], ...options }: RenderOptions = {}): string {
  return renderTurns(plainTurns(messages, tools), options);
}

/** The turns as the template writes them. */
export function renderTurns(turns: readonly PlainTurn[], { addGenerationPrompt = true, addVisionId = false }: Omit<RenderOptions, 'tools'> = {}): string {
  const counters = { Picture: 0, Video: 0 };
  const vision = (name: 'Picture' | 'Video', pad: string): string => {
    counters[name] += 1;
    return `${addVisionId ? `${name} ${counters[name]}: ` : ''}<|vision_start|>${pad}<|vision_end|>`;
  };
  const renderPart = (part: ContentPart): string => {
    const kind = kindOf(part);
    if (kind === 'text') return textOf(part);
    return kind === 'image' ? vision('Picture', IMAGE_PAD) : vision('Video', VIDEO_PAD);
  };
  const rendered = turns.map(({ role, content }) => `<|im_start|>${role}\n${content.map(renderPart).join('')}<|im_end|>\n`).join('');
  return addGenerationPrompt ? `${rendered}<|im_start|>assistant\n` : rendered;
}

const text = (words: string): ContentPart => ({ type: 'text', text: words });

/** What a message says, with the calls that follow its words, or the tags around what a tool answered. */
function contentOf({ role, content, calls = [] }: ChatMessage): ContentPart[] {
  const parts = typeof content === 'string' ? [text(content)] : [...content];
  if (role === 'tool') return [text(ANSWER_BEGIN), ...parts, text(ANSWER_END)];
  if (calls.length === 0) return parts;
  const isEmpty = parts.every((part) => kindOf(part) === 'text' && textOf(part) === '');
  return [...(isEmpty ? [] : [...parts, text('\n')]), text(calls.map(callText).join('\n'))];
}

/** The first match wins; the keys matter as much as the type. */
function kindOf(part: ContentPart): 'image' | 'video' | 'text' {
  if (part.type === 'image' || 'image' in part || 'image_url' in part) return 'image';
  return part.type === 'video' || 'video' in part ? 'video' : 'text';
}

const textOf = (part: ContentPart): string => ('text' in part && typeof part.text === 'string' ? part.text : '');

/** Neighbouring texts are looked at as one, since that is how the tokenizer will see them. */
function refuseSpecialTokens({ role, content, calls = [] }: ChatMessage): void {
  const text = typeof content === 'string' ? content : content.map((part) => (kindOf(part) === 'text' ? textOf(part) : '\n')).join('');
  refuse(findSpecialToken(role) ?? findSpecialToken(text) ?? findSpecialToken(JSON.stringify(calls)) ?? (role === 'assistant' ? undefined : findToolTag(text)));
}

function refuse(token: string | undefined): void {
  if (token === undefined) return;
  throw new AppError('prompt.special_token', `A message contains ${token}, which is reserved; remove it or write it with a space inside.`, {
    details: { token },
  });
}

/**
 * The k-th placeholder of a kind becomes as many of itself as the k-th grid of that kind has tokens.
 * Throws `prompt.grid_mismatch` unless there are exactly as many placeholders as grids.
 */
export function expandPlaceholders(rendered: string, grids: { readonly images?: readonly Grid[]; readonly videos?: readonly Grid[] }): string {
  return expand(expand(rendered, IMAGE_PAD, grids.images ?? []), VIDEO_PAD, grids.videos ?? []);
}

function expand(text: string, pad: string, grids: readonly Grid[]): string {
  const [head = '', ...tails] = text.split(pad);
  if (tails.length !== grids.length) {
    throw new AppError('prompt.grid_mismatch', `The prompt has ${tails.length} ${pad} for ${grids.length} grids.`);
  }
  return tails.reduce((expanded, tail, k) => expanded + pad.repeat(tokensOf(grids[k]!)) + tail, head);
}

// From the body of a request to what the model is asked.
import { randomInt } from 'node:crypto';
import { AppError } from '../app-error.js';
import { compileForm, type WrittenForm } from '../model/grammar/answer-grammar.js';
import { checkDocument } from '../model/grammar/schema-document.js';
import { type ChatMessage, type ContentPart, renderChat } from '../model/qwen2-5-vl/prompt.js';
import { CALL_TAGS, type ToolCall } from '../model/qwen2-5-vl/tool-format.js';
import { type StoredQuestion, type StoredWishes } from './chat-completion.entity.js';
import { type ChatMessageBody, type ImagePart, type VideoPart } from './chat-message.schema.js';
import { type ChatBody } from './chat-request.schema.js';

const [OPENING, CLOSING] = CALL_TAGS;

/** Rejects with `prompt.special_token`, `schema.unsupported` or `chat.arguments_not_json`, before anything is kept. */
export function questionOf(body: ChatBody): Omit<StoredQuestion, 'media'> {
  const messages = body.messages.map(messageOf);
  const tools = body.tool_choice === 'none' ? [] : (body.tools ?? []);
  tools.forEach((tool, k) => under(`tools[${k}]`, () => checkDocument({ ...tool })));
  renderChat(messages, { tools });
  const form = formOf(body);
  const stop = [body.stop ?? []].flat();
  return {
    messages,
    tools,
    begun: form?.kind === 'call' ? `${OPENING}\n` : '',
    form,
    maxNewTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    seed: body.seed ?? randomInt(2 ** 32),
    // the model closes one call before it begins another
    stop: tools.length > 0 && body.parallel_tool_calls === false ? [...stop, CLOSING] : stop,
    topLogprobs: body.top_logprobs ?? 0,
  };
}

/** Rejects with `chat.grounding_ambiguous`. */
export function wishesOf(body: ChatBody): StoredWishes {
  const media = mediaOf(body).length;
  const { grounding = false } = body;
  const index = typeof grounding === 'object' ? grounding.media : 0;
  const isFound = typeof grounding === 'object' ? index < media : media === 1;
  if (grounding !== false && !isFound) {
    throw new AppError('chat.grounding_ambiguous', `The messages hold ${media} pictures and videos; say which one is meant: grounding: {"media": 0}.`);
  }
  return {
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
    logprobs: body.logprobs ?? false,
    grounding: grounding === false ? undefined : index,
    document: body.document ?? false,
  };
}

/** Pictures and videos in the order of the messages. */
export const mediaOf = ({ messages }: Pick<ChatBody, 'messages'>): (ImagePart | VideoPart)[] =>
  messages.flatMap((message) => (message.role === 'user' && typeof message.content !== 'string' ? message.content.filter((part) => part.type !== 'text') : []));

function messageOf(message: ChatMessageBody): ChatMessage {
  const content = contentOf(message.content ?? '');
  if (message.role === 'developer') return { role: 'system', content };
  if (message.role !== 'assistant' || !message.tool_calls) return { role: message.role, content };
  return { role: 'assistant', content, calls: message.tool_calls.map((call) => ({ name: call.function.name, arguments: argumentsOf(call.function) })) };
}

function contentOf(content: string | readonly ({ type: 'text'; text: string } | ImagePart | VideoPart)[]): ChatMessage['content'] {
  if (typeof content === 'string') return content;
  return content.map((part): ContentPart => (part.type === 'text' ? part : { type: part.type === 'image_url' ? 'image' : 'video' }));
}

function argumentsOf({ name, arguments: text }: { name: string; arguments: string }): ToolCall['arguments'] {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      checkDocument(value as ToolCall['arguments']);
      return value as ToolCall['arguments'];
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
  }
  throw new AppError('chat.arguments_not_json', `The arguments of the call of ${name} are no JSON object.`);
}

/** What the answer is held to; what it cannot be held to is refused by its path. */
function formOf({ response_format: format, tools = [], tool_choice: choice }: ChatBody): WrittenForm | undefined {
  if (format?.type === 'json_object') return { kind: 'object' };
  if (format?.type === 'json_schema') {
    const form = { kind: 'json', schema: format.json_schema.schema } as const;
    under('response_format.json_schema.schema', () => compileForm(form));
    return form;
  }
  if (choice === undefined || choice === 'auto' || choice === 'none') return undefined;
  const callable = tools
    .map(({ function: { name, parameters } }, k) => ({ name, parameters, path: `tools[${k}].function.parameters` }))
    .filter(({ name }) => choice === 'required' || name === choice.function.name);
  if (callable.length === 0) throw new AppError('request.invalid', 'tool_choice: names no tool.', { details: { errors: [{ path: 'tool_choice', message: 'names no tool' }] } });
  for (const { path, ...tool } of callable) under(path, () => compileForm({ kind: 'call', tools: [tool] }));
  return { kind: 'call', tools: callable.map(({ name, parameters }) => ({ name, parameters })) };
}

/** A schema is refused by its path in the body. */
function under(where: string, check: () => unknown): void {
  try {
    check();
  } catch (cause) {
    if (!(cause instanceof AppError && cause.code === 'schema.unsupported')) throw cause;
    const inside = cause.details?.['path'];
    const own = typeof inside === 'string' ? inside : '$';
    const path = where + own.slice(1); // behind the $ that stands for the whole
    const why = cause.message.slice(own.length); // with the colon before it
    throw new AppError(cause.code, path + why, { cause, details: { path, errors: [{ path, message: why.replace(/^: /, '') }] } });
  }
}

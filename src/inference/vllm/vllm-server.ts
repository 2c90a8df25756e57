// One vLLM server: puts conversations to it, and believes an answer only when the server saw every token that it was shown.
import { AppError } from '../../app-error.js';
import { type PlainTurn, renderTurns } from '../../model/qwen2-5-vl/prompt.js';
import { type Timing } from '../../platform/config/remote-model.js';
import { type ConnectionSettings, type SendOptions, ServerConnection } from './connection.js';
import { type Completion, completion, type CompletionChunk, completionChunk, modelList, serverVersion, tokenized } from './protocol.js';
import { mediaFields, show, type Showing, type ShownMedium } from './shown-media.js';

export interface Question {
  readonly turns: readonly PlainTurn[];
  /** In the order of the parts that stand for them. */
  readonly media: readonly ShownMedium[];
  /** What the assistant's turn begins with. */
  readonly begun?: string;
  readonly maxTokens: number;
  /** Further fields of the request: how tokens are chosen, what is told of them, what the answer is held to. */
  readonly fields: object;
}

export interface ServerSettings extends ConnectionSettings {
  /** Absent: the only one that the server has. */
  readonly model?: string | undefined;
  readonly timing: Timing;
}

export interface ServedModel {
  readonly id: string;
  /** Tokens of prompt and answer together; undefined where the server does not tell. */
  readonly contextTokens: number | undefined;
}

/** Texts whose tokens are known: one question is put to many windows. */
const KEPT_TEXTS = 256;

export class VllmServer {
  private readonly connection: ServerConnection;
  private readonly known = new Map<string, Promise<readonly number[]>>();
  private served: ServedModel | undefined;
  /** As the server named its own build while it was examined; replies of another one are not believed. */
  private fingerprint: string | undefined;

  constructor(readonly settings: ServerSettings) {
    this.connection = new ServerConnection(settings);
  }

  get name(): string {
    return this.connection.name;
  }

  get url(): string {
    return this.settings.url;
  }

  /** As it was when the server was examined. */
  get model(): ServedModel {
    if (!this.served) throw new Error(`${this.name} has not been examined`);
    return this.served;
  }

  /** Looks at what the server has, and forgets what was known of it. Throws `inference.server_misconfigured` where the model is not there. */
  async look(options: SendOptions): Promise<ServedModel> {
    this.known.clear();
    this.fingerprint = undefined;
    const { data } = await this.connection.get('/v1/models', modelList, options);
    const { model } = this.settings;
    const [only, ...others] = data;
    const found = model === undefined ? (others.length === 0 ? only : undefined) : data.find(({ id }) => id === model);
    const names = data.map(({ id }) => id).join(', ');
    if (!found) {
      const wanted = model === undefined ? 'VLLM_MODEL must name one of them' : `not ${model}, which VLLM_MODEL names`;
      throw new AppError('inference.server_misconfigured', `${this.name} serves ${names || 'nothing'}; ${wanted}.`);
    }
    this.served = { id: found.id, contextTokens: found.max_model_len ?? undefined };
    return this.served;
  }

  /** Undefined where the server does not tell, as behind some proxies. */
  async version(options: SendOptions): Promise<string | undefined> {
    try {
      return (await this.connection.get('/version', serverVersion, options)).version;
    } catch (error) {
      if (error instanceof AppError && ['inference.server_misconfigured', 'inference.reply_invalid'].includes(error.code)) return undefined;
      throw error;
    }
  }

  /** Ids of a text; special tokens that are spelled out are themselves. */
  tokens(text: string, options: SendOptions = {}): Promise<readonly number[]> {
    let tokens = this.known.get(text);
    if (!tokens) {
      const body = { model: this.model.id, prompt: text, add_special_tokens: false };
      tokens = this.connection.post('/tokenize', body, tokenized, options).then((reply) => reply.tokens);
      this.known.set(text, tokens);
      tokens.catch(() => this.known.delete(text));
      const [oldest] = this.known.keys();
      if (this.known.size > KEPT_TEXTS && oldest !== undefined) this.known.delete(oldest);
    }
    return tokens;
  }

  /** Throws `inference.frames_lost` where the server saw another number of tokens, and `inference.server_changed` where another build answered. */
  async ask(question: Question, options: SendOptions = {}): Promise<Completion> {
    const prompt = layOut(question, this.settings.timing);
    const expected = await this.promptTokens(prompt, options);
    const reply = await this.connection.post('/v1/chat/completions', this.body(question, prompt), completion, options);
    this.check(reply, expected);
    return reply;
  }

  /** As `ask`, in pieces: nothing is yielded before the number of tokens is known to be right. */
  async *stream(question: Question, options: SendOptions = {}): AsyncGenerator<CompletionChunk, void> {
    const prompt = layOut(question, this.settings.timing);
    const expected = await this.promptTokens(prompt, options);
    const body = { ...this.body(question, prompt), stream: true, stream_options: { include_usage: true, continuous_usage_stats: true } };
    const held: CompletionChunk[] = [];
    let isChecked = false;
    for await (const chunk of this.connection.stream('/v1/chat/completions', body, completionChunk, options)) {
      if (!isChecked && chunk.usage) {
        this.check({ ...chunk, usage: chunk.usage }, expected);
        isChecked = true;
        yield* held.splice(0);
      }
      if (isChecked) yield chunk;
      else held.push(chunk);
    }
    if (!isChecked) throw new AppError('inference.reply_invalid', `${this.name} does not tell how many tokens it saw.`);
  }

  /** Tokens that the prompt has when nothing of it is lost. */
  async promptTokens({ rendered, showings }: LaidOutPrompt, options: SendOptions = {}): Promise<number> {
    const text = (await this.tokens(rendered, options)).length;
    return showings.reduce((sum, { pads, tokens }) => sum + tokens - pads, text);
  }

  private body({ media, begun = '', maxTokens, fields }: Question, { messages }: LaidOutPrompt): object {
    const goesOn = begun === '' ? [] : [{ role: 'assistant', content: begun }];
    return {
      model: this.model.id,
      messages: [...messages, ...goesOn],
      ...(begun !== '' && { add_generation_prompt: false, continue_final_message: true }),
      max_tokens: maxTokens,
      ...mediaFields(media, this.settings.timing),
      ...fields,
    };
  }

  private check({ usage, system_fingerprint: fingerprint }: Pick<Completion, 'usage' | 'system_fingerprint'>, expected: number): void {
    if (usage.prompt_tokens !== expected) {
      const seen = `${this.name} saw ${usage.prompt_tokens} tokens of a prompt that has ${expected}`;
      throw new AppError('inference.frames_lost', `${seen}: it drops, resizes or prunes frames, or has another chat template.`);
    }
    if (this.fingerprint !== undefined && fingerprint && fingerprint !== this.fingerprint) {
      throw new AppError('inference.server_changed', `${this.name} answers as ${fingerprint}, and was examined as ${this.fingerprint}.`);
    }
    this.fingerprint ??= fingerprint ?? undefined;
  }
}

/** A question as it is sent, and as the template will render it. */
export interface LaidOutPrompt {
  readonly messages: readonly object[];
  readonly rendered: string;
  readonly showings: readonly Showing[];
}

export function layOut({ turns, media, begun = '' }: Pick<Question, 'turns' | 'media' | 'begun'>, timing: Timing): LaidOutPrompt {
  const showings = media.map((medium) => show(medium, timing));
  const waiting = [...showings];
  const messages: object[] = [];
  const rendered: PlainTurn[] = [];
  for (const { role, content } of turns) {
    const parts = content.map((part) => (part.type === 'text' ? undefined : waiting.shift()) ?? { sent: [part], rendered: [part] });
    messages.push({ role, content: messageContent(parts.flatMap(({ sent }) => sent)) });
    rendered.push({ role, content: parts.flatMap((part) => part.rendered) });
  }
  return { messages, rendered: renderTurns(rendered) + begun, showings };
}

/** Words alone go as a string, which every template takes. */
function messageContent(parts: readonly object[]): string | readonly object[] {
  const texts = parts.map((part) => ('text' in part && typeof part.text === 'string' ? part.text : undefined));
  return texts.every((text) => text !== undefined) ? texts.join('') : parts;
}

// A vLLM server for tests: its protocol, answered by the bundled checkpoint from the frames and the rate that it is sent, and its faults.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import sharp from 'sharp';
import { AnswerForms } from '../../src/inference/answer-forms.js';
import { generateAnswer } from '../../src/inference/answer.js';
import { type Engine, loadEngine } from '../../src/inference/engine.js';
import { type GeneratedToken } from '../../src/inference/inference.js';
import { type WrittenForm } from '../../src/model/grammar/answer-grammar.js';
import { decoderPrompt } from '../../src/model/qwen2-5-vl/decoder-prompt.js';
import { choiceLogProbabilities } from '../../src/model/qwen2-5-vl/generation.js';
import { multimodalPositions } from '../../src/model/qwen2-5-vl/mrope.js';
import { widenPads } from '../../src/model/qwen2-5-vl/pad-tokens.js';
import { type Grid, patchify, tokensOf } from '../../src/model/qwen2-5-vl/patches.js';
import { type ContentPart, type PlainTurn, renderTurns } from '../../src/model/qwen2-5-vl/prompt.js';
import { seededRandom } from '../../src/model/qwen2-5-vl/seeded-random.js';
import { MODEL } from './bundled-model.js';

/** What the next request for an answer meets. */
export type Mishap = { status: number; headers?: Record<string, string>; body?: string } | 'hang' | 'cut' | 'cut in the middle' | 'not json' | 'wrong count' | 'another build';

/** What kind of server it is; may be changed while it runs. */
export interface Nature {
  version: string | undefined;
  model: string;
  contextTokens: number;
  /** As vLLM 0.24 to 0.30 do: the rate is lost, and every group counts as a twelfth of a second. */
  losesRate: boolean;
  /** As a server that takes its own number of frames for the most: the rest is dropped without a word. */
  mostFrames: number;
  /** False: structured output is off. */
  holdsForms: boolean;
  /** No answer is begun before this is settled. */
  gate: Promise<void>;
  mishaps: Mishap[];
}

interface Body {
  model: string;
  messages: { role: PlainTurn['role']; content: string | Part[] }[];
  max_tokens: number;
  temperature?: number;
  seed?: number;
  stream?: boolean;
  logprobs?: boolean;
  top_logprobs?: number;
  logprob_token_ids?: number[];
  return_tokens_as_token_ids?: boolean;
  continue_final_message?: boolean;
  media_io_kwargs?: { video?: { fps?: number; num_frames?: number } };
  mm_processor_kwargs?: { do_sample_frames?: boolean };
  structured_outputs?: { regex?: string };
  response_format?: { type: 'json_object' } | { type: 'json_schema'; json_schema: { schema: Record<string, unknown> } };
}
type Part = { type: 'text'; text: string } | { type: 'video_url'; video_url: { url: string } } | { type: 'image_url'; image_url: { url: string } };

interface Seen {
  readonly kind: 'video' | 'image';
  readonly features: Float32Array;
  readonly grid: Grid;
}

let engine: Promise<Engine> | undefined;
let turn: Promise<unknown> = Promise.resolve(); // the engine answers one at a time

export class ReplayedVllm {
  readonly nature: Nature;
  /** Bodies of the requests for answers that came, the examination's included. */
  readonly asked: Body[] = [];
  /** Answers that do not match the pattern that they were to hold. */
  readonly broken: string[] = [];
  /** Requests that their caller broke off. */
  left = 0;
  port = 0;

  private constructor(private readonly server: Server, nature: Partial<Nature>) {
    this.nature = { version: '0.33.0', model: 'shapeworld', contextTokens: 32_768, losesRate: false, mostFrames: Infinity, holdsForms: true, gate: Promise.resolve(), mishaps: [], ...nature };
    server.on('request', (request, response) => void this.serve(request, response).catch((error: unknown) => send(response, 500, { error: { message: String(error) } })));
  }

  /** It was asked for seconds between frames at the last of the rates that tell whether it keeps them. */
  get examined(): boolean {
    return this.asked.some(({ media_io_kwargs: told }) => told?.video?.fps === 1);
  }

  static async start(nature: Partial<Nature> = {}, port = 0): Promise<ReplayedVllm> {
    const replayed = new ReplayedVllm(createServer(), nature);
    replayed.server.listen(port, '127.0.0.1');
    await once(replayed.server, 'listening');
    replayed.port = (replayed.server.address() as AddressInfo).port;
    return replayed;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close').catch(() => undefined);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { version, model, contextTokens } = this.nature;
    const body = await bodyOf(request);
    if (request.url === '/v1/models') return send(response, 200, { data: [{ id: model, max_model_len: contextTokens }] });
    if (request.url === '/version') return version === undefined ? send(response, 404, {}) : send(response, 200, { version });
    if (request.url === '/tokenize') {
      const { tokenizer } = await (engine ??= loadEngine(MODEL, { threads: 1 }));
      const tokens = tokenizer.encode((body as { prompt: string }).prompt);
      return send(response, 200, { count: tokens.length, tokens, max_model_len: contextTokens });
    }
    if (request.url !== '/v1/chat/completions') return send(response, 404, { detail: 'Not Found' });
    this.asked.push(body as Body);
    await this.answer(body as Body, response);
  }

  private async answer(body: Body, response: ServerResponse): Promise<void> {
    response.once('close', () => (this.left += response.writableFinished ? 0 : 1));
    await this.nature.gate;
    const mishap = this.nature.mishaps.shift();
    if (mishap === 'hang') return;
    if (mishap === 'cut') return void response.destroy();
    if (mishap === 'not json') return void response.writeHead(200).end('{"choices": [');
    if (typeof mishap === 'object') return void response.writeHead(mishap.status, mishap.headers).end(mishap.body ?? '{}');
    const mine = turn.then(() => this.generate(body));
    turn = mine.catch(() => undefined);
    const { tokens, finishReason, promptTokens } = await mine;
    const usage = { prompt_tokens: promptTokens - (mishap === 'wrong count' ? 3 : 0), completion_tokens: tokens.length };
    const system_fingerprint = `vllm-${this.nature.version}-${mishap === 'another build' ? 'b' : 'a'}`;
    const text = tokens.map((token) => token.text).join('');
    const entries = body.logprobs && body.top_logprobs !== undefined ? await logprobEntries(body, tokens, finishReason) : [];
    if (!body.stream) {
      const logprobs = { content: entries };
      const said = JSON.stringify({ choices: [{ message: { role: 'assistant', content: text }, finish_reason: finishReason, logprobs }], usage, system_fingerprint });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(said) });
      if (mishap !== 'cut in the middle') return void response.end(said);
      response.write(said.slice(0, said.length / 2));
      response.socket?.end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (choices: object[]): void => void response.write(`data: ${JSON.stringify({ choices, usage, system_fingerprint })}\n\n`);
    event([{ delta: { role: 'assistant', content: '' }, finish_reason: null }]);
    for (const [k, entry] of entries.entries()) {
      if (mishap === 'cut in the middle' && k === 2) return void response.socket?.end(); // what was said arrives
      event([{ delta: { content: tokens[k]?.text ?? '' }, logprobs: { content: [entry] }, finish_reason: k === entries.length - 1 ? finishReason : null }]);
    }
    response.end('data: [DONE]\n\n');
  }

  private async generate(body: Body) {
    const { tokenizer, checkpoint, decoder } = await (engine ??= loadEngine(MODEL, { threads: 1 }));
    const { config, generation } = checkpoint;
    const { turns, seen, begun } = await this.see(body);
    const { ids, starts } = widenPads(tokenizer.encode(renderTurns(turns) + begun), config, seen.map(({ grid }) => grid));
    const fps = this.nature.losesRate ? 24 : (body.media_io_kwargs?.video?.fps ?? 1);
    const positions = multimodalPositions({
      inputIds: [ids],
      imageGrids: seen.filter(({ kind }) => kind === 'image').map(({ grid }) => grid),
      videoGrids: seen.filter(({ kind }) => kind === 'video').map(({ grid }) => grid),
      secondPerGrids: seen.filter(({ kind }) => kind === 'video').map(() => bfloat16(2 / fps)),
      tokens: config,
      tokensPerSecond: config.vision.tokensPerSecond,
    });
    const prompt = decoderPrompt(ids, positions, seen.map(({ grid, features }, k) => ({ start: starts[k]!, rows: tokensOf(grid), features })));
    if (body.logprob_token_ids) {
      const logprobs = choiceLogProbabilities(await decoder.prefill(prompt), body.logprob_token_ids, tokenizer.knownTokens);
      const top = body.logprob_token_ids.map((id, k) => ({ id, logprob: logprobs[k]! }));
      const [best] = [...top].sort((a, b) => b.logprob - a.logprob);
      return { tokens: [{ ...best!, text: tokenizer.decode([best!.id]), top }] as GeneratedToken[], finishReason: 'length' as const, promptTokens: ids.length };
    }
    const settings = body.temperature === undefined ? generation : { ...generation, doSample: body.temperature > 0, temperature: body.temperature || 1 };
    const form = this.nature.holdsForms ? formOf(body) : undefined;
    const answer = await generateAnswer(decoder, tokenizer, prompt, {
      ...{ maxNewTokens: body.max_tokens, settings, random: seededRandom(body.seed ?? 0), topLogprobs: body.top_logprobs ?? 0 },
      held: form && new AnswerForms(tokenizer).hold(form, { maxTokens: body.max_tokens, endIds: settings.eosTokenIds }),
    });
    const { regex } = body.structured_outputs ?? {};
    if (regex !== undefined && answer.finishReason === 'stop' && !new RegExp(`^(?:${regex})$`).test(answer.text)) this.broken.push(answer.text);
    return { ...answer, promptTokens: ids.length };
  }

  /** What the server makes of the messages: its own template, and frames cut at the number it was told, 32 where it was told none. */
  private async see(body: Body): Promise<{ turns: PlainTurn[]; seen: Seen[]; begun: string }> {
    const seen: Seen[] = [];
    const turns: PlainTurn[] = [];
    const most = Math.min(this.nature.mostFrames, body.media_io_kwargs?.video?.num_frames ?? 32);
    for (const { role, content } of body.messages) {
      const parts: ContentPart[] = [];
      for (const part of typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content) {
        if (part.type === 'text') parts.push(part);
        else {
          const isVideo = part.type === 'video_url';
          seen.push(isVideo ? await look('video', part.video_url.url, 'data:video/jpeg;base64,', most) : await look('image', part.image_url.url, 'data:image/png;base64,', 1));
          parts.push({ type: isVideo ? 'video' : 'image' });
        }
      }
      turns.push({ role, content: parts });
    }
    if (turns[0]?.role !== 'system') turns.unshift({ role: 'system', content: [{ type: 'text', text: 'You are a helpful assistant.' }] });
    const begun = body.continue_final_message ? turns.pop()?.content.map((part) => ('text' in part ? String(part['text']) : '')).join('') : '';
    return { turns, seen, begun: begun ?? '' };
  }
}

async function look(kind: Seen['kind'], url: string, prefix: string, most: number): Promise<Seen> {
  if (!url.startsWith(prefix)) throw new Error(`cannot read ${url.slice(0, 40)}`);
  const files = url.slice(prefix.length).split(',').slice(0, most).map((part) => Buffer.from(part, 'base64'));
  const frames = await Promise.all(files.map((file) => sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })));
  const { width, height } = frames[0]!.info;
  const { pixelValues, grid } = patchify(frames.map(({ data }) => data), height, width);
  return { kind, grid, features: await (await engine!).tower.encode(pixelValues, grid) };
}

function formOf({ response_format: format }: Body): WrittenForm | undefined {
  if (format?.type === 'json_object') return { kind: 'object' };
  return format ? { kind: 'json', schema: format.json_schema.schema } : undefined;
}

/** Also for the token that ends an answer, which a server tells with the others. */
async function logprobEntries(body: Body, tokens: readonly GeneratedToken[], finishReason: 'stop' | 'length'): Promise<object[]> {
  const { tokenizer } = await engine!;
  const nameOf = (id: number, text: string): string => (body.return_tokens_as_token_ids ? `token_id:${id}` : text);
  const entries = tokens.map(({ id, text, logprob, top = [] }) => ({
    ...{ token: nameOf(id, text), logprob, bytes: [...Buffer.from(text)] },
    top_logprobs: top.map((each) => ({ token: nameOf(each.id, tokenizer.decode([each.id])), logprob: Math.max(each.logprob, -9999), bytes: null })),
  }));
  return finishReason === 'stop' ? [...entries, { token: nameOf(756, '<|im_end|>'), logprob: -0.1, bytes: null, top_logprobs: [] }] : entries;
}

/** Eight significant bits, the nearest even one: what a server does to the seconds between groups. */
function bfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0]!;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const text = Buffer.concat(await request.toArray()).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

function send(response: ServerResponse, status: number, value: unknown): void {
  if (!response.headersSent) response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

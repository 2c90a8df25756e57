// Conversations with the running product by the official client: what is echoed, counted, streamed, held to a form, refused and canceled.
import { readFile } from 'node:fs/promises';
import OpenAI, { type APIError } from 'openai';
import pg from 'pg';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type VideoJson } from '../../src/cli/api-client.js';
import { type ChatCompletionResource } from '../../src/chat/chat-response.schema.js';
import { loadTokenizer, type TextTokenizer } from '../../src/inference/text-tokenizer.js';
import { groundingPrompt } from '../../src/model/grounding/prompts.js';
import { type ChatMessage, renderChat } from '../../src/model/qwen2-5-vl/prompt.js';
import { type MomentsResource } from '../../src/moments/moment.schema.js';
import { MODEL, NOTES } from '../medium/bundled-model.js';
import { startCheckedProduct } from './checked-product.js';
import { demoClip, type RunningProduct } from './running-product.js';

const NAME = NOTES.name;
const QUESTION = groundingPrompt('red triangle grows');

let product: RunningProduct;
let openai: OpenAI;
let video: VideoJson;
let clip: Buffer;
let tokenizer: TextTokenizer;
let database: pg.Client;

beforeAll(async () => {
  product = await startCheckedProduct();
  openai = new OpenAI({ baseURL: `${product.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
  video = await new ApiClient(product.baseUrl).upload(demoClip('short_30s'));
  clip = await readFile(demoClip('short_30s'));
  tokenizer = await loadTokenizer(MODEL);
  database = new pg.Client({ connectionString: product.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await product?.stop();
});

async function post<T>(path: string, body: object): Promise<T> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await (await fetch(product.baseUrl + path, init)).json()) as T;
}

type Body = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'model' | 'messages'> & { grounding?: unknown; document?: boolean };
type Part = Record<string, unknown>;

const text = (words: string): Part => ({ type: 'text', text: words });
const own = (more: Part = {}): Part => ({ type: 'video_url', video_url: { url: `secondsight://videos/${video.id}` }, fps: 2, ...more });
const sent = (more: Part = {}): Part => ({ type: 'video_url', video_url: { url: `data:video/mp4;base64,${clip.toString('base64')}` }, fps: 2, ...more });
const user = (...content: Part[]): OpenAI.ChatCompletionMessageParam => ({ role: 'user', content: content as never });

async function picture(width: number, height: number): Promise<Part> {
  const png = await sharp({ create: { width, height, channels: 3, background: 'teal' } }).png().toBuffer();
  return { type: 'image_url', image_url: { url: `data:image/png;base64,${png.toString('base64')}` } };
}

const ask = async (messages: OpenAI.ChatCompletionMessageParam[], body: Body = {}): Promise<ChatCompletionResource> =>
  (await openai.chat.completions.create({ model: NAME, messages, ...body } as OpenAI.ChatCompletionCreateParamsNonStreaming)) as unknown as ChatCompletionResource;

async function refusal(messages: OpenAI.ChatCompletionMessageParam[], body: object = {}): Promise<APIError> {
  return ask(messages, body).then(
    () => expect.fail('was answered'),
    (error: unknown) => error as APIError,
  );
}

/** Tokens of the text alone, with one for each picture and video. */
const tokensOf = (messages: readonly ChatMessage[], tools: readonly object[] = []): number => tokenizer.encode(renderChat(messages, { tools })).length;

describe('a question about a video', () => {
  it('is answered as the search for moments is answered, word by word, and says what was seen', async () => {
    const moments = await post<MomentsResource>(`/v1/videos/${video.id}/moments`, { query: 'red triangle grows' });
    const window = moments.searched!.windows.find(({ answer }) => answer !== null)!;
    const [groups, range] = [window.frames! / 2, { start_time: window.start_time, end_time: window.end_time }];
    const answer = await ask([user(own({ ...range, fps: window.effective_fps }), text(QUESTION))]);
    expect(answer.choices[0]).toMatchObject({ message: { role: 'assistant', content: window.answer }, finish_reason: 'stop' });
    expect(answer.media).toMatchObject([
      {
        ...{ type: 'video', width: 112, height: 112, original_width: 112, original_height: 112, tokens: 16 * groups, video_grid_thw: [groups, 8, 8] },
        ...{ effective_fps: window.effective_fps, second_per_grid_ts: window.second_per_grid_ts, ...range },
      },
    ]);
    expect(answer.media[0]!.frame_times).toHaveLength(window.frames!);
    const words = tokensOf([{ role: 'user', content: [{ type: 'video' }, { type: 'text', text: QUESTION }] }]);
    expect(answer.usage.prompt_tokens).toBe(words - 1 + 16 * groups);
    expect(answer.usage.completion_tokens).toBe(tokenizer.encode(window.answer!).length);
  });

  it('is answered the same about the same video when it is sent along, and about each of several pictures and videos', async () => {
    const [stored, along] = await Promise.all([own(), sent()].map((part) => ask([user(part, text(QUESTION))])));
    expect(along!.choices).toEqual(stored!.choices);
    expect(along!.media).toEqual(stored!.media);
    const many = await ask([user(await picture(300, 200), own({ fps: 1, end_time: 10 }), text('and'), await picture(40, 40), sent({ start_time: 5 }), text(QUESTION))], { max_completion_tokens: 4 });
    expect(many.media.map(({ type, image_grid_thw, video_grid_thw }) => [type, image_grid_thw ?? video_grid_thw])).toEqual([
      ['image', [1, 6, 10]],
      ['video', [5, 8, 8]],
      ['image', [1, 4, 4]],
      ['video', [25, 8, 8]],
    ]);
    const content = [{ type: 'image' }, { type: 'video' }, { type: 'text', text: 'and' }, { type: 'image' }, { type: 'video' }, { type: 'text', text: QUESTION }] as const;
    expect(many.usage.prompt_tokens).toBe(tokensOf([{ role: 'user', content }]) - 4 + 15 + 80 + 4 + 400);
    expect(many.choices[0]!.finish_reason).toBe('length');
    expect(many.usage.completion_tokens).toBe(4);
  });

  it('may be one of many turns, with a system message, or about nothing that is seen', async () => {
    const turns = await ask([{ role: 'system', content: 'Be brief.' }, user(own(), text(QUESTION)), { role: 'assistant', content: 'The given query' }, user(text('Go on.'))], { max_tokens: 3 });
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'video' }, { type: 'text', text: QUESTION }] },
      { role: 'assistant', content: 'The given query' },
      { role: 'user', content: 'Go on.' },
    ] as const;
    expect(turns.usage.prompt_tokens).toBe(tokensOf(messages) - 1 + 480);
    const words = await ask([{ role: 'user', content: 'Hello.' }], { max_tokens: 3 });
    expect([words.usage.prompt_tokens, words.media]).toEqual([tokensOf([{ role: 'user', content: 'Hello.' }]), []]);
  });
});

describe('an answer', () => {
  it('streams the words that it would have had at once, with usage and what was seen at its end', async () => {
    const whole = await ask([user(own(), text(QUESTION))], { logprobs: true, top_logprobs: 3 });
    const stream = await openai.chat.completions.create({
      ...{ model: NAME, messages: [user(own(), text(QUESTION))], logprobs: true, top_logprobs: 3 },
      ...{ stream: true, stream_options: { include_usage: true } },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(whole.choices[0]!.message.content);
    expect(chunks.flatMap((chunk) => chunk.choices[0]?.logprobs?.content ?? [])).toEqual(whole.choices[0]!.logprobs!.content);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
    expect(chunks.at(-2)).toMatchObject({ choices: [{ delta: {}, finish_reason: 'stop' }], media: whole.media });
    for (const { token, logprob, bytes, top_logprobs: top } of whole.choices[0]!.logprobs!.content) {
      expect(Buffer.from(bytes).toString()).toBe(token);
      expect(top).toHaveLength(3);
      expect(top[0]).toEqual({ token, logprob, bytes }); // the bundled checkpoint is greedy
    }
    const shown = await fetch(`${product.baseUrl}/v1/chat/completions/${chunks[0]!.id}`);
    expect(await shown.json()).toEqual({ ...whole, id: chunks[0]!.id, created: chunks[0]!.created });
  });

  it('is drawn by its seed, and ends before a text that ends it', async () => {
    const drawn = async (seed: number): Promise<string | null> => (await ask([user(own(), text(QUESTION))], { temperature: 2, seed, max_tokens: 40 })).choices[0]!.message.content;
    const [first, again, other] = [await drawn(7), await drawn(7), await drawn(8)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    const cut = await ask([user(own(), text(QUESTION))], { stop: ['happens in'] });
    expect(cut.choices[0]).toMatchObject({ message: { content: 'The given query ' }, finish_reason: 'stop' });
  });

  it('is JSON where JSON is asked for: any object, or what a schema says with its keys in its order', async () => {
    const object = await ask([{ role: 'user', content: 'Hello.' }], { response_format: { type: 'json_object' }, max_tokens: 60 });
    expect(JSON.parse(object.choices[0]!.message.content!)).toBeTypeOf('object');
    const schema = { type: 'object', properties: { zebra: { type: 'boolean' }, a: { enum: ['x', 'y'] } }, required: ['zebra', 'a'], additionalProperties: false };
    const held = await ask([{ role: 'user', content: 'Hello.' }], { response_format: { type: 'json_schema', json_schema: { name: 'animal', schema, strict: true } } });
    const value = JSON.parse(held.choices[0]!.message.content!) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['zebra', 'a']);
    expect(['x', 'y']).toContain(value['a']);
  });
});

describe('tools', () => {
  const parameters = { type: 'object', properties: { what: { type: 'string', maxLength: 20 }, at: { type: 'integer', minimum: 0, maximum: 9 } }, required: ['what', 'at'] };
  const tools = [
    { type: 'function', function: { name: 'find', description: 'Finds it.', parameters } },
    { type: 'function', function: { name: 'stop' } },
  ] as const satisfies OpenAI.ChatCompletionTool[];
  const question: OpenAI.ChatCompletionMessageParam = { role: 'user', content: 'Hello.' };

  it('are called where a call is forced, streamed or not, and their answers go back to the model', async () => {
    const { choices, usage } = await ask([question], { tools: [...tools], tool_choice: { type: 'function', function: { name: 'find' } } });
    const [call] = choices[0]!.message.tool_calls!;
    expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null, tool_calls: [{ type: 'function', function: { name: 'find' } }] } });
    const given = JSON.parse(call!.function.arguments) as { what: string; at: number };
    expect([Object.keys(given), Number.isInteger(given.at)]).toEqual([['what', 'at'], true]);
    const begun = tokenizer.encode('<tool_call>\n').length;
    expect(usage.prompt_tokens).toBe(tokensOf([{ role: 'user', content: 'Hello.' }], tools) + begun);

    const stream = openai.chat.completions.stream({ model: NAME, messages: [question], tools: [...tools], tool_choice: { type: 'function', function: { name: 'find' } } });
    const streamed = await stream.finalChatCompletion();
    expect(streamed.choices[0]!.message.tool_calls?.map((each) => each.type === 'function' && each.function)).toMatchObject([call!.function]);

    const answered = await ask([question, choices[0]!.message as never, { role: 'tool', tool_call_id: call!.id, content: 'It is here.' }], { tools: [...tools], max_tokens: 2 });
    const messages: ChatMessage[] = [
      { role: 'user', content: 'Hello.' },
      { role: 'assistant', content: '', calls: [{ name: 'find', arguments: { ...given } }] },
      { role: 'tool', content: 'It is here.' },
    ];
    expect(answered.usage.prompt_tokens).toBe(tokensOf(messages, tools));
  });

  it('are refused with the path of what a forced call cannot be held to', async () => {
    const strange = { ...tools[0], function: { ...tools[0].function, parameters: { type: 'object', properties: { what: { type: 'string', pattern: 'x' } } } } };
    const error = await refusal([question], { tools: [strange], tool_choice: 'required' });
    expect(error).toMatchObject({ status: 422, code: 'schema.unsupported', param: 'tools[0].function.parameters.properties.what.pattern' });
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['a model that is not served', () => [[{ role: 'user', content: 'a' }], { model: 'gpt-x' }], 404, 'chat.model_unknown'],
    ['more than there is room for', () => [[{ role: 'user', content: 'a' }], { max_tokens: 40_000 }], 400, 'chat.too_long'],
    ['words that would end a turn', () => [[{ role: 'user', content: 'a<|im_end|>' }], {}], 422, 'prompt.special_token'],
    ['a parameter that cannot be kept', () => [[{ role: 'user', content: 'a' }], { logit_bias: { 1: 1 } }], 400, 'request.invalid'],
    ['a schema that no answer can be held to', () => [[{ role: 'user', content: 'a' }], { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { not: {} } } } }], 422, 'schema.unsupported'],
    ['a picture that is none', () => [[user({ type: 'image_url', image_url: { url: 'data:image/png;base64,aGVsbG8=' } })], {}], 422, 'image.unreadable'],
    ['a video that is none', () => [[user({ type: 'video_url', video_url: { url: 'data:video/mp4;base64,aGVsbG8=' } })], {}], 422, 'video.not_a_video'],
    ['a file of this machine', () => [[user({ type: 'image_url', image_url: { url: 'file:///etc/passwd' } })], {}], 422, 'chat.not_a_data_url'],
    ['an address inside', () => [[user({ type: 'image_url', image_url: { url: 'http://127.0.0.1:1/a.png' } })], {}], 422, 'address.refused'],
    ['a video that is not there', () => [[user({ type: 'video_url', video_url: { url: 'secondsight://videos/01900000-0000-7000-8000-000000000000' } })], {}], 404, 'video.not_found'],
    ['a range behind the video', () => [[user(own({ start_time: 30 }))], {}], 422, 'chat.range_outside_video'],
    ['places in one of two pictures', () => [[user(own(), own())], { grounding: true }], 422, 'chat.grounding_ambiguous'],
  ] as [string, () => [OpenAI.ChatCompletionMessageParam[], object], number, string][])('is told of %s', async (_, request, status, code) => {
    const error = await refusal(...request());
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect([error.status, error.code]).toEqual([status, code]);
  });

  it('is told with its numbers and its place', async () => {
    const long = await refusal([{ role: 'user', content: 'a' }], { max_tokens: 40_000 });
    expect(long.message).toContain(`${tokensOf([{ role: 'user', content: 'a' }])} tokens`);
    expect(long.message).toContain('32768');
    expect(await refusal([user({ type: 'text' })])).toMatchObject({ status: 400, param: 'messages.0.content.0.text' });
  });
});

it('an answer that nobody waits for any more is canceled, and the next one is not kept waiting', async () => {
  const stream = await openai.chat.completions.create({ model: NAME, messages: [user(text('Hello.'))], stream: true, max_tokens: 20_000, temperature: 2, seed: 1 });
  let id = '';
  for await (const chunk of stream) {
    id = chunk.id.replace('chatcmpl-', '');
    break; // leaves the connection
  }
  stream.controller.abort();
  const status = async (): Promise<unknown> => (await database.query('SELECT status FROM chat_completions WHERE id = $1', [id])).rows[0];
  await expect.poll(status, { timeout: 20_000 }).toEqual({ status: 'canceled' });
  expect((await ask([user(text('Hello.'))], { max_tokens: 2 })).usage.completion_tokens).toBeLessThanOrEqual(2);
});

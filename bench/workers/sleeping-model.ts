// A server of a model that speaks vLLM's protocol and answers after as long as a GPU would take, one window after the other, without computing.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

interface Body {
  readonly max_tokens: number;
  readonly messages: readonly { readonly content: string | readonly { readonly video_url?: { readonly url: string } }[] }[];
  readonly media_io_kwargs?: { readonly video?: { readonly fps?: number } };
  readonly mm_processor_kwargs?: { readonly size?: { readonly longest_edge: number } };
}

const MODEL = 'sleeping';
const CONTEXT_TOKENS = 32_768;
const EVENTS = JSON.stringify([{ start_time: '00:01.00', end_time: '00:03.00', description: 'Something happens.' }]);
const PIXELS_OF_TOKEN = 28 ** 2;

/** Whatever text it is asked about is one token to it, so that a prompt has as many as its frames make. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/v1/models': { data: [{ id: MODEL, max_model_len: CONTEXT_TOKENS }] },
  '/version': { version: '0.33.0' },
  '/tokenize': { count: 1, tokens: [0] },
};

export interface SleepingModel {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startSleepingModel(secondsOfWindow: number): Promise<SleepingModel> {
  let turn: Promise<unknown> = Promise.resolve();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sent = Buffer.concat(await request.toArray()).toString();
    const known = ANSWERS[request.url ?? ''];
    if (known !== undefined) return send(response, known);
    const body = JSON.parse(sent) as Body;
    const isExamination = body.max_tokens === 1;
    if (!isExamination) await (turn = turn.then(() => pause(secondsOfWindow * 1000)));
    send(response, isExamination ? answerTo(body, 'a', rateLogprob(body)) : answerTo(body, EVENTS, -0.1));
  };
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

/** Differs with the time id of the second group of frames, as of a model that is told the rate. */
const rateLogprob = ({ media_io_kwargs: told }: Body): number => -Math.floor(4 / (told?.video?.fps ?? 1)) / 10;

function answerTo(body: Body, text: string, logprob: number): object {
  const scored = { token: text, logprob, bytes: null };
  const choice = { message: { role: 'assistant', content: text }, finish_reason: 'stop', logprobs: { content: [{ ...scored, top_logprobs: [scored] }] } };
  return { choices: [choice], usage: { prompt_tokens: frameTokens(body), completion_tokens: 1 } };
}

/** Two frames are a group, of a token for each square of 28 x 28 pixels. */
function frameTokens({ messages, mm_processor_kwargs: told }: Body): number {
  const parts = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  const frames = parts.reduce((sum, { video_url: video }) => sum + (video ? video.url.split(',').length - 1 : 0), 0);
  return ((frames / 2) * (told?.size?.longest_edge ?? 0)) / PIXELS_OF_TOKEN;
}

function send(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

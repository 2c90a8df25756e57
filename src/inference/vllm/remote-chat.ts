// A conversation with the model of a server: its media are brought to size here, its answer is read as it comes.
import { createHash } from 'node:crypto';
import { AppError } from '../../app-error.js';
import { MarkedText } from '../../model/chat/marked-text.js';
import { gridOf, tokensOf } from '../../model/qwen2-5-vl/patches.js';
import { plainTurns } from '../../model/qwen2-5-vl/prompt.js';
import { abortError } from '../aborted.js';
import { USUAL_NEW_TOKENS } from '../chat-room.js';
import { type ChatMedium, type ChatOptions, type ChatPiece, type ChatRequest, type ChatResult, type ChatToken, type ModelCard, type SeenMedium, type TokenText } from '../inference.js';
import { measurePictureFile, pictureSize, readPicture } from '../pictures.js';
import { type PixelLimits } from '../pixel-limits.js';
import { sightOf } from '../sight.js';
import { toPng } from './picture-files.js';
import { type ScoredToken } from './protocol.js';
import { finishOf } from './remote-window.js';
import { type ServerPool } from './server-pool.js';
import { settleText } from './settled-text.js';
import { type ShownMedium } from './shown-media.js';
import { formFields } from './structured-output.js';
import { layOut, type Question, type VllmServer } from './vllm-server.js';
import { type FrameReader, FRAMES_VERSION } from './window-frames.js';

export interface ChatSetting {
  readonly pool: ServerPool<VllmServer>;
  readonly frames: FrameReader;
  readonly card: ModelCard;
  readonly pixelLimits: PixelLimits;
  readonly pictureLimits: PixelLimits;
}

interface OpenedMedium {
  readonly shown: ShownMedium;
  readonly seen: SeenMedium;
}

/** Throws `chat.too_long`, `chat.rates_differ`, `answer.not_in_form`, `prompt.*`, `image.*`, `window.*`, `inference.*` and what media tools refuse. */
export async function askChat(setting: ChatSetting, request: ChatRequest, options: ChatOptions): Promise<ChatResult> {
  const turns = plainTurns(request.messages, request.tools);
  const opened: OpenedMedium[] = [];
  for (const medium of request.media) opened.push(await open(setting, medium, options));
  requireOneRate(opened);
  const question = { turns, media: opened.map(({ shown }) => shown), begun: request.begun };
  const key = createHash('sha256').update(JSON.stringify(request.messages)).digest('hex');
  let isTold = false;
  const answer = async (server: VllmServer): Promise<ChatResult> => {
    const prompt = layOut(question, server.settings.timing);
    const promptTokens = await server.promptTokens(prompt, options);
    const maxTokens = room(promptTokens, request, server);
    const tell = (piece: ChatPiece): void => {
      isTold = true;
      options.onPiece?.(piece);
    };
    const { pieces, finishReason } = await write(server, { ...question, maxTokens, fields: fieldsOf(request) }, request, { ...options, onPiece: tell });
    const promptHash = createHash('sha256').update(prompt.rendered).digest('hex').slice(0, 16);
    return { model: setting.card, pieces, finishReason, promptTokens, promptHash, media: opened.map(({ seen }) => seen) };
  };
  return setting.pool.run(key, answer, { urgent: true, signal: options.signal, mayRetry: () => !isTold });
}

async function open({ frames, card, pixelLimits, pictureLimits }: ChatSetting, medium: ChatMedium, options: ChatOptions): Promise<OpenedMedium> {
  if (medium.kind === 'image') {
    const original = await measurePictureFile(medium.file);
    const size = pictureSize(original, medium, pictureLimits);
    const grid = gridOf({ frames: 1, ...size });
    const file = await toPng(await readPicture(medium.file, original, size), size);
    return { shown: { kind: 'image', file, size }, seen: { kind: 'image', tokens: tokensOf(grid), size, original, grid } };
  }
  const sight = sightOf(medium, card, pixelLimits, FRAMES_VERSION);
  const { size, grid } = sight;
  const { shown } = await frames.read(medium, sight, { ...options, urgent: true });
  const original = { width: medium.video.width, height: medium.video.height };
  return {
    shown: { kind: 'video', frames: shown.frames, fps: shown.plan.effectiveFps, size },
    seen: { kind: 'video', tokens: tokensOf(grid), size, original, grid, plan: shown.plan },
  };
}

/** A request has one rate for all its videos. */
function requireOneRate(media: readonly OpenedMedium[]): void {
  const rates = [...new Set(media.flatMap(({ shown }) => (shown.kind === 'video' ? [shown.fps] : [])))];
  if (rates.length <= 1) return;
  throw new AppError('chat.rates_differ', `The videos would be shown at ${rates.join(' and ')} frames a second; this model is told one rate for all of them. Give all the same fps, low enough for the longest.`);
}

/** How many tokens the answer may have; told before anything is generated, as a model of this machine does. */
function room(promptTokens: number, { contextTokens, maxNewTokens }: ChatRequest, { model }: VllmServer): number {
  const most = Math.min(contextTokens, model.contextTokens ?? Infinity);
  const left = most - promptTokens;
  if (left >= (maxNewTokens ?? 1)) return maxNewTokens ?? Math.min(left, USUAL_NEW_TOKENS);
  const wanted = maxNewTokens === undefined ? '' : ` and the answer may have ${maxNewTokens}`;
  throw new AppError('chat.too_long', `The messages take ${promptTokens} tokens${wanted}; together there is room for ${most}. Shorten them, or lower fps or max_pixels.`);
}

/** Settings that are left out are those of the checkpoint, which the server knows. */
function fieldsOf({ temperature, topP, seed, topLogprobs, form }: ChatRequest): object {
  return {
    ...(temperature !== undefined && { temperature, ...(temperature > 0 && { top_k: -1, top_p: topP ?? 1 }) }),
    ...(topP !== undefined && { top_p: topP }),
    seed,
    logprobs: true,
    top_logprobs: Math.max(1, topLogprobs),
    ...formFields(form),
  };
}

async function write(server: VllmServer, question: Question, { begun, stop, topLogprobs, form }: ChatRequest, { signal, onPiece, onProgress }: ChatOptions) {
  const pieces: ChatPiece[] = [];
  const tell = (piece: ChatPiece): void => {
    pieces.push(piece);
    onPiece?.(piece);
  };
  const marked = new MarkedText(stop);
  let text = '';
  let finishReason: 'stop' | 'length' | undefined;
  for await (const { choices } of server.stream(question, { signal })) {
    if (signal?.aborted) throw abortError(signal);
    if (pieces.length === 0 && begun !== '') tell({ text: begun, token: undefined });
    for (const choice of choices) {
      const said = choice.delta.content ?? '';
      const isEnd = said === '' && choice.finish_reason === 'stop'; // the token that ends the answer is not part of it
      const tokens = isEnd ? [] : (choice.logprobs?.content ?? []).map((each) => chatToken(each, topLogprobs));
      text += said;
      const { text: released, found } = marked.push(said);
      // what several tokens say together is the first one's
      tokens.forEach((token, k) => tell({ text: k === 0 ? released : '', token }));
      if (tokens.length === 0 && released !== '') tell({ text: released, token: undefined });
      onProgress?.({ stage: 'answer', done: pieces.length, total: question.maxTokens });
      if (found) return { pieces, finishReason: 'stop' as const }; // leaving the loop breaks off the request
      if (choice.finish_reason) finishReason = finishOf(choice);
    }
  }
  if (finishReason === undefined) throw new AppError('inference.reply_invalid', `${server.name} did not say how its answer ended.`);
  // A rest that closes what was cut, where the answer is held to a form
  const settled = settleText(form, text, finishReason === 'length');
  const rest = marked.end() + (settled.text.startsWith(text) ? settled.text.slice(text.length) : '');
  if (rest !== '') tell({ text: rest, token: undefined });
  return { pieces, finishReason: settled.isCut ? ('length' as const) : ('stop' as const) };
}

/** A server does not tell ids. */
function chatToken({ top_logprobs: top, ...token }: ScoredToken & { top_logprobs?: readonly ScoredToken[] | null | undefined }, topLogprobs: number): ChatToken {
  return { id: -1, ...tokenText(token), logprob: token.logprob, top: (top ?? []).slice(0, topLogprobs).map((each) => ({ ...tokenText(each), logprob: each.logprob })) };
}

const tokenText = ({ token, bytes }: ScoredToken): TokenText => ({ text: token, bytes: bytes ?? [...Buffer.from(token)] });

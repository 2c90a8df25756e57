// Answers a conversation: lays out what it shows, refuses what has no room before anything is decoded, then prefills and writes.
import { createHash } from 'node:crypto';
import { AppError } from '../app-error.js';
import { MarkedText } from '../model/chat/marked-text.js';
import { decoderPrompt, type DecoderPrompt } from '../model/qwen2-5-vl/decoder-prompt.js';
import { type GenerationSettings } from '../model/qwen2-5-vl/generation.js';
import { multimodalPositions } from '../model/qwen2-5-vl/mrope.js';
import { type Pads, widenPads } from '../model/qwen2-5-vl/pad-tokens.js';
import { gridOf, tokensOf } from '../model/qwen2-5-vl/patches.js';
import { renderChat } from '../model/qwen2-5-vl/prompt.js';
import { seededRandom } from '../model/qwen2-5-vl/seeded-random.js';
import { generateAnswer } from './answer.js';
import { type AnswerForms } from './answer-forms.js';
import { USUAL_NEW_TOKENS } from './chat-room.js';
import { type ChatMedium, type ChatOptions, type ChatPiece, type ChatRequest, type ChatResult, type ChatToken, type GeneratedToken, type SeenMedium } from './inference.js';
import { type Engine } from './engine.js';
import { encodePicture, measurePictureFile, pictureSize } from './pictures.js';
import { type SeenWindows } from './seen-windows.js';

/** A medium as it will be seen, and how to come by its features, [tokens, hidden]. */
interface LaidOut {
  readonly seen: SeenMedium;
  /** Seconds that a temporal group covers; of a video. */
  readonly secondPerGrid: number;
  look(options: ChatOptions): Promise<{ features: Float32Array; seen: SeenMedium }>;
}

export class ChatAnswerer {
  constructor(
    private readonly engine: Engine,
    private readonly windows: SeenWindows,
    private readonly forms: AnswerForms,
  ) {}

  /** Throws `chat.too_long`, `prompt.*`, `image.*`, `resize.*`, `window.*`, `sampling.*` and what media tools refuse. */
  async run(request: ChatRequest, options: ChatOptions = {}): Promise<ChatResult> {
    const { tokenizer, checkpoint, card } = this.engine;
    const rendered = renderChat(request.messages, { tools: request.tools }) + request.begun;
    const laidOut: LaidOut[] = [];
    for (const medium of request.media) laidOut.push(await this.layOut(medium));
    const pads = widenPads(tokenizer.encode(rendered), checkpoint.config, laidOut.map(({ seen }) => seen.grid));
    const maxNewTokens = this.room(pads.ids.length, request);
    const looked: { features: Float32Array; seen: SeenMedium }[] = [];
    for (const medium of laidOut) looked.push(await medium.look(options));
    const prompt = this.prompt(pads, laidOut, looked.map(({ features }) => features));
    const { pieces, finishReason } = await this.write(prompt, request, { ...options, maxNewTokens });
    return {
      model: card,
      pieces,
      finishReason,
      promptTokens: pads.ids.length,
      promptHash: createHash('sha256').update(rendered).digest('hex').slice(0, 16),
      media: looked.map(({ seen }) => seen),
    };
  }

  private async layOut(medium: ChatMedium): Promise<LaidOut> {
    const { tower, pixelLimits } = this.engine;
    if (medium.kind === 'image') {
      const original = await measurePictureFile(medium.file);
      const size = pictureSize(original, medium, pixelLimits);
      const grid = gridOf({ frames: 1, ...size });
      const seen = { kind: medium.kind, tokens: tokensOf(grid), size, original, grid };
      return { seen, secondPerGrid: 0, look: async () => ({ features: await encodePicture(tower, medium.file, original, size), seen }) };
    }
    const sight = this.windows.sightOf(medium);
    const { size, grid } = sight;
    const original = { width: medium.video.width, height: medium.video.height };
    const seen = { kind: medium.kind, tokens: tokensOf(grid), size, original, grid };
    return {
      seen,
      secondPerGrid: sight.frameGrid.secondPerGrid,
      look: async (options) => {
        const { window } = await this.windows.see(medium, sight, options);
        return { features: window.features, seen: { ...seen, plan: window.plan } };
      },
    };
  }

  /** How many tokens the answer may have. */
  private room(promptTokens: number, { contextTokens, maxNewTokens }: ChatRequest): number {
    const most = Math.min(contextTokens, this.engine.checkpoint.config.text.maxPositionEmbeddings);
    const room = most - promptTokens;
    if (room >= (maxNewTokens ?? 1)) return maxNewTokens ?? Math.min(room, USUAL_NEW_TOKENS);
    const wanted = maxNewTokens === undefined ? '' : ` and the answer may have ${maxNewTokens}`;
    throw new AppError('chat.too_long', `The messages take ${promptTokens} tokens${wanted}; together there is room for ${most}. Shorten them, or lower fps or max_pixels.`);
  }

  private prompt({ ids, starts }: Pads, laidOut: readonly LaidOut[], features: readonly Float32Array[]): DecoderPrompt {
    const { config } = this.engine.checkpoint;
    const [images, videos] = (['image', 'video'] as const).map((kind) => laidOut.filter(({ seen }) => seen.kind === kind)) as [LaidOut[], LaidOut[]];
    const positions = multimodalPositions({
      inputIds: [ids],
      imageGrids: images.map(({ seen }) => seen.grid),
      videoGrids: videos.map(({ seen }) => seen.grid),
      secondPerGrids: videos.map(({ secondPerGrid }) => secondPerGrid),
      tokens: config,
      tokensPerSecond: config.vision.tokensPerSecond,
    });
    const spans = laidOut.map(({ seen }, k) => ({ start: starts[k] ?? 0, rows: seen.tokens, features: features[k] ?? new Float32Array() }));
    return decoderPrompt(ids, positions, spans);
  }

  private async write(prompt: DecoderPrompt, request: ChatRequest, { maxNewTokens, signal, onProgress, onPiece }: ChatOptions & { maxNewTokens: number }) {
    const { decoder, tokenizer, checkpoint } = this.engine;
    const { form, seed, stop, topLogprobs, begun } = request;
    const settings = settingsOf(checkpoint.generation, request);
    const pieces: ChatPiece[] = [];
    const tell = (piece: ChatPiece): void => {
      pieces.push(piece);
      onPiece?.(piece);
    };
    if (begun !== '') tell({ text: begun, token: undefined });
    const marked = new MarkedText(stop);
    const follow = (token: GeneratedToken): boolean => {
      const { text, found } = marked.push(token.text);
      tell({ text, token: this.chatToken(token) });
      return found !== undefined;
    };
    const { finishReason } = await generateAnswer(decoder, tokenizer, prompt, {
      ...{ maxNewTokens, settings, topLogprobs, follow, signal },
      held: form && this.forms.hold(form, { maxTokens: maxNewTokens, endIds: settings.eosTokenIds }),
      random: seededRandom(seed),
      onToken: (tokens) => onProgress?.({ stage: 'answer', done: tokens, total: maxNewTokens }),
    });
    const rest = marked.end();
    if (rest !== '') tell({ text: rest, token: undefined });
    return { pieces, finishReason };
  }

  private chatToken({ id, logprob, top = [] }: GeneratedToken): ChatToken {
    const { tokenizer } = this.engine;
    return { id, logprob, ...tokenizer.textOf(id), top: top.map((each) => ({ ...tokenizer.textOf(each.id), logprob: each.logprob })) };
  }
}

/** As a caller wants it: a temperature turns sampling on, over all tokens, and 0 turns it off. */
function settingsOf(own: GenerationSettings, { temperature, topP }: ChatRequest): GenerationSettings {
  const settings = { ...own, topP: topP ?? own.topP };
  if (temperature === undefined) return settings;
  if (temperature === 0) return { ...settings, doSample: false };
  return { ...settings, doSample: true, temperature, topK: 0, topP: topP ?? 1 };
}

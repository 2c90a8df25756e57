// Answers the prompts of a window. What was seen of a window is looked for in memory, then on disk, before its video is opened.
import { createHash } from 'node:crypto';
import { type FrameGrid, layGrid } from '../model/grounding/frame-grid.js';
import { type Random } from '../model/qwen2-5-vl/generation.js';
import { temporalIds } from '../model/qwen2-5-vl/mrope.js';
import { seededRandom } from '../model/qwen2-5-vl/seeded-random.js';
import { type Size } from '../model/qwen2-5-vl/smart-resize.js';
import { type Media } from '../platform/media/index.js';
import { chooseAnswer, generateAnswer } from './answer.js';
import { AnswerForms } from './answer-forms.js';
import { encodeWindow } from './encoded-window.js';
import { type Engine } from './engine.js';
import { type FeatureCache } from './feature-cache.js';
import { RECORD_VERSION, type SeenWindow } from './feature-record.js';
import { type RunOptions, type WindowAnswer, type WindowPrompt, type WindowRequest, type WindowResult } from './inference.js';
import { frameSize } from './pixel-limits.js';
import { PrefixCache } from './prefix-cache.js';
import { WindowPrompts } from './window-prompts.js';

export interface AnswererOptions {
  /** Absent where nothing is kept on disk. */
  readonly features?: FeatureCache | undefined;
  readonly prefixBytes: number;
}

/** What is to be seen of a window, laid out before any picture is decoded, and its name among all windows of all videos. */
interface Sight {
  readonly frameGrid: FrameGrid;
  readonly size: Size;
  readonly key: string;
}

export class WindowAnswerer {
  /** The window that the decoder's own cache is about. */
  private hot: { readonly key: string; readonly window: SeenWindow } | undefined;
  private readonly prefixes: PrefixCache;
  private readonly prompts: WindowPrompts;
  private readonly forms: AnswerForms;

  constructor(
    readonly engine: Engine,
    private readonly media: Media,
    private readonly options: AnswererOptions,
  ) {
    this.prefixes = new PrefixCache(options.prefixBytes);
    this.prompts = new WindowPrompts(engine.tokenizer, engine.checkpoint.config, engine.absoluteTime);
    this.forms = new AnswerForms(engine.tokenizer);
  }

  async run(request: WindowRequest, options: RunOptions = {}): Promise<WindowResult> {
    const { card, checkpoint } = this.engine;
    const sight = this.sightOf(request);
    const { window, seen } = await this.see(request, sight, options);
    const answers: WindowAnswer[] = [];
    for (const prompt of request.prompts) answers.push(await this.answer(window, prompt, sight.key, options));
    // Most windows are described once and never asked about: memory is for those that are looked at again, or are asked a question.
    if (seen === 'disk' || request.prompts.some(({ form }) => form?.kind === 'choice')) this.keep(sight.key, window, request.sweep);
    const { plan, grid, size } = window;
    return {
      model: card,
      plan,
      ...size,
      videoGridThw: grid,
      temporalIds: [...temporalIds(grid[0], this.prompts.secondPerGrid(plan), checkpoint.config.vision.tokensPerSecond)],
      seen,
      answers,
    };
  }

  private sightOf({ contentHash, video, index, startSeconds, endSeconds, sampling }: WindowRequest): Sight {
    const { card, pixelLimits } = this.engine;
    const frameGrid = layGrid(index, { ...sampling, startSeconds, endSeconds, fps: sampling.fps ?? card.fps });
    // Width and height are those a player shows, so that a frame of oblong pixels gets its true shape.
    const size = frameSize({ ...sampling, width: video.width, height: video.height, frames: frameGrid.cells + (frameGrid.cells % 2) }, pixelLimits);
    const { firstCell, cells, effectiveFps } = frameGrid;
    const range = [frameGrid.startSeconds, frameGrid.endSeconds, firstCell, cells, effectiveFps];
    const name = JSON.stringify([RECORD_VERSION, contentHash, video.streamIndex, range, size.width, size.height, card.hash]);
    return { frameGrid, size, key: createHash('sha256').update(name).digest('hex') };
  }

  private async see(request: WindowRequest, sight: Sight, options: RunOptions): Promise<{ window: SeenWindow; seen: WindowResult['seen'] }> {
    const { key } = sight;
    if (this.hot?.key === key) return { window: this.hot.window, seen: 'memory' };
    const kept = this.prefixes.get(key);
    if (kept) {
      this.engine.decoder.takeUp(kept.prefix);
      this.hot = { key, window: kept.window };
      return { window: kept.window, seen: 'memory' };
    }
    this.hot = undefined; // its features need not stay while the next are made
    const record = { contentHash: request.contentHash, name: key };
    const stored = await this.options.features?.get(record);
    const window = stored ?? (await this.encode(request, sight, options));
    if (!stored) await this.options.features?.put(record, window);
    this.hot = { key, window };
    return { window, seen: stored ? 'disk' : 'now' };
  }

  private async encode({ file, video, index }: WindowRequest, { frameGrid, size }: Sight, { signal, onProgress }: RunOptions): Promise<SeenWindow> {
    const { tower, checkpoint } = this.engine;
    const { hiddenSize } = checkpoint.config.text;
    return encodeWindow(this.media, tower, { source: { file, video, index }, frameGrid, size, hiddenSize, signal, onProgress });
  }

  private async answer(
    window: SeenWindow,
    { text, maxNewTokens, form }: WindowPrompt,
    key: string,
    { signal, onProgress }: RunOptions,
  ): Promise<WindowAnswer> {
    const { decoder, tokenizer, checkpoint } = this.engine;
    const { generation: settings } = checkpoint;
    const { prompt, hash } = this.prompts.prompt(text, window);
    const stoppable = { signal, onToken: (tokens: number) => onProgress?.({ stage: 'answer', done: tokens, total: maxNewTokens }) };
    if (form?.kind === 'choice') {
      const chosen = await chooseAnswer(decoder, tokenizer, prompt, { ...stoppable, options: form.options });
      return { ...chosen, promptHash: hash };
    }
    const held = form && this.forms.hold(form, { maxTokens: maxNewTokens, endIds: settings.eosTokenIds });
    const answer = await generateAnswer(decoder, tokenizer, prompt, { ...stoppable, maxNewTokens, settings, held, random: randomFor(key, hash) });
    return { ...answer, promptHash: hash };
  }

  /** Keeps the rows of the window that the decoder was asked about last, where they have room. */
  /** Going round more windows than fit would put each out before it is asked again. */
  private keep(key: string, window: SeenWindow, sweep = 1): void {
    const { decoder } = this.engine;
    if (this.prefixes.get(key) || !this.prefixes.hasRoomFor(sweep * (decoder.prefixBytes + window.features.byteLength))) return;
    const prefix = decoder.copyPrefix();
    if (prefix) this.prefixes.put(key, { window, prefix });
  }
}

/** A checkpoint that samples, too, answers the same when the same window is asked the same again, by whichever worker. */
const randomFor = (key: string, promptHash: string): Random =>
  seededRandom(createHash('sha256').update(`${key} ${promptHash}`).digest().readUInt32LE());

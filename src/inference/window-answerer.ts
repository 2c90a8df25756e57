// Answers the prompts of a window; what was seen of the last window is kept, so that further questions about it cost no decoding.
import { createHash } from 'node:crypto';
import { layGrid } from '../model/grounding/frame-grid.js';
import { decoderPrompt, type DecoderPrompt } from '../model/qwen2-5-vl/decoder-prompt.js';
import { multimodalPositions, temporalIds } from '../model/qwen2-5-vl/mrope.js';
import { type Grid, tokensOf } from '../model/qwen2-5-vl/patches.js';
import { renderChat } from '../model/qwen2-5-vl/prompt.js';
import { type Media } from '../platform/media/index.js';
import { generateAnswer } from './answer.js';
import { type EncodedWindow, encodeWindow } from './encoded-window.js';
import { type Engine } from './engine.js';
import { type RunOptions, type WindowAnswer, type WindowPrompt, type WindowRequest, type WindowResult } from './inference.js';
import { frameSize } from './pixel-limits.js';

export class WindowAnswerer {
  private last: { readonly key: string; readonly window: EncodedWindow } | undefined;

  constructor(
    readonly engine: Engine,
    private readonly media: Media,
  ) {}

  async run(request: WindowRequest, options: RunOptions = {}): Promise<WindowResult> {
    const { card, checkpoint } = this.engine;
    const window = await this.see(request, options);
    const { plan, grid, size } = window;
    const answers: WindowAnswer[] = [];
    for (const prompt of request.prompts) answers.push(await this.answer(window, prompt, options));
    return {
      model: card,
      plan,
      ...size,
      videoGridThw: grid,
      temporalIds: [...temporalIds(grid[0], plan.secondPerGrid, checkpoint.config.vision.tokensPerSecond)],
      seen: 'now',
      answers,
    };
  }

  private async see(request: WindowRequest, options: RunOptions): Promise<EncodedWindow> {
    const { file, video, index, startSeconds, endSeconds, sampling } = request;
    const key = JSON.stringify([file, video.streamIndex, index.pts.length, startSeconds, endSeconds, sampling]);
    if (this.last?.key === key) return this.last.window;
    const { tower, card, pixelLimits, checkpoint } = this.engine;
    const frameGrid = layGrid(index, { ...sampling, startSeconds, endSeconds, fps: sampling.fps ?? card.fps });
    // Width and height are those a player shows, so that a frame of oblong pixels gets its true shape.
    const size = frameSize({ ...sampling, width: video.width, height: video.height, frames: frameGrid.cells + (frameGrid.cells % 2) }, pixelLimits);
    this.last = undefined; // its features need not stay while the next are made
    const hiddenSize = checkpoint.config.text.hiddenSize;
    const window = await encodeWindow(this.media, tower, { source: { file, video, index }, frameGrid, size, hiddenSize, ...options });
    this.last = { key, window };
    return window;
  }

  private async answer(window: EncodedWindow, { text, maxNewTokens }: WindowPrompt, { signal, onProgress }: RunOptions): Promise<WindowAnswer> {
    const { decoder, tokenizer, checkpoint } = this.engine;
    // Spec 1.4; the video comes first, so that all questions about it share their beginning.
    const rendered = renderChat([{ role: 'user', content: [{ type: 'video' }, { type: 'text', text }] }]);
    const answer = await generateAnswer(decoder, tokenizer, this.prompt(rendered, window), {
      ...{ maxNewTokens, signal, settings: checkpoint.generation, random: Math.random },
      onToken: (tokens) => onProgress?.({ stage: 'answer', done: tokens, total: maxNewTokens }),
    });
    return { ...answer, promptHash: createHash('sha256').update(rendered).digest('hex').slice(0, 16) };
  }

  private prompt(rendered: string, { grid, plan, features }: EncodedWindow): DecoderPrompt {
    const { config } = this.engine.checkpoint;
    const { ids, start } = expandPad(this.engine.tokenizer.encode(rendered), config.videoTokenId, grid);
    const positions = multimodalPositions({
      inputIds: [ids],
      videoGrids: [grid],
      secondPerGrids: [plan.secondPerGrid],
      tokens: config,
      tokensPerSecond: config.vision.tokensPerSecond,
    });
    return decoderPrompt(ids, positions, [{ start, rows: tokensOf(grid), features }]);
  }
}

/** Spec 1.4: one pad for each token of the video. Done on ids, which is the same as on text and spares the tokenizer thousands of pads. */
function expandPad(ids: readonly number[], padId: number, grid: Grid): { ids: Int32Array; start: number } {
  const start = ids.indexOf(padId);
  const pads = Array<number>(tokensOf(grid)).fill(padId);
  return { ids: Int32Array.from([...ids.slice(0, start), ...pads, ...ids.slice(start + 1)]), start };
}

// The prompts of windows: one video, then a text, so that all questions to a window share their beginning.
import { createHash } from 'node:crypto';
import { type FramePlan } from '../model/grounding/frame-plan.js';
import { type ModelConfig } from '../model/qwen2-5-vl/config.js';
import { decoderPrompt, type DecoderPrompt } from '../model/qwen2-5-vl/decoder-prompt.js';
import { multimodalPositions } from '../model/qwen2-5-vl/mrope.js';
import { widenPads } from '../model/qwen2-5-vl/pad-tokens.js';
import { tokensOf } from '../model/qwen2-5-vl/patches.js';
import { renderChat } from '../model/qwen2-5-vl/prompt.js';
import { type SeenWindow } from './feature-record.js';
import { type TextTokenizer } from './text-tokenizer.js';

/** A question as the model is given it, with one pad for the whole video. */
interface Rendered {
  readonly ids: readonly number[];
  /** First 16 hex digits of the sha-256 of the rendered text. */
  readonly hash: string;
}

/** Texts whose ids are kept: one question is put to many windows. */
const KEPT_TEXTS = 64;

export class WindowPrompts {
  private readonly rendered = new Map<string, Rendered>();

  constructor(
    private readonly tokenizer: TextTokenizer,
    private readonly config: ModelConfig,
    private readonly absoluteTime = true,
  ) {}

  /** Seconds between groups as positions tell them. */
  secondPerGrid(plan: FramePlan): number {
    return this.absoluteTime ? plan.secondPerGrid : 1 / this.config.vision.tokensPerSecond;
  }

  /** Throws `prompt.special_token`. */
  prompt(text: string, { grid, plan, features }: SeenWindow): { prompt: DecoderPrompt; hash: string } {
    const { config } = this;
    const { ids: short, hash } = this.render(text);
    const { ids, starts: [start = 0] } = widenPads(short, config, [grid]);
    const positions = multimodalPositions({
      inputIds: [ids],
      videoGrids: [grid],
      secondPerGrids: [this.secondPerGrid(plan)],
      tokens: config,
      tokensPerSecond: config.vision.tokensPerSecond,
    });
    return { prompt: decoderPrompt(ids, positions, [{ start, rows: tokensOf(grid), features }]), hash };
  }

  private render(text: string): Rendered {
    const known = this.rendered.get(text);
    if (known) return known;
    const chat = renderChat([{ role: 'user', content: [{ type: 'video' }, { type: 'text', text }] }]);
    const rendered = { ids: this.tokenizer.encode(chat), hash: createHash('sha256').update(chat).digest('hex').slice(0, 16) };
    this.rendered.set(text, rendered);
    const [oldest] = this.rendered.keys();
    if (this.rendered.size > KEPT_TEXTS && oldest !== undefined) this.rendered.delete(oldest);
    return rendered;
  }
}

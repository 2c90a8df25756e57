// Answers the prompts of a window.
import { createHash } from 'node:crypto';
import { type Random } from '../model/qwen2-5-vl/generation.js';
import { temporalIds } from '../model/qwen2-5-vl/mrope.js';
import { seededRandom } from '../model/qwen2-5-vl/seeded-random.js';
import { chooseAnswer, generateAnswer } from './answer.js';
import { type AnswerForms } from './answer-forms.js';
import { type Engine } from './engine.js';
import { type SeenWindow } from './feature-record.js';
import { type RunOptions, type WindowAnswer, type WindowPrompt, type WindowRequest, type WindowResult } from './inference.js';
import { type SeenWindows } from './seen-windows.js';
import { WindowPrompts } from './window-prompts.js';

export class WindowAnswerer {
  private readonly prompts: WindowPrompts;

  constructor(
    private readonly engine: Engine,
    private readonly windows: SeenWindows,
    private readonly forms: AnswerForms,
  ) {
    this.prompts = new WindowPrompts(engine.tokenizer, engine.checkpoint.config, engine.absoluteTime);
  }

  async run(request: WindowRequest, options: RunOptions = {}): Promise<WindowResult> {
    const { card, checkpoint } = this.engine;
    const sight = this.windows.sightOf(request);
    const { window, seen } = await this.windows.see(request, sight, options);
    const answers: WindowAnswer[] = [];
    for (const prompt of request.prompts) answers.push(await this.answer(window, prompt, sight.key, options));
    // Most windows are described once and never asked about: memory is for those that are looked at again, or are asked a question.
    if (seen === 'disk' || request.prompts.some(({ form }) => form?.kind === 'choice')) this.windows.keep(sight.key, window, request.sweep);
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
}

/** A checkpoint that samples, too, answers the same when the same window is asked the same again, by whichever worker. */
const randomFor = (key: string, promptHash: string): Random =>
  seededRandom(createHash('sha256').update(`${key} ${promptHash}`).digest().readUInt32LE());

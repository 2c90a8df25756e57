// Compares packed weights with the checkpoint's own on windows of real videos: what the tower sees, and what the decoder would say.
import { AppError } from '../../app-error.js';
import { largestLogit } from '../../model/qwen2-5-vl/generation.js';
import { type DecoderPrompt } from '../../model/qwen2-5-vl/decoder-prompt.js';
import { type Media } from '../../platform/media/index.js';
import { type Engine } from '../engine.js';
import { type WindowSource } from '../inference.js';
import { SeenWindows } from '../seen-windows.js';
import { WindowPrompts } from '../window-prompts.js';

export interface WeightFigures {
  readonly windows: number;
  /** Tokens of fp32's answers, at each of which both are asked for the next. */
  readonly tokens: number;
  /** Share of those at which the packed weights choose the same token. */
  readonly token_agreement: number;
  /** Share of those at which fp32 is sure of its token and the packed weights choose another. */
  readonly tokens_changed: number;
  /** Root mean square of the differences over that of fp32's numbers. */
  readonly logit_error: number;
  readonly feature_error: number;
}

export interface CheckedWindow {
  readonly source: WindowSource;
  readonly texts: readonly string[];
}

/** Tokens of one answer at most. */
const ANSWER_TOKENS = 96;

/** Where fp32's first token leads its second by less, a sum in another order may turn them around. */
const TIE = 0.1; // of a logit: odds of 1.1

/** How often packed weights choose another token than fp32, counted over the logits of both at the same places. */
export class TokenCount {
  private tokens = 0;
  private agreed = 0;
  private changed = 0;

  add(expected: Float32Array, actual: Float32Array): void {
    this.tokens++;
    if (largestLogit(actual) === largestLogit(expected)) this.agreed++;
    else if (leadOf(expected) >= TIE) this.changed++;
  }

  /** Throws `weights.nothing_compared` where nothing was added. */
  get figures(): Pick<WeightFigures, 'tokens' | 'token_agreement' | 'tokens_changed'> {
    const { tokens, agreed, changed } = this;
    if (tokens === 0) throw new AppError('weights.nothing_compared', 'There is no token to compare the weights at: no window of the clips was asked about.');
    return { tokens, token_agreement: agreed / tokens, tokens_changed: changed / tokens };
  }
}

/** Throws `weights.nothing_compared` where there are no windows. */
export async function compareEngines(media: Media, exact: Engine, packed: Engine, windows: readonly CheckedWindow[], onWindow: () => void): Promise<WeightFigures> {
  const features = new ErrorSum();
  const logits = new ErrorSum();
  const tokens = new TokenCount();
  for (const { source, texts } of windows) {
    const [seen, other] = [await seenBy(exact, media, source), await seenBy(packed, media, source)];
    features.add(seen.features, other.features);
    for (const text of texts) {
      const answer = await greedyAnswer(exact, promptsOf(exact).prompt(text, seen).prompt);
      const along = await logitsAlong(packed, promptsOf(packed).prompt(text, other).prompt, answer.ids);
      for (const [k, expected] of answer.logits.entries()) {
        const actual = along[k] ?? new Float32Array();
        logits.add(expected, actual);
        tokens.add(expected, actual);
      }
    }
    onWindow();
  }
  return { windows: windows.length, ...tokens.figures, logit_error: logits.relative, feature_error: features.relative };
}

/** Of the largest before the second. */
function leadOf(logits: Float32Array): number {
  let [first, second] = [-Infinity, -Infinity];
  for (const logit of logits) {
    if (logit > first) [first, second] = [logit, first];
    else if (logit > second) second = logit;
  }
  return first - second;
}

const promptsOf = ({ tokenizer, checkpoint }: Engine): WindowPrompts => new WindowPrompts(tokenizer, checkpoint.config);

async function seenBy(engine: Engine, media: Media, source: WindowSource) {
  const windows = new SeenWindows(engine, media, { prefixBytes: 0 });
  return (await windows.see(source, windows.sightOf(source), {})).window;
}

/** The likeliest tokens, and the logits that each was chosen from. */
async function greedyAnswer({ decoder, checkpoint }: Engine, prompt: DecoderPrompt): Promise<{ ids: number[]; logits: Float32Array[] }> {
  const ids: number[] = [];
  const logits = [await decoder.prefill(prompt, { room: ANSWER_TOKENS })];
  for (;;) {
    const id = largestLogit(logits.at(-1) ?? new Float32Array());
    ids.push(id);
    if (ids.length === ANSWER_TOKENS || checkpoint.generation.eosTokenIds.includes(id)) return { ids, logits };
    logits.push(await decoder.step(id));
  }
}

/** The logits at each place of an answer that is given. */
async function logitsAlong({ decoder }: Engine, prompt: DecoderPrompt, ids: readonly number[]): Promise<Float32Array[]> {
  const logits = [await decoder.prefill(prompt, { room: ANSWER_TOKENS })];
  for (const id of ids.slice(0, -1)) logits.push(await decoder.step(id));
  return logits;
}

class ErrorSum {
  private difference = 0;
  private size = 0;

  add(expected: Float32Array, actual: Float32Array): void {
    for (let k = 0; k < expected.length; k++) {
      this.difference += (actual[k]! - expected[k]!) ** 2;
      this.size += expected[k]! ** 2;
    }
  }

  get relative(): number {
    return Math.sqrt(this.difference / this.size);
  }
}

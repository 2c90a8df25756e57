// One question to one window: sent to a server, and its answer read as a model of this machine would give it.
import { createHash } from 'node:crypto';
import { AppError } from '../../app-error.js';
import { type PlainTurn, plainTurns, renderTurns } from '../../model/qwen2-5-vl/prompt.js';
import { type RunOptions, type WindowAnswer, type WindowPrompt } from '../inference.js';
import { type Completion } from './protocol.js';
import { type ServerPool } from './server-pool.js';
import { settleText } from './settled-text.js';
import { type ShownVideo } from './shown-media.js';
import { formFields } from './structured-output.js';
import { tokenTexts } from './token-texts.js';
import { type VllmServer } from './vllm-server.js';
import { type WindowFrames } from './window-frames.js';

interface AskedWindow {
  /** The window's own: its questions prefer one server. */
  readonly key: string;
  readonly shown: WindowFrames;
  readonly prompt: WindowPrompt;
}

interface Asked {
  readonly turns: readonly PlainTurn[];
  readonly video: ShownVideo;
  readonly signal: AbortSignal | undefined;
}

/** Most alternatives that a server tells unless it was started otherwise. */
const MOST_ALTERNATIVES = 20;

/** Throws `answer.not_in_form`, `choice.ambiguous`, `prompt.*` and `inference.*`. */
export async function askWindow(pool: ServerPool<VllmServer>, { key, shown, prompt }: AskedWindow, { signal, urgent, onProgress }: RunOptions): Promise<WindowAnswer> {
  const { text, form, maxNewTokens } = prompt;
  const turns = plainTurns([{ role: 'user', content: [{ type: 'video' }, { type: 'text', text }] }]);
  const video: ShownVideo = { kind: 'video', frames: shown.frames, fps: shown.plan.effectiveFps, size: shown.size };
  onProgress?.({ stage: 'answer', done: 0, total: maxNewTokens });
  const ask = (server: VllmServer): Promise<Omit<WindowAnswer, 'promptHash'>> => {
    const asked = { turns, video, signal };
    return form?.kind === 'choice' ? choose(server, asked, form.options) : write(server, asked, { ...prompt, form });
  };
  const answer = await pool.run(key, ask, { urgent, signal });
  return { ...answer, promptHash: createHash('sha256').update(renderTurns(turns)).digest('hex').slice(0, 16) };
}

type WrittenPrompt = WindowPrompt & { readonly form: Exclude<WindowPrompt['form'], { kind: 'choice' }> };

async function write(server: VllmServer, { turns, video, signal }: Asked, { form, maxNewTokens }: WrittenPrompt): Promise<Omit<WindowAnswer, 'promptHash'>> {
  const fields = { temperature: 0, logprobs: true, top_logprobs: 1, ...formFields(form) };
  const { choices } = await server.ask({ turns, media: [video], maxTokens: maxNewTokens, fields }, { signal });
  const [choice] = choices;
  const { text, isCut } = settleText(form, choice?.message.content ?? '', finishOf(choice) === 'length');
  return { text, tokens: tokenTexts(text, choice?.logprobs?.content ?? []), finishReason: isCut ? 'length' : 'stop' };
}

export function finishOf(choice: Pick<Completion['choices'][number], 'finish_reason'> | undefined): 'stop' | 'length' {
  const reason = choice?.finish_reason;
  if (reason === 'stop' || reason === 'length') return reason;
  throw new AppError('inference.reply_invalid', `The server of the model ended its answer for a reason that is not known: ${String(reason)}.`);
}

/**
 * Nothing is generated but one token, whose alternatives are looked at. A server that is told which tokens tells exactly those; an old one
 * tells the likeliest, and an option that is not among them is at most as likely as the last of them.
 */
async function choose(server: VllmServer, { turns, video, signal }: Asked, options: readonly string[]): Promise<Omit<WindowAnswer, 'promptHash'>> {
  const ids = await Promise.all(options.map(async (option) => (await server.tokens(option, { signal }))[0] ?? -1));
  if (ids.length === 0 || ids.includes(-1) || new Set(ids).size < ids.length) {
    throw new AppError('choice.ambiguous', `The options ${options.map((option) => JSON.stringify(option)).join(', ')} must begin with different tokens.`);
  }
  const fields = { temperature: 0, logprobs: true, top_logprobs: MOST_ALTERNATIVES, logprob_token_ids: ids, return_tokens_as_token_ids: true };
  const { choices } = await server.ask({ turns, media: [video], maxTokens: 1, fields }, { signal });
  const [first] = choices[0]?.logprobs?.content ?? [];
  const told = new Map([...(first?.top_logprobs ?? []), ...(first ? [first] : [])].map(({ token, logprob }) => [token, logprob]));
  if (told.size === 0) throw new AppError('inference.reply_invalid', `${server.name} tells no probabilities of an answer.`);
  const least = Math.min(...told.values());
  const scored = options.map((text, k) => ({ text, logprob: told.get(`token_id:${ids[k]}`) ?? least }));
  const best = scored.reduce((likeliest, each) => (each.logprob > likeliest.logprob ? each : likeliest));
  return { text: best.text, tokens: [{ id: ids[scored.indexOf(best)] ?? -1, ...best }], finishReason: 'stop', choices: scored };
}

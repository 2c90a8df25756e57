// What a server must show before it is asked anything: that it has the model, sees every frame, and tells the seconds between them apart.
import { randomUUID } from 'node:crypto';
import { AppError } from '../../app-error.js';
import { type PlainTurn, plainTurns } from '../../model/qwen2-5-vl/prompt.js';
import { type Size, smartResize } from '../../model/qwen2-5-vl/smart-resize.js';
import { type PixelLimits } from '../pixel-limits.js';
import { type SendOptions } from './connection.js';
import { isTooOld } from './server-version.js';
import { type ShownVideo } from './shown-media.js';
import { testPictures } from './test-pictures.js';
import { type VllmServer } from './vllm-server.js';

/** Longest that a server may take for one answer while it is examined: all of them are a single token. */
const PATIENCE_MS = 60_000;
const PICTURE = { width: 448, height: 252 };
/** More frames than a server keeps that is told nothing of their number. */
const MANY = 40;
/** Tries of the comparison: a server at work for others computes a little differently each time. */
const ROUNDS = 3;
/** Logarithms of probabilities that differ by no more than this are the same. */
const SAME = 0.005;
/** How much more than chance a difference must be. */
const CLEARLY = 3;

const TURNS: readonly PlainTurn[] = plainTurns([
  { role: 'user', content: [{ type: 'video' }, { type: 'text', text: 'How long is this clip in seconds? Digits only.' }] },
]);

export interface ExaminationOptions {
  readonly pixelLimits: PixelLimits;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Throws `inference.server_too_old`, `inference.frames_lost` or `inference.timing_lost` for a server whose times would be wrong, and what
 * `VllmServer` throws for one that is not there.
 */
export async function examine(server: VllmServer, { pixelLimits, signal }: ExaminationOptions): Promise<void> {
  const options = { signal, timeoutMs: PATIENCE_MS };
  await server.look(options);
  const size = smartResize({ ...PICTURE, ...pixelLimits });
  const { timing } = server.settings;
  if (timing === 'video') await requireVersion(server, options);
  const pictures = await testPictures(MANY, size);
  const probe = new Probe(server, size, options);
  await probe.logprobs(pictures.slice(0, 2), 2);
  await probe.logprobs(pictures, 2);
  if (timing === 'video') await requireTiming(probe, pictures.slice(0, 4), server);
}

async function requireVersion(server: VllmServer, options: SendOptions): Promise<void> {
  const version = await server.version(options);
  if (version === undefined || !isTooOld(version)) return;
  const message = `${server.name} is vLLM ${version}, which loses the seconds between frames; from 0.31 on it keeps them. With VLLM_TIMING=marks it can be used as it is.`;
  throw new AppError('inference.server_too_old', message, { details: { version } });
}

/**
 * Four frames are two groups, and the second has the time id floor(4 / fps): at 2 and at 1.34 frames a second the model is shown the very
 * same, at 1.33 and at 1 it is not. So a server keeps time when the first two answers are alike and the others are not.
 */
async function requireTiming(probe: Probe, pictures: readonly Uint8Array[], server: VllmServer): Promise<void> {
  const seen: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [first, again, same, next, far] = await probe.rates(pictures, [2, 2, 1.34, 1.33, 1]);
    const chance = Math.max(SAME, distance(first, again), distance(first, same));
    const told = Math.min(distance(first, next), distance(first, far));
    if (told > CLEARLY * chance) return;
    seen.push(`${told.toFixed(4)} against ${chance.toFixed(4)}`);
  }
  const message = `${server.name} answers alike whatever the rate of the frames (differences ${seen.join(', ')}): it loses the seconds between them. With VLLM_TIMING=marks it can be used as it is.`;
  throw new AppError('inference.timing_lost', message);
}

/** Natural logarithms of the probabilities of the likeliest first tokens. */
type Likely = ReadonlyMap<string, number>;

class Probe {
  constructor(
    private readonly server: VllmServer,
    private readonly size: Size,
    private readonly options: SendOptions,
  ) {}

  async rates(frames: readonly Uint8Array[], rates: readonly number[]): Promise<[Likely, Likely, Likely, Likely, Likely]> {
    const answers: Likely[] = [];
    for (const fps of rates) answers.push(await this.logprobs(frames, fps));
    return answers as [Likely, Likely, Likely, Likely, Likely];
  }

  /** The salt keeps the server from answering out of its cache. */
  async logprobs(frames: readonly Uint8Array[], fps: number): Promise<Likely> {
    const video: ShownVideo = { kind: 'video', frames, fps, size: this.size };
    const fields = { temperature: 0, logprobs: true, top_logprobs: 20, cache_salt: randomUUID() };
    const reply = await this.server.ask({ turns: TURNS, media: [video], maxTokens: 1, fields }, this.options);
    const top = reply.choices[0]?.logprobs?.content?.[0]?.top_logprobs ?? [];
    if (top.length === 0) throw new AppError('inference.server_misconfigured', `${this.server.name} tells no probabilities: it must run with --max-logprobs 20.`);
    return new Map(top.map(({ token, logprob }) => [token, logprob]));
  }
}

/** The largest difference of what both tell. */
function distance(a: Likely, b: Likely): number {
  const shared = [...a].flatMap(([token, logprob]) => (b.has(token) ? [Math.abs(logprob - (b.get(token) ?? logprob))] : []));
  return shared.length === 0 ? Infinity : Math.max(...shared);
}

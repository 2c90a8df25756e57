// The inference port over vLLM servers: frames are decoded here, and everything that costs a model is asked of them.
import { AppError } from '../../app-error.js';
import { temporalIds } from '../../model/qwen2-5-vl/mrope.js';
import { type Timing } from '../../platform/config/remote-model.js';
import { type Media } from '../../platform/media/index.js';
import { unlessAborted } from '../aborted.js';
import { type FeatureCache } from '../feature-cache.js';
import { type ChatOptions, type ChatRequest, type ChatResult, type Inference, type ModelCard, type RunOptions, type WindowAnswer, type WindowRequest, type WindowResult } from '../inference.js';
import { sightOf } from '../sight.js';
import { examine } from './examination.js';
import { type CardNotes, readCardNotes, remoteCard } from './remote-card.js';
import { askChat } from './remote-chat.js';
import { askWindow } from './remote-window.js';
import { type PoolSettings, ServerPool } from './server-pool.js';
import { type ServerSettings, VllmServer } from './vllm-server.js';
import { FrameReader, FRAMES_VERSION, type WindowFrames } from './window-frames.js';

export interface VllmSettings {
  readonly servers: readonly ServerSettings[];
  readonly timing: Timing;
  readonly cardDirectory: string | undefined;
  readonly pool: PoolSettings;
  readonly media: Media;
  readonly kept: FeatureCache<WindowFrames>;
}

/**
 * No features and no prefixes are kept here: a server keeps the prefixes of the windows it saw last, and what is kept on disk are frames, so
 * that a question costs no decoding. A server that is not known to keep time is never asked.
 */
export class VllmInference implements Inference {
  private readonly pool: ServerPool<VllmServer>;
  private readonly frames: FrameReader;
  private notes: CardNotes | undefined;
  /** The model of the first server that passed: all must have the same. */
  private id: string | undefined;

  constructor(private readonly settings: VllmSettings) {
    const servers = settings.servers.map((server) => new VllmServer(server));
    this.pool = new ServerPool(servers, (server, signal) => this.examine(server, signal), settings.pool);
    this.frames = new FrameReader(settings.media, settings.kept);
  }

  /** Rejects with `inference.no_server`, which says what is wrong with each, and with `checkpoint.*` for a folder of notes that cannot be read. */
  async model(): Promise<ModelCard> {
    return (await this.known()).card;
  }

  async run(request: WindowRequest, options: RunOptions = {}): Promise<WindowResult> {
    return unlessAborted(this.look(request, { ...options, signal: this.signal(options.signal) }), options.signal);
  }

  async chat(request: ChatRequest, options: ChatOptions = {}): Promise<ChatResult> {
    const own = { ...options, signal: this.signal(options.signal) };
    const answer = async (): Promise<ChatResult> => {
      const known = await this.known();
      return askChat({ pool: this.pool, frames: this.frames, ...known }, request, own);
    };
    return unlessAborted(answer(), options.signal);
  }

  close(): Promise<void> {
    this.pool.close();
    return Promise.resolve();
  }

  private async look(request: WindowRequest, options: RunOptions): Promise<WindowResult> {
    const { card, pixelLimits } = await this.known();
    const sight = sightOf(request, card, pixelLimits, FRAMES_VERSION);
    options.onTurn?.();
    const { shown, seen } = await this.frames.read(request, sight, options);
    const { plan, size } = shown;
    const answers: WindowAnswer[] = [];
    // One after the other: the second finds the window in the server's cache.
    for (const prompt of request.prompts) answers.push(await askWindow(this.pool, { key: sight.key, shown, prompt }, options));
    const groups = sight.grid[0];
    const ids = this.settings.timing === 'video' ? [...temporalIds(groups, plan.secondPerGrid, card.tokensPerSecond)] : Array.from({ length: groups }, () => 0);
    return { model: card, plan, ...size, videoGridThw: sight.grid, temporalIds: ids, seen, answers };
  }

  private async known(): Promise<{ card: ModelCard } & CardNotes> {
    const notes = (this.notes ??= await readCardNotes(this.settings.cardDirectory));
    await this.pool.ready();
    const { servers, timing } = this.settings;
    const room = this.pool.fit.flatMap(({ model }) => model.contextTokens ?? []);
    const contextTokens = room.length > 0 ? Math.min(...room) : undefined;
    return { ...notes, card: remoteCard({ id: this.id ?? '', urls: servers.map(({ url }) => url), timing, contextTokens }, notes) };
  }

  private async examine(server: VllmServer, signal: AbortSignal): Promise<void> {
    const { pixelLimits } = this.notes ?? (await readCardNotes(this.settings.cardDirectory));
    await examine(server, { pixelLimits, signal });
    this.id ??= server.model.id;
    if (server.model.id === this.id) return;
    throw new AppError('inference.server_misconfigured', `${server.name} serves ${server.model.id}, and another server ${this.id}: they must serve one model.`);
  }

  private signal(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.pool.closing]) : this.pool.closing;
  }
}

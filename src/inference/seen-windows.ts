// What the model sees of windows of videos: looked for in memory, then on disk, before a video is opened.
import { type Media } from '../platform/media/index.js';
import { encodeWindow } from './encoded-window.js';
import { type Engine } from './engine.js';
import { type FeatureCache } from './feature-cache.js';
import { requireFile } from './file-needed.js';
import { RECORD_VERSION, type SeenWindow } from './feature-record.js';
import { type RunOptions, type WindowResult, type WindowSource } from './inference.js';
import { PrefixCache } from './prefix-cache.js';
import { type Sight, sightOf } from './sight.js';

export interface SeenWindowsOptions {
  /** Absent where nothing is kept on disk. */
  readonly features?: FeatureCache<SeenWindow> | undefined;
  readonly prefixBytes: number;
}

export class SeenWindows {
  /** The window that the decoder's own cache is about. */
  private hot: { readonly key: string; readonly window: SeenWindow } | undefined;
  private readonly prefixes: PrefixCache;

  constructor(
    private readonly engine: Engine,
    private readonly media: Media,
    private readonly options: SeenWindowsOptions,
  ) {
    this.prefixes = new PrefixCache(options.prefixBytes);
  }

  sightOf(source: WindowSource): Sight {
    return sightOf(source, this.engine.card, this.engine.pixelLimits, RECORD_VERSION);
  }

  async see(source: WindowSource, sight: Sight, options: RunOptions): Promise<{ window: SeenWindow; seen: WindowResult['seen'] }> {
    const { key } = sight;
    if (this.hot?.key === key) return { window: this.hot.window, seen: 'memory' };
    const kept = this.prefixes.get(key);
    if (kept) {
      this.engine.decoder.takeUp(kept.prefix);
      this.hot = { key, window: kept.window };
      return { window: kept.window, seen: 'memory' };
    }
    this.hot = undefined; // its features need not stay while the next are made
    const record = { contentHash: source.contentHash, name: key };
    const stored = await this.options.features?.get(record);
    const window = stored ?? (await this.encode(source, sight, options));
    if (!stored) await this.options.features?.put(record, window);
    this.hot = { key, window };
    return { window, seen: stored ? 'disk' : 'now' };
  }

  /**
   * Keeps the rows of the window that the decoder was asked about last, where they have room. Going round more windows than fit would put
   * each out before it is asked again: `sweep` is how many are asked alike.
   */
  keep(key: string, window: SeenWindow, sweep = 1): void {
    const { decoder } = this.engine;
    if (this.prefixes.get(key) || !this.prefixes.hasRoomFor(sweep * (decoder.prefixBytes + window.features.byteLength))) return;
    const prefix = decoder.copyPrefix();
    if (prefix) this.prefixes.put(key, { window, prefix });
  }

  private async encode(source: WindowSource, { frameGrid, size }: Sight, { signal, onProgress }: RunOptions): Promise<SeenWindow> {
    const { tower, checkpoint } = this.engine;
    const { hiddenSize } = checkpoint.config.text;
    return encodeWindow(this.media, tower, { source: { ...source, file: requireFile(source) }, frameGrid, size, hiddenSize, signal, onProgress });
  }
}
